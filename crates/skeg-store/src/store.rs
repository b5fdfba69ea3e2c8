//! The store itself: its place and its limit.

use std::path::{Path, PathBuf};

use crate::error::OpenStoreError;
use crate::files;
use crate::layout::{Layout, VERSION};

/// How large a store may become unless somebody says otherwise: 10 GiB.
pub const DEFAULT_LIMIT: u64 = 10 << 30;

/// A store of verified content in a directory. Cheap to clone; clones and other processes may use it at the same time.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) layout: Layout,
    pub(crate) limit: u64,
}

impl Store {
    /// Opens the store in the directory `root`. Nothing is written, and the directory made, before something is stored.
    ///
    /// # Errors
    /// See [`OpenStoreError`].
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, OpenStoreError> {
        let root = root.into();
        let names = files::names(&root).map_err(|source| OpenStoreError::Read {
            path: root.clone(),
            source,
        })?;
        let versions = names
            .iter()
            .filter_map(|name| name.strip_prefix('v')?.parse::<u32>().ok());
        match versions.max() {
            Some(version) if version > VERSION => Err(OpenStoreError::Newer { path: root, version }),
            _ => Ok(Self {
                layout: Layout::new(root),
                limit: DEFAULT_LIMIT,
            }),
        }
    }

    /// The same store with another limit on its size.
    #[must_use]
    pub fn with_limit(self, limit: u64) -> Self {
        Self { limit, ..self }
    }

    /// The directory.
    pub fn root(&self) -> &Path {
        self.layout.root()
    }

    /// How large it may become before the least recently used content goes.
    pub fn limit(&self) -> u64 {
        self.limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(names: &[&str], expected: Option<u32>) {
        let directory = tempfile::tempdir().unwrap();
        for name in names {
            fs_err::create_dir(directory.path().join(name)).unwrap();
        }
        let found = match Store::open(directory.path()) {
            Ok(_) => None,
            Err(OpenStoreError::Newer { version, .. }) => Some(version),
            Err(error) => panic!("{error}"),
        };
        assert_eq!(found, expected, "{names:?}");
    }

    #[test]
    fn a_newer_store_is_refused() {
        check(&[], None);
        check(&["v1"], None);
        check(&["v1", "vendor", "v"], None);
        check(&["v1", "v2"], Some(2));
        check(&["v12"], Some(12));
        let directory = tempfile::tempdir().unwrap();
        fs_err::create_dir(directory.path().join("v7")).unwrap();
        let error = Store::open(directory.path()).unwrap_err();
        assert!(
            error
                .to_string()
                .ends_with("has the format `v7` of a newer version; this one knows `v1`")
        );
    }

    #[test]
    fn a_store_that_is_only_opened_leaves_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().join("a/b");
        Store::open(&root).unwrap();
        assert!(!directory.path().join("a").exists());
    }

    #[test]
    fn what_is_no_directory_is_no_store() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().join("file");
        fs_err::write(&root, "x").unwrap();
        assert!(matches!(Store::open(&root), Err(OpenStoreError::Read { .. })));
    }
}
