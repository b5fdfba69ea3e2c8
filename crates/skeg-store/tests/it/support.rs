//! A store in a directory of its own, and a clock that stands where the test wants it.

use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use skeg_oci::Digest;
use skeg_store::{Claim, Content, Lookup, Partial, Store};
use tempfile::TempDir;

pub(crate) struct TestStore {
    directory: TempDir,
    pub(crate) store: Store,
}

impl TestStore {
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path().join("store")).unwrap();
        Self { directory, store }
    }

    /// A path within the store's directory for this format.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.directory.path().join("store/v1").join(relative)
    }

    pub(crate) fn blob_path(&self, digest: &Digest) -> PathBuf {
        self.path(&format!("blobs/sha256/{}", digest.hex()))
    }

    pub(crate) fn partial_path(&self, digest: &Digest) -> PathBuf {
        self.path(&format!("partial/sha256-{}", digest.hex()))
    }

    /// Stores content and returns its digest.
    pub(crate) fn put(&self, content: &[u8], now: SystemTime) -> Digest {
        let digest = Digest::sha256_of(content);
        self.store.insert(&digest, None, content, now).unwrap();
        digest
    }

    /// `found`, `missing` or `damaged`.
    pub(crate) fn look(&self, digest: &Digest, now: SystemTime) -> &'static str {
        match self.store.get(digest, now).unwrap() {
            Lookup::Found(content) => {
                assert!(digest.matches(&bytes(content)), "what is returned has its digest");
                "found"
            }
            Lookup::Missing => "missing",
            Lookup::Damaged => "damaged",
        }
    }

    pub(crate) fn claim(&self, digest: &Digest) -> Partial {
        match self.store.claim(digest).unwrap() {
            Claim::Granted(partial) => partial,
            Claim::Busy { length } => panic!("busy at {length}"),
        }
    }
}

pub(crate) fn bytes(content: Content) -> Vec<u8> {
    content.read(u64::MAX).unwrap().unwrap()
}

/// Replaces the content of a file that may not be written.
pub(crate) fn overwrite(path: &std::path::Path, content: &[u8]) {
    make_writable(path);
    fs_err::write(path, content).unwrap();
}

pub(crate) fn make_writable(path: &std::path::Path) {
    let mut permissions = fs_err::metadata(path).unwrap().permissions();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        permissions.set_mode(0o644);
    }
    #[cfg(not(unix))]
    permissions.set_readonly(false);
    fs_err::set_permissions(path, permissions).unwrap();
}

/// So many hours after the beginning of the test's time, which lies in the past.
pub(crate) fn hour(number: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_700_000_000) + Duration::from_hours(number)
}

/// More than what is hashed at every reading.
pub(crate) fn large(seed: u8) -> Vec<u8> {
    (0..1_500_000_u32)
        .map(|index| seed.wrapping_add(index.to_le_bytes()[0]).wrapping_mul(31))
        .collect()
}
