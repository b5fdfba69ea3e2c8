//! The errors: one enum per operation, on top of those of a single request.

mod connect;
mod listing;
mod request;
mod response;
mod writing;

pub use self::connect::{CertificateProblem, ConnectError, TlsConfigError};
pub use self::listing::{ListReferrersError, ListRepositoriesError};
pub(crate) use self::request::BoxError;
pub use self::request::{AuthenticateError, RedirectError, RequestError, TimeoutStage};
pub use self::response::ResponseError;
pub use self::writing::{CopyBlobError, DeleteError};

use std::io;
use std::path::PathBuf;

use skeg_oci::{Digest, MediaType, TagOrDigest};

use crate::layout::LayoutError;

/// Why what is at a URL could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchUrlError {
    /// The text is no URL.
    #[error("`{url}` is no URL")]
    InvalidUrl {
        /// The text.
        url: String,
        /// Why.
        #[source]
        source: url::ParseError,
    },
    /// It is a URL of something else.
    #[error("`{scheme}` is neither `http` nor `https`")]
    Scheme {
        /// The scheme.
        scheme: String,
    },
    /// There is more than was asked for.
    #[error("{url} has more than {limit} bytes")]
    TooLarge {
        /// The URL, redacted.
        url: String,
        /// How many bytes are accepted.
        limit: usize,
    },
    /// What was read could not be written.
    #[error("cannot write what is at {url}")]
    Write {
        /// The URL, redacted.
        url: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The request failed.
    #[error(transparent)]
    Request(#[from] RequestError),
}

/// Why a tag or a digest could not be resolved.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResolveError {
    /// The registry or the layout has no such manifest, or no such repository.
    #[error("`{target}` not found")]
    NotFound {
        /// What was asked for.
        target: TagOrDigest,
        /// The registry's answer; none from a layout.
        #[source]
        source: Option<Box<ResponseError>>,
    },
    /// The answer lacks what a descriptor needs, or contradicts the request.
    #[error("the registry's answer for `{target}` is not usable: {problem}")]
    Answer {
        /// What was asked for.
        target: TagOrDigest,
        /// What is wrong, as a phrase.
        problem: String,
    },
    /// The cache does not have it, and nothing else may be asked.
    #[error("`{target}` is not in the cache, and offline nothing else is asked")]
    Offline {
        /// What was asked for.
        target: TagOrDigest,
    },
    /// The request failed.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The image layout could not be read.
    #[error(transparent)]
    Layout(#[from] LayoutError),
}

/// Why a manifest could not be fetched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchManifestError {
    /// The registry or the layout has no such manifest, or no such repository.
    #[error("`{target}` not found")]
    NotFound {
        /// What was asked for.
        target: TagOrDigest,
        /// The registry's answer; none from a layout.
        #[source]
        source: Option<Box<ResponseError>>,
    },
    /// The manifest is larger than any real one.
    #[error("manifest `{target}` is larger than {limit} bytes")]
    TooLarge {
        /// What was asked for.
        target: TagOrDigest,
        /// How many bytes are accepted.
        limit: u64,
    },
    /// What came is no manifest: a web page of a portal, for instance.
    #[error("the answer for `{target}` is `{media_type}`, not a manifest")]
    NotManifest {
        /// What was asked for.
        target: TagOrDigest,
        /// What came instead.
        media_type: MediaType,
    },
    /// The bytes are not those of the digest asked for or stated.
    #[error("manifest digest mismatch: expected `{expected}`, got `{actual}`")]
    DigestMismatch {
        /// The digest asked for, or stated by the server.
        expected: Digest,
        /// The digest of the bytes that came.
        actual: Digest,
    },
    /// The cache does not have it, and nothing else may be asked.
    #[error("`{target}` is not in the cache, and offline nothing else is asked")]
    Offline {
        /// What was asked for.
        target: TagOrDigest,
    },
    /// The request failed.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The image layout could not be read.
    #[error(transparent)]
    Layout(#[from] LayoutError),
}

/// Why a blob could not be fetched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchBlobError {
    /// The registry or the layout has no such blob, or no such repository.
    #[error("blob `{digest}` not found")]
    NotFound {
        /// The blob.
        digest: Digest,
        /// The registry's answer; none from a layout.
        #[source]
        source: Option<Box<ResponseError>>,
    },
    /// The blob is larger than the caller accepts.
    #[error("blob `{digest}` has {size} bytes, more than the {limit} that are accepted")]
    TooLarge {
        /// The blob.
        digest: Digest,
        /// Its stated size.
        size: u64,
        /// How many bytes are accepted.
        limit: u64,
    },
    /// The bytes are not those of the digest.
    #[error("blob digest mismatch: expected `{expected}`, got `{actual}`")]
    DigestMismatch {
        /// The digest asked for.
        expected: Digest,
        /// The digest of the bytes that came.
        actual: Digest,
    },
    /// There are more or fewer bytes than the descriptor states.
    #[error("blob `{digest}` has {actual} bytes where its descriptor states {expected}")]
    SizeMismatch {
        /// The blob.
        digest: Digest,
        /// The size of the descriptor.
        expected: u64,
        /// The size that the server states, or the bytes that came.
        actual: u64,
    },
    /// The server sent the blob compressed once more, which no client asks for.
    #[error("blob `{digest}` came with the content encoding `{encoding}`")]
    Encoded {
        /// The blob.
        digest: Digest,
        /// The value of `Content-Encoding`.
        encoding: String,
    },
    /// The destination could not be written.
    #[error("blob `{digest}` could not be written to its file")]
    Write {
        /// The blob.
        digest: Digest,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The cache does not have it, and nothing else may be asked.
    #[error("blob `{digest}` is not in the cache, and offline nothing else is asked")]
    Offline {
        /// The blob.
        digest: Digest,
    },
    /// The request failed.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The image layout could not be read.
    #[error(transparent)]
    Layout(#[from] LayoutError),
}

/// Why a blob could not be pushed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PushBlobError {
    /// The registry has no such repository and does not make one on its own (ECR).
    #[error("the registry has no such repository")]
    RepositoryNotFound {
        /// The registry's answer.
        #[source]
        source: Box<ResponseError>,
    },
    /// The source does not have the bytes that the descriptor promises.
    #[error("the bytes to push are not those of `{digest}`")]
    SourceMismatch {
        /// The digest promised.
        digest: Digest,
    },
    /// The source could not be read.
    #[error("could not read `{}`", path.display())]
    ReadSource {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::sync::Arc<io::Error>,
    },
    /// The registry accepted the upload in words, and does not have the blob.
    #[error("the registry did not keep blob `{digest}`: {problem}")]
    NotStored {
        /// The blob.
        digest: Digest,
        /// What it did, as a phrase.
        problem: String,
    },
    /// The upload's address is missing or may not be used.
    #[error("the registry gave an unusable upload location: {problem}")]
    Location {
        /// What is wrong with it, as a phrase.
        problem: String,
    },
    /// The request failed.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The image layout could not be written.
    #[error(transparent)]
    Layout(#[from] LayoutError),
}

/// Why a manifest could not be pushed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PushManifestError {
    /// The target is a digest, and not the manifest's.
    #[error("the manifest's digest is `{actual}`, not `{expected}`")]
    DigestMismatch {
        /// The digest of the target.
        expected: Digest,
        /// The digest of the manifest.
        actual: Digest,
    },
    /// The registry stored other bytes than were sent.
    #[error("the registry stored the manifest as `{actual}`, not as `{expected}`")]
    StoredOther {
        /// The digest of what was sent.
        expected: Digest,
        /// The digest that the registry states.
        actual: Digest,
    },
    /// The registry does not let this tag be moved, or not be written at all.
    #[error("the registry does not let `{target}` be overwritten")]
    Immutable {
        /// The tag.
        target: TagOrDigest,
        /// The registry's answer.
        #[source]
        source: Box<ResponseError>,
    },
    /// The registry has no such repository and does not make one on its own (ECR).
    #[error("the registry has no such repository")]
    RepositoryNotFound {
        /// The registry's answer.
        #[source]
        source: Box<ResponseError>,
    },
    /// The manifest is stored, but not in the list of its subject's referrers, which could not be read.
    #[error("the manifest is stored, but the list of its subject's referrers could not be read")]
    Referrers {
        /// Why.
        #[source]
        source: FetchManifestError,
    },
    /// The manifest is stored, but what is in the place of the list of its subject's referrers is something else.
    #[error("the manifest is stored, but `{target}`, which is to list it, is no image index")]
    ReferrersTag {
        /// The tag of the list.
        target: TagOrDigest,
    },
    /// The manifest is stored, but others keep overwriting the list of its subject's referrers.
    #[error(
        "the manifest is stored, but does not stay in the list of referrers `{target}`: others are changing it too"
    )]
    ReferrersLost {
        /// The tag of the list.
        target: TagOrDigest,
    },
    /// The request failed.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The image layout could not be written.
    #[error(transparent)]
    Layout(#[from] LayoutError),
}

