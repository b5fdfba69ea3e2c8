//! Why an artifact could not be copied.

use skeg_oci::{Digest, ManifestError, Tag, TagOrDigest};
use skeg_oci_client::{
    CopyBlobError, FetchManifestError, ListReferrersError, PushManifestError, RequestError, ResolveError,
    ResponseError,
};

/// One of the two places of a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopySide {
    /// Where it comes from.
    Source,
    /// Where it goes.
    Destination,
}

/// Why an artifact could not be copied. What was copied before the failure stays, and is passed over the next time.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CopyError {
    /// It could not be looked up at the source.
    #[error("cannot resolve `{target}` at the source")]
    Resolve {
        /// The tag or the digest.
        target: TagOrDigest,
        /// Why.
        #[source]
        source: ResolveError,
    },
    /// It could not be looked up at the destination.
    #[error("cannot look up `{target}` at the destination")]
    LookUp {
        /// The tag or the digest.
        target: TagOrDigest,
        /// Why.
        #[source]
        source: ResolveError,
    },
    /// The tag of the destination names another manifest and may not be overwritten.
    #[error("tag {tag} exists already with digest {existing}; the artifact to copy has {copied}")]
    TagExists {
        /// The tag.
        tag: Tag,
        /// The digest that it names.
        existing: Digest,
        /// The digest of the manifest to copy.
        copied: Digest,
    },
    /// A manifest could not be read.
    #[error("cannot read manifest `{digest}`")]
    Fetch {
        /// The manifest.
        digest: Digest,
        /// Why.
        #[source]
        source: FetchManifestError,
    },
    /// A manifest is none.
    #[error("cannot tell what manifest `{digest}` consists of")]
    Parse {
        /// The manifest.
        digest: Digest,
        /// Why.
        #[source]
        source: ManifestError,
    },
    /// Indexes and referrers lead to each other without end.
    #[error("manifest `{digest}` lies too deep: more than {limit} manifests lead there")]
    TooDeep {
        /// The manifest.
        digest: Digest,
        /// How many may.
        limit: usize,
    },
    /// A blob could not be copied.
    #[error("cannot copy blob `{digest}`")]
    Blob {
        /// The blob.
        digest: Digest,
        /// Why.
        #[source]
        source: Box<CopyBlobError>,
    },
    /// A manifest could not be stored.
    #[error("cannot push the manifest as {target}")]
    Push {
        /// The tag or the digest.
        target: TagOrDigest,
        /// Why.
        #[source]
        source: PushManifestError,
    },
    /// The referrers could not be listed.
    #[error("cannot list the referrers of `{digest}`")]
    Referrers {
        /// The subject.
        digest: Digest,
        /// Where.
        side: CopySide,
        /// Why.
        #[source]
        source: Box<ListReferrersError>,
    },
}

impl CopyError {
    /// Which place failed.
    pub fn side(&self) -> CopySide {
        match self {
            Self::Resolve { .. } | Self::Fetch { .. } | Self::Parse { .. } | Self::TooDeep { .. } => {
                CopySide::Source
            }
            Self::LookUp { .. } | Self::TagExists { .. } | Self::Push { .. } => CopySide::Destination,
            Self::Blob { source, .. } => match **source {
                CopyBlobError::Fetch(_) => CopySide::Source,
                _ => CopySide::Destination,
            },
            Self::Referrers { side, .. } => *side,
        }
    }

    /// The failed request, when it is one.
    pub fn request(&self) -> Option<&RequestError> {
        match self {
            Self::Resolve { source, .. } | Self::LookUp { source, .. } => source.request(),
            Self::Fetch { source, .. } => source.request(),
            Self::Blob { source, .. } => source.request(),
            Self::Push { source, .. } => source.request(),
            Self::Referrers { source, .. } => source.request(),
            Self::TagExists { .. } | Self::Parse { .. } | Self::TooDeep { .. } => None,
        }
    }

    /// The registry's answer, when that is what failed.
    pub fn response(&self) -> Option<&ResponseError> {
        match self {
            Self::Resolve { source, .. } | Self::LookUp { source, .. } => source.response(),
            Self::Fetch { source, .. } => source.response(),
            Self::Push { source, .. } => source.response(),
            Self::Blob { source, .. } => source.response(),
            Self::Referrers { source, .. } => source.request().and_then(RequestError::response),
            Self::TagExists { .. } | Self::Parse { .. } | Self::TooDeep { .. } => None,
        }
    }
}
