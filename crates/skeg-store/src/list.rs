//! What is in a store.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use skeg_oci::{Descriptor, Digest, Manifest, MediaType, RawManifest};

use crate::error::StoreError;
use crate::files;
use crate::layout::{ALGORITHMS, Layout, VERSION};
use crate::meta;
use crate::store::Store;
use crate::tags;

/// Manifests larger than this are not looked into; no registry takes larger ones.
const MANIFEST_LIMIT: u64 = 4 * 1024 * 1024;

/// Stored content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its digest.
    pub digest: Digest,
    /// How many bytes it has.
    pub size: u64,
    /// The media type that it was stored with.
    pub media_type: Option<MediaType>,
    /// When it was stored or last got.
    pub last_used: SystemTime,
    /// The tags that lead to it, as `HOST/REPOSITORY:TAG`, directly or through manifests.
    pub references: Vec<String>,
}

/// A store in figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// Its directory.
    pub root: PathBuf,
    /// The version of its format.
    pub version: u32,
    /// How many entries of content there are.
    pub entries: usize,
    /// The bytes of the content.
    pub size: u64,
    /// How many downloads are not whole.
    pub partials: usize,
    /// The bytes of these downloads.
    pub partial_size: u64,
    /// How many tags are noted.
    pub tags: usize,
    /// The limit on the size.
    pub limit: u64,
}

impl Store {
    /// The store in figures.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn info(&self) -> Result<Info, StoreError> {
        let gather = || -> io::Result<Info> {
            let entries = self.entries()?;
            let partials = self.partials()?;
            Ok(Info {
                root: self.root().to_owned(),
                version: VERSION,
                entries: entries.len(),
                size: entries.iter().map(|entry| entry.size).sum(),
                partials: partials.len(),
                partial_size: partials.iter().map(|entry| entry.size).sum(),
                tags: self.tag_files()?.len(),
                limit: self.limit,
            })
        };
        gather().map_err(StoreError::Read)
    }

    /// All content with everything that is known of it, the most recently used first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn list(&self) -> Result<Vec<Entry>, StoreError> {
        let mut entries = self.entries().map_err(StoreError::Read)?;
        let references = self.references().map_err(StoreError::Read)?;
        for entry in &mut entries {
            let meta = meta::read(&self.layout, &entry.digest);
            entry.media_type = meta.and_then(|meta| meta.media_type);
            let names = references.get(&entry.digest).cloned().unwrap_or_default();
            entry.references = names.into_iter().collect();
        }
        entries.sort_by(|a, b| (b.last_used, &a.digest).cmp(&(a.last_used, &b.digest)));
        Ok(entries)
    }

    /// All content, without media types and references.
    pub(crate) fn entries(&self) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for algorithm in ALGORITHMS {
            let directory = self.layout.blobs(algorithm);
            for name in files::names(&directory)? {
                let Ok(digest) = Digest::parse(&format!("{}:{name}", algorithm.as_str())) else {
                    continue;
                };
                let used = meta::last_use(&self.layout, &digest);
                entries.extend(entry(digest, &directory.join(name), used)?);
            }
        }
        Ok(entries)
    }

    /// The downloads that are not whole.
    pub(crate) fn partials(&self) -> io::Result<Vec<Entry>> {
        let directory = self.layout.partials();
        let mut partials = Vec::new();
        for name in files::names(&directory)? {
            if let Some(digest) = Layout::partial_digest(&name) {
                partials.extend(entry(digest, &directory.join(name), None)?);
            }
        }
        Ok(partials)
    }

    /// The files of all noted tags.
    pub(crate) fn tag_files(&self) -> io::Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        let mut directories = vec![self.layout.all_tags()];
        while let Some(directory) = directories.pop() {
            for name in files::names(&directory)? {
                let path = directory.join(&name);
                if path.is_dir() {
                    directories.push(path);
                } else if path.extension().is_some_and(|extension| extension == "json") {
                    found.push(path);
                }
            }
        }
        Ok(found)
    }

    /// Which tags lead to which content.
    fn references(&self) -> io::Result<BTreeMap<Digest, BTreeSet<String>>> {
        let mut references: BTreeMap<Digest, BTreeSet<String>> = BTreeMap::new();
        for path in self.tag_files()? {
            let Some(file) = tags::File::read(&path) else {
                continue;
            };
            let name = file.name();
            let mut waiting = vec![file.descriptor];
            while let Some(descriptor) = waiting.pop() {
                let names = references.entry(descriptor.digest.clone()).or_default();
                if names.insert(name.clone()) {
                    waiting.extend(self.children(&descriptor));
                }
            }
        }
        Ok(references)
    }

    /// What a manifest refers to; nothing if it is none or is not here.
    fn children(&self, descriptor: &Descriptor) -> Vec<Descriptor> {
        let media_type = &descriptor.media_type;
        let is_manifest = media_type.is_image_manifest() || media_type.is_index();
        if !is_manifest || descriptor.size > MANIFEST_LIMIT {
            return Vec::new();
        }
        let Ok(bytes) = fs_err::read(self.layout.blob(&descriptor.digest)) else {
            return Vec::new();
        };
        match RawManifest::new(media_type.clone(), bytes).parse() {
            Ok(Manifest::Image(manifest)) => [vec![manifest.config], manifest.layers].concat(),
            Ok(Manifest::Index(index)) => index.manifests,
            Err(_) => Vec::new(),
        }
    }
}

fn entry(digest: Digest, path: &Path, used: Option<SystemTime>) -> io::Result<Option<Entry>> {
    let metadata = files::metadata(path)?.filter(std::fs::Metadata::is_file);
    Ok(metadata.map(|metadata| Entry {
        digest,
        size: metadata.len(),
        media_type: None,
        last_used: used.or_else(|| metadata.modified().ok()).unwrap_or(UNIX_EPOCH),
        references: Vec::new(),
    }))
}
