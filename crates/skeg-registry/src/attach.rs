//! Attaching files to an artifact: a manifest of their own that names the artifact as its subject.
//!
//! Spec: image-spec v1.1, "Guidelines for Artifact Usage".

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use futures_util::future;
use skeg_oci::{Algorithm, Annotations, Descriptor, Digester, ImageManifest, MediaType, RawManifest};
use skeg_oci_client::{BlobSource, BlobUpload, PushBlob, PushBlobError, PushManifest, PushManifestError};

/// How much of a file is read at once.
const CHUNK_SIZE: usize = 256 * 1024;

/// What the config of an artifact without one holds.
const EMPTY: &str = "{}";

/// A file to attach.
#[derive(Clone, Debug)]
pub struct AttachedFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its content, with its name as title.
    pub descriptor: Descriptor,
}

/// Files that are ready to be attached to an artifact.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// The files.
    pub files: Vec<AttachedFile>,
    /// The manifest, whose digest the same files, type and annotations always give.
    pub manifest: RawManifest,
}

/// Why files could not be attached.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AttachError {
    /// A file, or the empty config, could not be stored.
    #[error("cannot push {content}")]
    Blob {
        /// What it is.
        content: String,
        /// Why.
        #[source]
        source: PushBlobError,
    },
    /// The manifest could not be stored.
    #[error("cannot push the manifest")]
    Manifest(#[from] PushManifestError),
}

impl AttachedFile {
    /// Reads a file to learn its digest. Blocks.
    ///
    /// # Errors
    /// The file cannot be read; the error names it.
    pub fn read(path: &Path, media_type: MediaType) -> io::Result<Self> {
        let mut file = fs_err::File::open(path)?;
        let mut digester = Digester::new(Algorithm::Sha256);
        let mut chunk = vec![0; CHUNK_SIZE];
        loop {
            match file.read(&mut chunk) {
                Ok(0) => break,
                Ok(length) => digester.update(&chunk[..length]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        let size = digester.count();
        let mut descriptor = Descriptor::new(media_type, digester.finish(), size);
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        descriptor.annotations = name.map(|name| [(Annotations::TITLE, name)].into_iter().collect());
        Ok(Self {
            path: path.to_owned(),
            descriptor,
        })
    }
}

impl Attachment {
    /// Makes the manifest that attaches `files` to the artifact of `subject`.
    pub fn new(
        subject: Descriptor,
        artifact_type: MediaType,
        files: Vec<AttachedFile>,
        annotations: Annotations,
    ) -> Self {
        let manifest = ImageManifest {
            schema_version: 2,
            media_type: Some(MediaType::OCI_MANIFEST),
            artifact_type: Some(artifact_type),
            config: Descriptor::of(MediaType::EMPTY_JSON, EMPTY.as_bytes()),
            layers: files.iter().map(|file| file.descriptor.clone()).collect(),
            // Three fields name it; whatever else a list said of it is not part of that.
            subject: Some(Descriptor::new(subject.media_type, subject.digest, subject.size)),
            annotations: Some(annotations).filter(|annotations| !annotations.is_empty()),
        };
        Self {
            files,
            manifest: manifest.to_raw(),
        }
    }

    /// Stores the files side by side, then the manifest under its digest.
    ///
    /// # Errors
    /// See [`AttachError`].
    pub async fn push<R: PushBlob + PushManifest>(&self, repository: &R) -> Result<(), AttachError> {
        let config = BlobUpload::from_bytes(MediaType::EMPTY_JSON, EMPTY);
        let files = self.files.iter().map(|file| {
            let source = BlobSource::file(&file.path, file.descriptor.size);
            let upload = BlobUpload::new(file.descriptor.clone(), source);
            (format!("`{}`", file.path.display()), upload)
        });
        let uploads = files.chain([("the empty config".to_owned(), config)]);
        let pushes = uploads.map(async |(content, upload)| {
            let pushed = repository.push_blob(&upload).await;
            pushed.map_err(|source| AttachError::Blob { content, source })
        });
        future::try_join_all(pushes).await?;
        let target = self.manifest.digest().clone().into();
        Ok(repository.push_manifest(&self.manifest, &target).await?)
    }
}

impl AttachError {
    /// The failed request, when it is one.
    pub fn request(&self) -> Option<&skeg_oci_client::RequestError> {
        match self {
            Self::Blob { source, .. } => source.request(),
            Self::Manifest(source) => source.request(),
        }
    }

    /// The registry's answer, when that is what failed.
    pub fn response(&self) -> Option<&skeg_oci_client::ResponseError> {
        match self {
            Self::Blob { source, .. } => source.response(),
            Self::Manifest(source) => source.response(),
        }
    }
}
