//! What refers to an artifact: by the subject of its manifest, or by a tag as older versions of cosign write it.

use std::collections::HashSet;

use futures_util::future;
use skeg_oci::{Descriptor, Digest, Manifest, Tag, TagOrDigest};
use skeg_oci_client::{FetchManifestError, ListReferrersError, Referrers};

use super::graph::{DEPTH, Step, parse};
use super::{Copier, CopyDestination, CopyError, CopySide, CopySource, Counts};

/// What cosign appends to the tag made of a digest: signatures, attestations, SBOMs.
const LEGACY_SUFFIXES: [&str; 3] = ["sig", "att", "sbom"];

/// Those tags of the source that refer to something by their name; `None` when it does not list its tags.
pub(super) type LegacyTags = Option<HashSet<Tag>>;

impl<S: CopySource, D: CopyDestination> Copier<'_, S, D> {
    /// Copies what refers to a manifest, to the manifests below it, and to the referrers themselves.
    pub(super) fn all_referrers<'step>(
        &'step self,
        descriptor: &'step Descriptor,
        depth: usize,
    ) -> Step<'step, ()> {
        Box::pin(async move {
            let work = async {
                let (below, legacy) = future::try_join(
                    self.manifests_below(descriptor, depth),
                    self.legacy_tags(&descriptor.digest),
                )
                .await?;
                let below = below.iter().map(|child| self.all_referrers(child, depth + 1));
                let legacy = legacy.iter().map(|tag| self.legacy(tag));
                future::try_join3(
                    future::try_join_all(below),
                    future::try_join_all(legacy),
                    self.referrers_of(&descriptor.digest, depth),
                )
                .await
                .map(drop)
            };
            self.subjects.run(&descriptor.digest, work).await
        })
    }

    async fn manifests_below(
        &self,
        descriptor: &Descriptor,
        depth: usize,
    ) -> Result<Vec<Descriptor>, CopyError> {
        if !descriptor.media_type.is_index() {
            return Ok(Vec::new());
        }
        let manifest = self.fetch(descriptor, depth).await?;
        Ok(match parse(&manifest)? {
            Manifest::Index(index) => index.manifests,
            Manifest::Image(_) => Vec::new(),
        })
    }

    async fn referrers_of(&self, subject: &Digest, depth: usize) -> Result<(), CopyError> {
        let wanted = self.list(self.source, subject, CopySide::Source).await?;
        if wanted.is_empty() {
            return Ok(());
        }
        if depth > DEPTH {
            return Err(CopyError::TooDeep {
                digest: subject.clone(),
                limit: DEPTH,
            });
        }
        let there = self
            .list(self.destination, subject, CopySide::Destination)
            .await?;
        let there: HashSet<&Digest> = there.iter().map(|referrer| &referrer.digest).collect();
        let copies = wanted.iter().map(|referrer| {
            let is_there = there.contains(&referrer.digest);
            self.referrer(referrer, is_there, depth + 1)
        });
        future::try_join_all(copies).await.map(drop)
    }

    /// One that is stored but not listed is stored again, which lists it.
    async fn referrer(&self, referrer: &Descriptor, is_there: bool, depth: usize) -> Result<(), CopyError> {
        if !is_there {
            let place = TagOrDigest::Digest(referrer.digest.clone());
            match self.tree(referrer, place, depth).await {
                // Lists outlive what they name.
                Err(CopyError::Fetch {
                    digest,
                    source: FetchManifestError::NotFound { .. },
                }) if digest == referrer.digest => return Ok(()),
                copied => copied?,
            }
            Counts::add(&self.counts.referrers, 1);
        }
        self.all_referrers(referrer, depth).await
    }

    async fn list(
        &self,
        repository: &(impl skeg_oci_client::ListReferrers + Sync),
        subject: &Digest,
        side: CopySide,
    ) -> Result<Vec<Descriptor>, CopyError> {
        let _place = self.place().await;
        match repository.list_referrers(subject, None).await {
            Ok(Referrers { manifests, .. }) => Ok(manifests),
            Err(ListReferrersError::NotFound { .. }) => Ok(Vec::new()),
            Err(source) => Err(CopyError::Referrers {
                digest: subject.clone(),
                side,
                source: Box::new(source),
            }),
        }
    }

    /// The tags of the source that refer to a manifest by their name. Without a list they are tried.
    async fn legacy_tags(&self, subject: &Digest) -> Result<Vec<Tag>, CopyError> {
        let listed = self.legacy.get_or_init(async || {
            let _place = self.place().await;
            let tags = self.source.list_tags().await.ok()?;
            Some(tags.into_iter().filter(is_legacy).collect())
        });
        let possible = LEGACY_SUFFIXES.map(|suffix| legacy_tag(subject, suffix));
        if let Some(listed) = listed.await {
            return Ok(possible.into_iter().filter(|tag| listed.contains(tag)).collect());
        }
        let asked = possible.map(async |tag| {
            let _place = self.place().await;
            let target = TagOrDigest::Tag(tag.clone());
            self.source.resolve(&target).await.is_ok().then_some(tag)
        });
        Ok(future::join_all(asked).await.into_iter().flatten().collect())
    }

    /// Such a tag moves with every signature.
    async fn legacy(&self, tag: &Tag) -> Result<(), CopyError> {
        let target = TagOrDigest::Tag(tag.clone());
        let (descriptor, existing) = self.look_up(&target, Some(tag)).await?;
        if existing.as_ref() == Some(&descriptor.digest) {
            return Ok(());
        }
        self.tree(&descriptor, target, 1).await?;
        Counts::add(&self.counts.referrers, 1);
        Ok(())
    }
}

fn legacy_tag(subject: &Digest, suffix: &str) -> Tag {
    let tag = skeg_oci_client::referrers_tag(subject);
    Tag::parse(&format!("{tag}.{suffix}")).expect("because the tag of a digest is short")
}

fn is_legacy(tag: &Tag) -> bool {
    let name = tag.as_str().rsplit_once('.');
    name.is_some_and(|(digest, suffix)| LEGACY_SUFFIXES.contains(&suffix) && is_digest(digest))
}

/// Tells whether a tag refers to another manifest by its name: the list of its referrers, or what cosign attached to it.
pub fn is_referrers_tag(tag: &Tag) -> bool {
    is_digest(tag.as_str()) || is_legacy(tag)
}

fn is_digest(text: &str) -> bool {
    let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.split_once('-').is_some_and(|(algorithm, hex)| {
        matches!(algorithm, "sha256" | "sha512") && hex.len() == 64 && hex.bytes().all(is_hex)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(tag: &str, expected: bool) {
        assert_eq!(is_referrers_tag(&Tag::parse(tag).unwrap()), expected, "{tag}");
    }

    #[test]
    fn tags_that_refer_to_something() {
        let hex = "0a".repeat(32);
        for suffix in ["", ".sig", ".att", ".sbom"] {
            check(&format!("sha256-{hex}{suffix}"), true);
        }
        check(&format!("sha512-{hex}"), true);
        for tag in [
            "1.0.0".to_owned(),
            format!("sha256-{hex}.other"),
            format!("sha256-{hex}0"),
            format!("sha1-{hex}"),
            "sha256-0a.sig".to_owned(),
            format!("sha256-{}", hex.to_uppercase()),
        ] {
            check(&tag, false);
        }
    }
}
