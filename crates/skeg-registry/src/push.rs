//! Pushing a chart: its blobs side by side, then its manifest, once per tag.

use std::pin::pin;

use futures_util::future::{self, Either};
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use skeg_oci::{Digest, RawManifest, Tag, TagOrDigest};
use skeg_oci_client::{BlobSource, BlobUpload, PushBlob, PushBlobError, PushManifest, PushManifestError};
use skeg_oci_client::{Resolve, ResolveError};

use crate::archive::ChartArchive;
use crate::artifact::ArtifactContent;

/// What to push, beside the archive itself.
#[derive(Clone, Debug)]
pub struct PushOptions {
    /// The tag of the chart's version first, then any extra tags.
    pub tags: Vec<Tag>,
    /// What to do with tags that are there.
    pub existing: ExistingTag,
}

/// What to do with a tag that names another manifest already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExistingTag {
    /// Let it name the new manifest, as Helm does.
    #[default]
    Overwrite,
    /// Refuse to push anything.
    Refuse,
    /// Leave everything as it is.
    Keep,
}

/// What a push did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushOutcome {
    /// The digest that the version's tag names now.
    pub digest: Digest,
    /// What became of each tag, in the order of the options.
    pub tags: Vec<(Tag, TagState)>,
}

/// What became of a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TagState {
    /// It was not there.
    Created,
    /// It named this manifest before.
    Unchanged,
    /// It named another manifest before.
    Moved {
        /// The digest that it named.
        from: Digest,
    },
    /// It names another manifest and was left alone.
    Kept {
        /// The digest that it names.
        digest: Digest,
    },
}

/// Why a chart could not be pushed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PushError {
    /// A tag names another manifest and may not be overwritten.
    #[error("tag {tag} exists already with digest {existing}; the chart to push has {pushed}")]
    TagExists {
        /// The tag.
        tag: Tag,
        /// The digest that it names.
        existing: Digest,
        /// The digest of the manifest to push.
        pushed: Digest,
    },
    /// Whether a tag exists could not be found out.
    #[error("cannot look up tag {tag}")]
    Resolve {
        /// The tag.
        tag: Tag,
        /// Why.
        #[source]
        source: ResolveError,
    },
    /// A blob could not be stored.
    #[error("cannot push {content}")]
    Blob {
        /// What the blob is: "the chart's archive", for instance.
        content: &'static str,
        /// Why.
        #[source]
        source: PushBlobError,
    },
    /// The manifest could not be stored.
    #[error("cannot push the manifest as {target}")]
    Manifest {
        /// The tag.
        target: Tag,
        /// Why.
        #[source]
        source: PushManifestError,
    },
}

/// Pushes a chart: its config, archive and provenance, then one manifest for all tags.
///
/// In the round trips of a registry: the tags are looked up and the blobs sent side by side, then the manifest is put.
/// A push of what is there already only asks and sends nothing.
///
/// # Errors
/// See [`PushError`]. When tags may not be overwritten, that is checked before anything is sent.
pub async fn push<R>(
    repository: &R,
    archive: &ChartArchive,
    content: &ArtifactContent,
    options: &PushOptions,
) -> Result<PushOutcome, PushError>
where
    R: Resolve + PushBlob + PushManifest,
{
    let manifest = &content.manifest;
    let uploads = uploads(archive, content);
    let tags = tag_states(repository, manifest, options);
    let states = if options.existing == ExistingTag::Overwrite {
        side_by_side(tags, push_blobs(repository, &uploads)).await?
    } else {
        let states = tags.await?;
        if states.iter().any(|(_, state)| needs_manifest(state)) {
            push_blobs(repository, &uploads).await?;
        }
        states
    };
    push_manifests(repository, manifest, &states).await?;
    let digest = match states.first() {
        Some((_, TagState::Kept { digest })) => digest.clone(),
        _ => manifest.digest().clone(),
    };
    Ok(PushOutcome { digest, tags: states })
}

type TagStates = Vec<(Tag, TagState)>;

