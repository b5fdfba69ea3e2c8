//! Where everything is within the directory of a store. Paths only, no IO.
//!
//! ```text
//! CACHEDIR.TAG
//! v1/blobs/sha256/HEX                             content
//! v1/meta/sha256/HEX.json                         its media type and proof; its time is that of the last use
//! v1/partial/sha256-HEX                           a download that is not whole
//! v1/tags/HOST/REPOSITORY/_tags/TAG.json          what a tag named, and when that was checked
//! v1/tmp/                                         files before they are renamed
//! v1/last-prune                                   its time is that of the last automatic pruning
//! ```

use std::path::{Path, PathBuf};

use skeg_oci::{Algorithm, Digest, Tag};

use crate::tags::TagScope;

/// The format that this version reads and writes.
pub(crate) const VERSION: u32 = 1;

/// Tells programs that make backups to leave a directory out; see <https://bford.info/cachedir/>.
pub(crate) const CACHE_TAG: &str = "Signature: 8a477f597d28d172789f06886806bc55\n\
    # This directory holds copies of content of registries. It can be removed at any time.\n";

/// The algorithms that content may be kept under.
pub(crate) const ALGORITHMS: [Algorithm; 2] = [Algorithm::Sha256, Algorithm::Sha512];

/// The name of the directory of tags; no component of a repository's name begins with `_`.
const TAGS: &str = "_tags";

/// The paths of a store.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    root: PathBuf,
    base: PathBuf,
}

impl Layout {
    pub(crate) fn new(root: PathBuf) -> Self {
        let base = root.join(format!("v{VERSION}"));
        Self { root, base }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn cache_tag(&self) -> PathBuf {
        self.root.join("CACHEDIR.TAG")
    }

    pub(crate) fn temporary(&self) -> PathBuf {
        self.base.join("tmp")
    }

    pub(crate) fn blobs(&self, algorithm: Algorithm) -> PathBuf {
        self.base.join("blobs").join(algorithm.as_str())
    }

    pub(crate) fn blob(&self, digest: &Digest) -> PathBuf {
        self.blobs(digest.algorithm()).join(digest.hex())
    }

    pub(crate) fn all_meta(&self) -> PathBuf {
        self.base.join("meta")
    }

    pub(crate) fn meta(&self, digest: &Digest) -> PathBuf {
        let directory = self.all_meta().join(digest.algorithm().as_str());
        directory.join(format!("{}.json", digest.hex()))
    }

    pub(crate) fn partials(&self) -> PathBuf {
        self.base.join("partial")
    }

    pub(crate) fn partial(&self, digest: &Digest) -> PathBuf {
        let name = format!("{}-{}", digest.algorithm().as_str(), digest.hex());
        self.partials().join(name)
    }

    /// The digest that a partial download is to have, by the name of its file.
    pub(crate) fn partial_digest(name: &str) -> Option<Digest> {
        Digest::parse(&name.replacen('-', ":", 1)).ok()
    }

    pub(crate) fn all_tags(&self) -> PathBuf {
        self.base.join("tags")
    }

    pub(crate) fn tags(&self, scope: &TagScope) -> PathBuf {
        // A colon may not stand in the name of a file everywhere.
        let host = scope.host.as_str().to_ascii_lowercase().replace(':', "+");
        let mut path = self.all_tags().join(host);
        path.extend(scope.repository.as_str().split('/'));
        path.join(TAGS)
    }

    pub(crate) fn tag(&self, scope: &TagScope, tag: &Tag) -> PathBuf {
        self.tags(scope).join(format!("{tag}.json"))
    }

    pub(crate) fn last_prune(&self) -> PathBuf {
        self.base.join("last-prune")
    }
}
