//! What the registry holds: repositories with blobs, manifests and tags, and open uploads.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use sha2::{Digest as _, Sha256, Sha512};

/// A manifest's media type and exact bytes.
pub(crate) type StoredManifest = (String, Bytes);

/// One repository.
#[derive(Debug, Default)]
pub(crate) struct Repository {
    pub(crate) blobs: BTreeMap<String, Bytes>,
    pub(crate) manifests: BTreeMap<String, StoredManifest>,
    pub(crate) tags: BTreeMap<String, String>,
}

impl Repository {
    /// The digest a tag or digest stands for, where there is such a manifest.
    pub(crate) fn resolve(&self, reference: &str) -> Option<String> {
        let digest = self.tags.get(reference).map_or(reference, String::as_str);
        self.manifests.contains_key(digest).then(|| digest.to_owned())
    }
}

/// An upload session.
#[derive(Debug, Default)]
pub(crate) struct Upload {
    pub(crate) repository: String,
    pub(crate) bytes: Vec<u8>,
    /// Counts the requests of the session; part of the state in its location.
    pub(crate) step: usize,
}

/// Everything a registry holds.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    pub(crate) repositories: BTreeMap<String, Repository>,
    pub(crate) uploads: BTreeMap<String, Upload>,
    next_upload: usize,
}

impl Contents {
    pub(crate) fn repository(&mut self, name: &str) -> &mut Repository {
        self.repositories.entry(name.to_owned()).or_default()
    }

    pub(crate) fn blob(&self, repository: &str, digest: &str) -> Option<Bytes> {
        self.repositories.get(repository)?.blobs.get(digest).cloned()
    }

    pub(crate) fn start_upload(&mut self, repository: &str) -> String {
        self.next_upload += 1;
        let id = format!("upload-{}", self.next_upload);
        let upload = Upload {
            repository: repository.to_owned(),
            ..Upload::default()
        };
        self.uploads.insert(id.clone(), upload);
        id
    }
}

/// The contents behind a lock.
#[derive(Debug, Default)]
pub(crate) struct SharedContents(Mutex<Contents>);

impl SharedContents {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Contents> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The digest of `bytes` as `sha256:…`.
pub fn sha256_digest(bytes: &[u8]) -> String {
    format!("sha256:{}", hex(&Sha256::digest(bytes)))
}

/// Says whether `digest` (sha256 or sha512) is that of `bytes`.
pub(crate) fn digest_matches(digest: &str, bytes: &[u8]) -> bool {
    match digest.split_once(':') {
        Some(("sha256", expected)) => hex(&Sha256::digest(bytes)) == expected,
        Some(("sha512", expected)) => hex(&Sha512::digest(bytes)) == expected,
        _ => false,
    }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}
