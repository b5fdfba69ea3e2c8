//! The files of an image layout: blocking reading and writing.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use skeg_files::Readers;
use skeg_oci::layout::{self, BLOBS_DIRECTORY, INDEX_FILE, MARKER_CONTENT, MARKER_FILE};
use skeg_oci::{Descriptor, Digest, ImageIndex, Manifest, RawManifest, TagOrDigest};
use tempfile::NamedTempFile;

use crate::blob::BlobSource;
use crate::error::{FetchBlobError, PushBlobError};
use crate::layout::LayoutError;
use crate::layout::copy::{CopyError, copy, copy_source, read_limited};
use crate::manifest::{MANIFEST_LIMIT, sniff};
use crate::reporter::Transfer;

/// How large `index.json` may be.
const INDEX_LIMIT: u64 = 64 * 1024 * 1024;

/// The file whose lock the writers of the index take. It stays, since removing it would let two writers lock two files.
const LOCK_FILE: &str = ".index.lock";

/// The directory of a layout, which need not exist yet.
#[derive(Clone, Debug)]
pub(crate) struct Directory {
    path: Arc<Path>,
}

impl Directory {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path: path.into() }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the index; `None` when there is no layout.
    pub(crate) fn read_index(&self) -> Result<Option<ImageIndex>, LayoutError> {
        let path = self.path.join(INDEX_FILE);
        let file = match fs_err::File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(self.read_error(source)),
        };
        let json = read_limited(file, INDEX_LIMIT).map_err(|source| self.read_error(source))?;
        let Some(json) = json else {
            return Err(LayoutError::TooLarge {
                path,
                limit: INDEX_LIMIT,
            });
        };
        match serde_json::from_slice(&json) {
            Ok(index) => Ok(Some(index)),
            Err(source) => Err(LayoutError::Malformed { path, source }),
        }
    }

    /// Reads the manifest of a tag or a digest; `None` when there is none.
    pub(crate) fn read_manifest(&self, target: &TagOrDigest) -> Result<Option<RawManifest>, LayoutError> {
        let Some(index) = self.read_index()? else {
            return Ok(None);
        };
        let (digest, listed) = match target {
            TagOrDigest::Tag(tag) => match layout::find_tag(&index, tag) {
                Some(entry) => (entry.digest.clone(), Some(entry)),
                None => return Ok(None),
            },
            TagOrDigest::Digest(digest) => {
                let listed = index.manifests.iter().find(|entry| entry.digest == *digest);
                (digest.clone(), listed)
            }
        };
        let bytes = self.read_manifest_file(&digest)?;
        let is_listed = listed.is_some();
        let media_type = listed.map(|entry| entry.media_type.clone());
        let manifest = bytes.and_then(|bytes| {
            let media_type = media_type.or_else(|| sniff(&bytes))?;
            Some(RawManifest::new(media_type, bytes))
        });
        match manifest {
            Some(manifest) if digest.matches(manifest.bytes()) => Ok(Some(manifest)),
            None if !is_listed => Ok(None),
            _ => Err(LayoutError::MissingManifest {
                directory: self.path.to_path_buf(),
                digest,
            }),
        }
    }

    pub(super) fn read_manifest_file(&self, digest: &Digest) -> Result<Option<Vec<u8>>, LayoutError> {
        match fs_err::File::open(self.blob_path(digest)) {
            Ok(file) => read_limited(file, MANIFEST_LIMIT).map_err(|source| self.read_error(source)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(self.read_error(source)),
        }
    }

    /// Tells whether the blob is there, in its full size.
    pub(crate) fn has_blob(&self, blob: &Descriptor) -> bool {
        let metadata = fs_err::metadata(self.blob_path(&blob.digest));
        metadata.is_ok_and(|metadata| metadata.is_file() && metadata.len() == blob.size)
    }

    /// Reads a blob into memory.
    pub(crate) fn read_blob(&self, blob: &Descriptor) -> Result<Bytes, FetchBlobError> {
        let mut bytes = Vec::new();
        let copied = copy(blob, self.open_blob(blob)?, &mut bytes, |_| ());
        copied.map_err(|error| self.fetch_error(blob, error))?;
        Ok(bytes.into())
    }

    /// Copies a blob to a file.
    pub(crate) fn copy_blob_to(
        &self,
        blob: &Descriptor,
        mut to: File,
        transfer: &Transfer,
    ) -> Result<File, FetchBlobError> {
        let from = self.open_blob(blob)?;
        let rewound = to.seek(SeekFrom::Start(0)).and_then(|_| to.set_len(0));
        let copied = rewound
            .map_err(CopyError::Write)
            .and_then(|()| copy(blob, from, &mut to, |bytes| transfer.progress(bytes)));
        copied.map_err(|error| self.fetch_error(blob, error))?;
        Ok(to)
    }

    fn fetch_error(&self, blob: &Descriptor, error: CopyError) -> FetchBlobError {
        let digest = blob.digest.clone();
        match error {
            CopyError::Read(source) => self.read_error(source).into(),
            CopyError::Write(source) => FetchBlobError::Write { digest, source },
            CopyError::Size(actual) => FetchBlobError::SizeMismatch {
                digest,
                expected: blob.size,
                actual,
            },
            CopyError::Digest(actual) => FetchBlobError::DigestMismatch {
                expected: digest,
                actual,
            },
        }
    }

    fn open_blob(&self, blob: &Descriptor) -> Result<fs_err::File, FetchBlobError> {
        let opened = fs_err::File::open(self.blob_path(&blob.digest));
        let file = opened.map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => FetchBlobError::NotFound {
                digest: blob.digest.clone(),
                source: None,
            },
            _ => self.read_error(source).into(),
        })?;
        let size = file.metadata().map_err(|source| self.read_error(source))?.len();
        if size == blob.size {
            return Ok(file);
        }
        Err(FetchBlobError::SizeMismatch {
            digest: blob.digest.clone(),
            expected: blob.size,
            actual: size,
        })
    }

    /// Stores a blob, which appears when it is whole.
    pub(crate) fn write_blob(
        &self,
        blob: &Descriptor,
        source: &BlobSource,
        transfer: &Transfer,
    ) -> Result<(), PushBlobError> {
        self.ensure_layout()?;
        let mut temporary = self.temporary_file()?;
        let copied = copy_source(blob, source, temporary.as_file_mut(), transfer);
        copied.map_err(|error| self.push_error(blob, source, error))?;
        Ok(self.persist(temporary, &self.blob_path(&blob.digest))?)
    }

    fn push_error(&self, blob: &Descriptor, source: &BlobSource, error: CopyError) -> PushBlobError {
        match error {
            CopyError::Size(_) | CopyError::Digest(_) => PushBlobError::SourceMismatch {
                digest: blob.digest.clone(),
            },
            CopyError::Read(error) => PushBlobError::ReadSource {
                path: source.path().unwrap_or(&self.path).to_path_buf(),
                source: Arc::new(error),
            },
            CopyError::Write(error) => self.write_error(error).into(),
        }
    }

    /// Stores a manifest and lists it in the index, under its tag if there is one. What it lists itself is then listed
    /// there alone, unless it has a tag.
    pub(crate) fn write_manifest(
        &self,
        manifest: &RawManifest,
        target: &TagOrDigest,
    ) -> Result<(), LayoutError> {
        self.ensure_layout()?;
        let mut descriptor = manifest.descriptor();
        if let TagOrDigest::Digest(digest) = target {
            descriptor.digest = digest.clone();
        }
        if !self.has_blob(&descriptor) {
            self.write_whole(&self.blob_path(&descriptor.digest), manifest.bytes())?;
        }
        let lock = self.lock_index()?;
        let mut index = self.read_index()?.unwrap_or_else(ImageIndex::empty);
        match target {
            TagOrDigest::Tag(tag) => layout::set_tag(&mut index, tag, descriptor),
            TagOrDigest::Digest(_) => layout::add_untagged(&mut index, descriptor),
        }
        if let Ok(Manifest::Index(parent)) = manifest.parse() {
            layout::unlist_children(&mut index, &parent);
        }
        let path = self.path.join(INDEX_FILE);
        self.write_whole(&path, index.to_raw().bytes())?;
        skeg_files::remove_stale(&self.path);
        drop(lock);
        Ok(())
    }

    /// Takes a tag, or a manifest with its tags, out of the index; the manifest of a tag stays listed without it. Blobs
    /// stay, since other manifests may have them.
    pub(crate) fn remove_entries(&self, target: &TagOrDigest) -> Result<bool, LayoutError> {
        if self.read_index()?.is_none() {
            return Ok(false);
        }
        let lock = self.lock_index()?;
        let mut index = self.read_index()?.unwrap_or_else(ImageIndex::empty);
        if !layout::remove(&mut index, target) {
            return Ok(false);
        }
        self.write_whole(&self.path.join(INDEX_FILE), index.to_raw().bytes())?;
        drop(lock);
        if let TagOrDigest::Digest(digest) = target {
            let removed = fs_err::remove_file(self.blob_path(digest));
            removed
                .or_else(|error| match error.kind() {
                    io::ErrorKind::NotFound => Ok(()),
                    _ => Err(error),
                })
                .map_err(|source| self.write_error(source))?;
        }
        Ok(true)
    }

    /// The file of a blob, which has the right size.
    pub(crate) fn blob_file(&self, blob: &Descriptor) -> Result<BlobSource, FetchBlobError> {
        self.open_blob(blob)?;
        Ok(BlobSource::file(self.blob_path(&blob.digest), blob.size))
    }

    /// Makes the directory a layout, unless it is one. A directory that holds other things is left alone.
    fn ensure_layout(&self) -> Result<(), LayoutError> {
        if self.path.join(MARKER_FILE).is_file() {
            return Ok(());
        }
        if self.holds_other_things()? {
            return Err(LayoutError::NotLayout {
                directory: self.path.to_path_buf(),
            });
        }
        let blobs = self.path.join(BLOBS_DIRECTORY).join("sha256");
        fs_err::create_dir_all(blobs).map_err(|source| self.write_error(source))?;
        let lock = self.lock_index()?;
        if !self.path.join(INDEX_FILE).exists() {
            self.write_whole(&self.path.join(INDEX_FILE), ImageIndex::empty().to_raw().bytes())?;
        }
        drop(lock);
        // Last: what has the marker is complete.
        self.write_whole(&self.path.join(MARKER_FILE), MARKER_CONTENT.as_bytes())
    }

    fn holds_other_things(&self) -> Result<bool, LayoutError> {
        let entries = match fs_err::read_dir(&*self.path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(source) => return Err(self.read_error(source)),
        };
        for entry in entries {
            let name = entry.map_err(|source| self.read_error(source))?.file_name();
            let name = name.to_string_lossy();
            let is_ours = [BLOBS_DIRECTORY, INDEX_FILE, MARKER_FILE, LOCK_FILE].contains(&&*name);
            if !is_ours && !skeg_files::is_temporary(&name) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Waits for the turn to write the index, which lasts until the file is dropped.
    fn lock_index(&self) -> Result<File, LayoutError> {
        let open = fs_err::OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.path.join(LOCK_FILE));
        let file = open.map_err(|source| self.write_error(source))?.into_parts().0;
        file.lock().map_err(|source| self.write_error(source))?;
        Ok(file)
    }

    /// Writes a small file that appears when it is whole.
    fn write_whole(&self, path: &Path, content: &[u8]) -> Result<(), LayoutError> {
        let mut temporary = self.temporary_file()?;
        let written = temporary.as_file_mut().write_all(content);
        written.map_err(|source| self.write_error(source))?;
        self.persist(temporary, path)
    }

    fn temporary_file(&self) -> Result<NamedTempFile, LayoutError> {
        skeg_files::temporary_in(&self.path, Readers::Umask).map_err(|source| self.write_error(source))
    }

    /// Gives a whole file its name. It is on the disk before, so that no name stands for less after a power failure.
    fn persist(&self, temporary: NamedTempFile, path: &Path) -> Result<(), LayoutError> {
        let synced = temporary.as_file().sync_all();
        synced.map_err(|source| self.write_error(source))?;
        if let Some(parent) = path.parent() {
            fs_err::create_dir_all(parent).map_err(|source| self.write_error(source))?;
        }
        match temporary.persist(path) {
            Ok(_) => Ok(()),
            Err(error) => Err(self.write_error(error.error)),
        }
    }

    fn blob_path(&self, digest: &Digest) -> PathBuf {
        self.path.join(layout::blob_path(digest))
    }

    fn read_error(&self, source: io::Error) -> LayoutError {
        LayoutError::Read {
            directory: self.path.to_path_buf(),
            source,
        }
    }

    fn write_error(&self, source: io::Error) -> LayoutError {
        LayoutError::Write {
            directory: self.path.to_path_buf(),
            source,
        }
    }
}
