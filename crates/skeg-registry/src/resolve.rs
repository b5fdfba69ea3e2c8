//! From a reference and a wish for a version to the one manifest that is meant.

use skeg_go::semver::{Version, VersionConstraint};
use skeg_oci::{Digest, ImageIndex, Manifest, RawManifest, Tag, TagOrDigest};
use skeg_oci_client::{FetchManifest, FetchManifestError, ListTags, ListTagsError, ResponseError};

use crate::artifact::{ChartArtifact, NotAChartError, may_be_chart};
use crate::reference::ChartReference;
use crate::version::{self, InvalidVersionError, TagChoice, VersionRequest};

/// At most so many manifests of an index are looked at in search of a chart.
const INDEX_LIMIT: usize = 32;

/// How many tags an error names.
const NEAREST_TAGS: usize = 5;

/// A chart as a person asks for it.
#[derive(Clone, Debug)]
pub struct ChartRequest {
    /// Where the chart is.
    pub reference: ChartReference,
    /// The value of `--version`.
    pub version: Option<String>,
    /// Whether pre-releases count when no version is given.
    pub devel: bool,
}

/// The one chart that a request means.
#[derive(Clone, Debug)]
pub struct ResolvedChart {
    /// The reference with what was resolved: a tag, or the digest that was asked for.
    pub reference: ChartReference,
    /// The digest of the manifest, or of the index that led to it.
    pub digest: Digest,
    /// The manifest's parts.
    pub artifact: ChartArtifact,
    /// The exact manifest, or the index.
    pub manifest: RawManifest,
    /// How the tag was chosen, if the request did not name it exactly.
    pub choice: Option<TagChoice>,
}

/// Why a request means no chart.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResolveChartError {
    /// The version is neither a range nor a tag.
    #[error(transparent)]
    Version(#[from] InvalidVersionError),
    /// The reference has a tag and `--version` says something else.
    #[error("chart reference and version mismatch: {version} is not {tag}")]
    VersionMismatch {
        /// The version asked for.
        version: String,
        /// The version of the reference's tag.
        tag: String,
    },
    /// The tag of the reference does not name the digest of the reference.
    #[error("chart reference digest mismatch: {actual} is not {expected}")]
    DigestMismatch {
        /// The digest that the tag names.
        actual: Digest,
        /// The digest that the reference states.
        expected: Digest,
    },
    /// There is no such tag or digest.
    #[error("{reference}: not found")]
    NotFound {
        /// What was looked for.
        reference: String,
        /// Tags that are there and like it.
        nearest: Vec<Tag>,
        /// The registry's answer.
        #[source]
        source: Option<Box<ResponseError>>,
    },
    /// No tag is in the range.
    #[error("could not locate a version matching provided version string {range}")]
    NoMatch {
        /// The range.
        range: String,
        /// Tags that are there.
        nearest: Vec<Tag>,
    },
    /// The repository has no tag that is a version.
    #[error("unable to locate any tags in provided repository: {repository}")]
    NoVersions {
        /// The repository's URL.
        repository: String,
        /// Tags that are there.
        nearest: Vec<Tag>,
    },
    /// The tags could not be listed.
    #[error("cannot list the versions of {repository}")]
    List {
        /// The repository's URL.
        repository: String,
        /// Why.
        #[source]
        source: ListTagsError,
    },
    /// The manifest could not be read.
    #[error("cannot read the manifest of {reference}")]
    Manifest {
        /// What was looked for.
        reference: String,
        /// Why.
        #[source]
        source: FetchManifestError,
    },
    /// What is there is no chart.
    #[error("{reference} is not a chart")]
    NotAChart {
        /// What was looked for.
        reference: String,
        /// What it is instead.
        #[source]
        source: NotAChartError,
    },
}

/// Finds the manifest of the chart that `request` means.
///
/// One request if the version is exact; one more (the tag list) for a range, for no version, or if the exact tag is
/// not there. Where Helm 4.3.1 finds a chart, the same one is found. Beyond Helm, `v1.2.3`, `1.2` and tags with a `v`
/// are resolved, told by [`ResolvedChart::choice`].
///
/// # Errors
/// See [`ResolveChartError`].
pub async fn resolve<R>(repository: &R, request: &ChartRequest) -> Result<ResolvedChart, ResolveChartError>
where
    R: FetchManifest + ListTags,
{
    let search = Search { repository, request };
    let (target, choice, manifest) = search.find().await?;
    search.check_digest(&manifest)?;
    let reference = search.resolved_reference(target);
    let artifact = search.read_artifact(&reference, &manifest).await?;
    search.check_range(&artifact)?;
    Ok(ResolvedChart {
        reference,
        digest: manifest.digest().clone(),
        artifact,
        manifest,
        choice,
    })
}

