//! Referrers: the manifests that name another one as their subject, such as signatures and SBOMs.
//!
//! A registry is asked by the referrers API. Where it has none, the list is the index under the tag that is made of the
//! subject's digest. That something is no answer of the API never means that there are no referrers.
//!
//! Spec: distribution-spec v1.1, "Listing Referrers", "Referrers Tag Schema".

mod local;
mod remote;
pub(crate) mod subject;

use std::future::Future;

use skeg_oci::{Descriptor, Digest, Manifest, MediaType, RawManifest, Tag};

use crate::any::AnyRepository;
use crate::error::ListReferrersError;
use crate::layout::LayoutRepository;
use crate::memory::MemoryRepository;
use crate::repository::Repository;

/// Lists referrers.
pub trait ListReferrers {
    /// Returns the descriptors of the manifests whose subject is `subject`; only those of one artifact type, if one is
    /// given. There need not be such a subject.
    ///
    /// # Errors
    ///
    /// [`ListReferrersError::NotFound`] when there is no such repository.
    fn list_referrers(
        &self,
        subject: &Digest,
        artifact_type: Option<&MediaType>,
    ) -> impl Future<Output = Result<Referrers, ListReferrersError>> + Send;
}

/// The referrers of a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referrers {
    /// Their descriptors, with the artifact types.
    pub manifests: Vec<Descriptor>,
    /// Where the list comes from.
    pub source: ReferrersSource,
}

/// Where a list of referrers comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReferrersSource {
    /// The registry's referrers API.
    Api,
    /// The index under the tag made of the subject's digest.
    TagSchema,
    /// The subjects of all manifests, which are at hand.
    Manifests,
}

/// The tag of the index that lists the referrers of a manifest: `sha256-<hex>`.
pub fn referrers_tag(subject: &Digest) -> Tag {
    let algorithm: String = subject.algorithm().as_str().chars().take(32).collect();
    let hex: String = subject.hex().chars().take(64).collect();
    Tag::parse(&format!("{algorithm}-{hex}")).expect("because both parts are short, of letters and digits")
}

impl ListReferrers for Repository {
    async fn list_referrers(
        &self,
        subject: &Digest,
        artifact_type: Option<&MediaType>,
    ) -> Result<Referrers, ListReferrersError> {
        remote::list(self, subject, artifact_type).await
    }
}

impl ListReferrers for LayoutRepository {
    async fn list_referrers(
        &self,
        subject: &Digest,
        artifact_type: Option<&MediaType>,
    ) -> Result<Referrers, ListReferrersError> {
        let manifests = self.manifests_with_subjects(subject).await?;
        Ok(local::list(manifests, artifact_type))
    }
}

impl ListReferrers for MemoryRepository {
    async fn list_referrers(
        &self,
        subject: &Digest,
        artifact_type: Option<&MediaType>,
    ) -> Result<Referrers, ListReferrersError> {
        let found = self
            .manifests()
            .into_iter()
            .filter_map(|manifest| referrer(&manifest, subject));
        Ok(local::list(found.collect(), artifact_type))
    }
}

impl ListReferrers for AnyRepository {
    async fn list_referrers(
        &self,
        subject: &Digest,
        artifact_type: Option<&MediaType>,
    ) -> Result<Referrers, ListReferrersError> {
        match self {
            Self::Remote(repository) => repository.list_referrers(subject, artifact_type).await,
            Self::Mirrored(repository) => repository.origin().list_referrers(subject, artifact_type).await,
            Self::Layout(repository) => repository.list_referrers(subject, artifact_type).await,
        }
    }
}

/// The descriptor of `manifest` in a list of referrers, if its subject is `subject`.
pub(crate) fn referrer(manifest: &RawManifest, subject: &Digest) -> Option<Descriptor> {
    let parsed = manifest.parse().ok()?;
    let (own_subject, annotations) = match &parsed {
        Manifest::Image(image) => (&image.subject, &image.annotations),
        Manifest::Index(index) => (&index.subject, &index.annotations),
    };
    if own_subject.as_ref()?.digest != *subject {
        return None;
    }
    let mut descriptor = manifest.descriptor();
    descriptor.annotations.clone_from(annotations);
    descriptor.artifact_type = artifact_type(&parsed);
    Some(descriptor)
}

/// What a manifest is: its artifact type, or else the media type of its config.
fn artifact_type(manifest: &Manifest) -> Option<MediaType> {
    match manifest {
        Manifest::Image(image) => {
            let config = || image.config.media_type.clone();
            Some(image.artifact_type.clone().unwrap_or_else(config))
        }
        Manifest::Index(index) => index.artifact_type.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(digest: &str, expected: &str) {
        let tag = referrers_tag(&Digest::parse(digest).unwrap());
        assert_eq!(tag.as_str(), expected);
    }

    #[test]
    fn case_40_tags_of_the_tag_schema() {
        let (short, long) = ("a".repeat(64), "b".repeat(128));
        check(&format!("sha256:{short}"), &format!("sha256-{short}"));
        check(&format!("sha512:{long}"), &format!("sha512-{}", &long[..64]));
    }
}