/// Why the tags could not be listed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ListTagsError {
    /// There is no such repository.
    #[error("no such repository")]
    NotFound {
        /// The registry's answer; none from a layout.
        #[source]
        source: Option<Box<ResponseError>>,
    },
    /// The answer is no tag list, or its pages never end.
    #[error("the registry's tag list is not usable: {problem}")]
    Answer {
        /// What is wrong, as a phrase.
        problem: String,
    },
    /// The cache knows no tag of it, and nothing else may be asked.
    #[error("no tag of it is in the cache, and offline nothing else is asked")]
    Offline,
    /// The request failed.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The image layout could not be read.
    #[error(transparent)]
    Layout(#[from] LayoutError),
}

/// Gives every operation's error the questions that callers ask of it.
macro_rules! request_questions {
    ($($error:ident { $($with_response:pat => $response:expr),* }),* $(,)?) => {$(
        impl $error {
            /// The failed request, when it is one.
            pub fn request(&self) -> Option<&RequestError> {
                match self {
                    Self::Request(error) => Some(error),
                    _ => None,
                }
            }

            /// The registry's answer, when that is what failed.
            pub fn response(&self) -> Option<&ResponseError> {
                match self {
                    $($with_response => $response,)*
                    Self::Request(error) => error.response(),
                    _ => None,
                }
            }
        }
    )*};
}

request_questions! {
    ResolveError { Self::NotFound { source, .. } => source.as_deref() },
    FetchManifestError { Self::NotFound { source, .. } => source.as_deref() },
    FetchBlobError { Self::NotFound { source, .. } => source.as_deref() },
    PushBlobError { Self::RepositoryNotFound { source } => Some(source) },
    PushManifestError {
        Self::Immutable { source, .. } | Self::RepositoryNotFound { source } => Some(source)
    },
    ListTagsError { Self::NotFound { source } => source.as_deref() },
}