struct Search<'search, R> {
    repository: &'search R,
    request: &'search ChartRequest,
}

type Found = (TagOrDigest, Option<TagChoice>, RawManifest);

impl<R: FetchManifest + ListTags> Search<'_, R> {
    async fn find(&self) -> Result<Found, ResolveChartError> {
        match self.wanted_version()? {
            None => {
                let digest = self
                    .request
                    .reference
                    .digest()
                    .expect("because no version is wanted only beside a digest");
                let target = TagOrDigest::Digest(digest.clone());
                let manifest = self
                    .fetch(&target)
                    .await
                    .map_err(|error| self.not_found(&target, Vec::new(), error))?;
                Ok((target, None, manifest))
            }
            Some(VersionRequest::Exact(tag)) => self.find_exact(tag).await,
            Some(VersionRequest::Range(range)) => self.find_highest(&range).await,
        }
    }

    /// The value of `--version`; an empty one is none.
    fn requested_version(&self) -> Result<Option<VersionRequest>, InvalidVersionError> {
        let text = self
            .request
            .version
            .as_deref()
            .filter(|version| !version.is_empty());
        text.map(VersionRequest::parse).transpose()
    }

    /// The version to look for by its tag; none if the digest alone says what is meant.
    fn wanted_version(&self) -> Result<Option<VersionRequest>, ResolveChartError> {
        let ChartRequest { reference, devel, .. } = self.request;
        let requested = self.requested_version()?;
        match (reference.tag(), requested, reference.digest()) {
            (Some(tag), Some(VersionRequest::Exact(version)), _) if version != *tag => {
                Err(ResolveChartError::VersionMismatch {
                    version: version.to_version(),
                    tag: tag.to_version(),
                })
            }
            (Some(tag), _, _) => Ok(Some(VersionRequest::Exact(tag.clone()))),
            (None, Some(exact @ VersionRequest::Exact(_)), _) => Ok(Some(exact)),
            (None, _, Some(_)) => Ok(None),
            (None, Some(range), None) => Ok(Some(range)),
            (None, None, None) => Ok(Some(VersionRequest::newest(*devel))),
        }
    }

    async fn find_exact(&self, tag: Tag) -> Result<Found, ResolveChartError> {
        let target = TagOrDigest::Tag(tag.clone());
        match self.fetch(&target).await {
            Ok(manifest) => Ok((target, None, manifest)),
            Err(error @ (FetchManifestError::NotFound { .. } | FetchManifestError::Offline { .. })) => {
                self.find_loosely(&tag, error).await
            }
            Err(source) => Err(ResolveChartError::Manifest {
                reference: self.name(&target),
                source,
            }),
        }
    }

    /// Looks for another writing of a tag that is not there. If the tags cannot be listed, the first error stands.
    async fn find_loosely(&self, tag: &Tag, error: FetchManifestError) -> Result<Found, ResolveChartError> {
        let wanted = TagOrDigest::Tag(tag.clone());
        let Ok(tags) = self.repository.list_tags().await else {
            return Err(self.not_found(&wanted, Vec::new(), error));
        };
        if let Some(choice) = version::choose_loosely(&tags, tag) {
            return self.fetch_choice(choice).await;
        }
        let nearest = version::nearest(&tags, &tag.to_version(), NEAREST_TAGS);
        Err(self.not_found(&wanted, nearest, error))
    }

    async fn find_highest(&self, range: &VersionConstraint) -> Result<Found, ResolveChartError> {
        let repository = || self.request.reference.location().to_url();
        let tags = self.repository.list_tags().await;
        let tags = tags.map_err(|source| ResolveChartError::List {
            repository: repository(),
            source,
        })?;
        if let Some(choice) = version::choose(&tags, range) {
            return self.fetch_choice(choice).await;
        }
        let nearest = version::nearest(&tags, "", NEAREST_TAGS);
        let has_versions = tags.iter().any(|tag| Version::parse(&tag.to_version()).is_ok());
        match &self.request.version {
            Some(range) if has_versions => Err(ResolveChartError::NoMatch {
                range: range.clone(),
                nearest,
            }),
            None if has_versions => Err(ResolveChartError::NoMatch {
                range: range.to_string(),
                nearest,
            }),
            _ => Err(ResolveChartError::NoVersions {
                repository: repository(),
                nearest,
            }),
        }
    }

    async fn fetch_choice(&self, choice: TagChoice) -> Result<Found, ResolveChartError> {
        let target = TagOrDigest::Tag(choice.tag.clone());
        let manifest = self.fetch(&target).await;
        let manifest = manifest.map_err(|source| ResolveChartError::Manifest {
            reference: self.name(&target),
            source,
        })?;
        Ok((target, Some(choice), manifest))
    }

    async fn fetch(&self, target: &TagOrDigest) -> Result<RawManifest, FetchManifestError> {
        self.repository.fetch_manifest(target).await
    }

    fn check_digest(&self, manifest: &RawManifest) -> Result<(), ResolveChartError> {
        match self.request.reference.digest() {
            Some(expected) if expected != manifest.digest() => Err(ResolveChartError::DigestMismatch {
                actual: manifest.digest().clone(),
                expected: expected.clone(),
            }),
            _ => Ok(()),
        }
    }

    /// A range beside a tag or a digest must hold too, as far as the manifest tells its version.
    fn check_range(&self, artifact: &ChartArtifact) -> Result<(), ResolveChartError> {
        let asked = &self.request.reference;
        let is_named = asked.tag().is_some() || asked.digest().is_some();
        let (true, Some(VersionRequest::Range(range)), Some(version)) =
            (is_named, self.requested_version()?, artifact.version())
        else {
            return Ok(());
        };
        if Version::parse(version).is_ok_and(|version| !range.check(&version)) {
            return Err(ResolveChartError::VersionMismatch {
                version: range.to_string(),
                tag: version.to_owned(),
            });
        }
        Ok(())
    }

    /// A digest that was asked for names the chart from here on, as in Helm; else the tag that was found.
    fn resolved_reference(&self, target: TagOrDigest) -> ChartReference {
        let asked = &self.request.reference;
        match (asked.digest(), target) {
            (Some(digest), _) => ChartReference::new(asked.location().clone(), None, Some(digest.clone())),
            (None, TagOrDigest::Tag(tag)) => ChartReference::new(asked.location().clone(), Some(tag), None),
            (None, TagOrDigest::Digest(digest)) => {
                ChartReference::new(asked.location().clone(), None, Some(digest))
            }
        }
    }

    /// Reads the chart's parts out of a manifest, or out of the first chart of an index.
    async fn read_artifact(
        &self,
        reference: &ChartReference,
        manifest: &RawManifest,
    ) -> Result<ChartArtifact, ResolveChartError> {
        let not_a_chart = |source| ResolveChartError::NotAChart {
            reference: reference.to_string(),
            source,
        };
        let parsed = manifest.parse().map_err(|error| not_a_chart(error.into()))?;
        match parsed {
            Manifest::Image(manifest) => ChartArtifact::from_manifest(*manifest).map_err(not_a_chart),
            Manifest::Index(index) => {
                let found = self.read_first_chart(&index).await?;
                found.ok_or_else(|| not_a_chart(NotAChartError::of_index(&index)))
            }
        }
    }

    /// Finds the first chart of an index, in the order of the index.
    async fn read_first_chart(&self, index: &ImageIndex) -> Result<Option<ChartArtifact>, ResolveChartError> {
        let candidates = index.manifests.iter().filter(|entry| may_be_chart(entry));
        for entry in candidates.take(INDEX_LIMIT) {
            let target = TagOrDigest::Digest(entry.digest.clone());
            let manifest = self.fetch(&target).await;
            let manifest = manifest.map_err(|source| ResolveChartError::Manifest {
                reference: self.name(&target),
                source,
            })?;
            if let Ok(Manifest::Image(manifest)) = manifest.parse()
                && let Ok(artifact) = ChartArtifact::from_manifest(*manifest)
            {
                return Ok(Some(artifact));
            }
        }
        Ok(None)
    }

    fn not_found(
        &self,
        target: &TagOrDigest,
        nearest: Vec<Tag>,
        error: FetchManifestError,
    ) -> ResolveChartError {
        let reference = self.name(target);
        match error {
            FetchManifestError::NotFound { source, .. } => ResolveChartError::NotFound {
                reference,
                nearest,
                source,
            },
            source => ResolveChartError::Manifest { reference, source },
        }
    }

    fn name(&self, target: &TagOrDigest) -> String {
        let separator = match target {
            TagOrDigest::Tag(_) => ':',
            TagOrDigest::Digest(_) => '@',
        };
        format!("{}{separator}{target}", self.request.reference.location())
    }
}