/// Waits for both. When both fail, as when the registry is down, the error is always that of the tags.
async fn side_by_side(
    tags: impl Future<Output = Result<TagStates, PushError>>,
    blobs: impl Future<Output = Result<(), PushError>>,
) -> Result<TagStates, PushError> {
    match future::select(pin!(tags), pin!(blobs)).await {
        Either::Left((states, blobs)) => {
            let states = states?;
            blobs.await?;
            Ok(states)
        }
        Either::Right((pushed, tags)) => {
            let states = tags.await?;
            pushed?;
            Ok(states)
        }
    }
}

async fn tag_states<R: Resolve>(
    repository: &R,
    manifest: &RawManifest,
    options: &PushOptions,
) -> Result<TagStates, PushError> {
    let states = options
        .tags
        .iter()
        .map(|tag| tag_state(repository, manifest, tag, options.existing));
    future::try_join_all(states).await
}

async fn tag_state<R: Resolve>(
    repository: &R,
    manifest: &RawManifest,
    tag: &Tag,
    existing: ExistingTag,
) -> Result<(Tag, TagState), PushError> {
    let found = match repository.resolve(&TagOrDigest::Tag(tag.clone())).await {
        Ok(descriptor) => descriptor.digest,
        Err(ResolveError::NotFound { .. }) => return Ok((tag.clone(), TagState::Created)),
        Err(source) => {
            return Err(PushError::Resolve {
                tag: tag.clone(),
                source,
            });
        }
    };
    let state = match existing {
        _ if found == *manifest.digest() => TagState::Unchanged,
        ExistingTag::Overwrite => TagState::Moved { from: found },
        ExistingTag::Keep => TagState::Kept { digest: found },
        ExistingTag::Refuse => {
            let pushed = manifest.digest().clone();
            return Err(PushError::TagExists {
                tag: tag.clone(),
                existing: found,
                pushed,
            });
        }
    };
    Ok((tag.clone(), state))
}

fn needs_manifest(state: &TagState) -> bool {
    matches!(state, TagState::Created | TagState::Moved { .. })
}

fn uploads(archive: &ChartArchive, content: &ArtifactContent) -> Vec<(&'static str, BlobUpload)> {
    let ArtifactContent { artifact, config, .. } = content;
    let source = BlobSource::file(archive.path(), artifact.archive.size);
    let mut uploads = vec![
        (
            "the chart's config",
            BlobUpload::new(artifact.config.clone(), BlobSource::Bytes(config.clone())),
        ),
        (
            "the chart's archive",
            BlobUpload::new(artifact.archive.clone(), source),
        ),
    ];
    if let (Some(descriptor), Some(content)) = (&artifact.provenance, archive.provenance()) {
        let upload = BlobUpload::new(descriptor.clone(), BlobSource::Bytes(content.clone()));
        uploads.push(("the chart's provenance", upload));
    }
    uploads
}

async fn push_blobs<R: PushBlob>(
    repository: &R,
    uploads: &[(&'static str, BlobUpload)],
) -> Result<(), PushError> {
    let pushes = uploads.iter().map(async |(content, upload)| {
        let pushed = repository.push_blob(upload).await;
        pushed.map_err(|source| PushError::Blob { content, source })
    });
    // Side by side, and read in order: of several failures always the same one is told.
    stream::iter(pushes)
        .buffered(uploads.len())
        .try_for_each(|_| future::ready(Ok(())))
        .await
}

async fn push_manifests<R: PushManifest>(
    repository: &R,
    manifest: &RawManifest,
    states: &[(Tag, TagState)],
) -> Result<(), PushError> {
    let tags = states
        .iter()
        .filter(|(_, state)| needs_manifest(state))
        .map(|(tag, _)| tag);
    let pushes = tags.map(async |tag| {
        let pushed = repository
            .push_manifest(manifest, &TagOrDigest::Tag(tag.clone()))
            .await;
        pushed.map_err(|source| PushError::Manifest {
            target: tag.clone(),
            source,
        })
    });
    future::try_join_all(pushes).await.map(drop)
}
