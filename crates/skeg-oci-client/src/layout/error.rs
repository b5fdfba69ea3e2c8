//! Why an image layout could not be read or written.

use std::io;
use std::path::PathBuf;

use skeg_oci::Digest;

/// Why an image layout could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LayoutError {
    /// A file could not be read.
    #[error("could not read the image layout `{}`", directory.display())]
    Read {
        /// The layout.
        directory: PathBuf,
        /// Why; names the file.
        #[source]
        source: io::Error,
    },
    /// A file could not be written.
    #[error("could not write to the image layout `{}`", directory.display())]
    Write {
        /// The layout.
        directory: PathBuf,
        /// Why; names the file.
        #[source]
        source: io::Error,
    },
    /// The directory exists, and is something else.
    #[error("`{}` is not an image layout: it has no `oci-layout` file", directory.display())]
    NotLayout {
        /// The directory.
        directory: PathBuf,
    },
    /// A document of the layout is malformed.
    #[error("`{}` is not valid", path.display())]
    Malformed {
        /// The document.
        path: PathBuf,
        /// Where the parser stopped.
        #[source]
        source: serde_json::Error,
    },
    /// A document of the layout is larger than any real one.
    #[error("`{}` is larger than {limit} bytes", path.display())]
    TooLarge {
        /// The document.
        path: PathBuf,
        /// How many bytes are accepted.
        limit: u64,
    },
    /// The index names a manifest that is not there, or is none.
    #[error("the image layout `{}` lacks manifest `{digest}`, which its index names", directory.display())]
    MissingManifest {
        /// The layout.
        directory: PathBuf,
        /// The manifest.
        digest: Digest,
    },
}
