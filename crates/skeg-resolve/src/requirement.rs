//! What a chart requires: its dependencies with their ranges understood.

use skeg_chart::Dependency;
use skeg_go::semver::{Version, VersionConstraint};
use skeg_oci::{Digest, ParseDigestError};

use crate::repository::DependencyRepository;
use crate::source::Place;

/// A dependency that a chart declares.
#[derive(Clone, Debug)]
pub struct Requirement {
    dependency: Dependency,
    place: Place,
    range: VersionConstraint,
    /// The version without a digest behind it.
    version: String,
    digest: Option<Digest>,
}

/// Why a dependency is none.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RequirementError {
    /// The version is no range.
    #[error("dependency \"{name}\" has an invalid version/constraint format: improper constraint: {text:?}")]
    Constraint {
        /// The dependency.
        name: String,
        /// What stands as version.
        text: String,
    },
    /// What stands behind the `@` of the version is no digest.
    #[error("dependency \"{name}\" has an invalid digest behind its version")]
    Digest {
        /// The dependency.
        name: String,
        /// Why.
        #[source]
        source: ParseDigestError,
    },
}

impl Requirement {
    /// Reads all dependencies of a chart.
    ///
    /// # Errors
    /// See [`RequirementError`]; of several mistakes the first one.
    pub fn all(dependencies: &[Dependency]) -> Result<Vec<Self>, RequirementError> {
        dependencies.iter().map(Self::new).collect()
    }

    fn new(dependency: &Dependency) -> Result<Self, RequirementError> {
        let name = || dependency.name().to_owned();
        let (version, digest) = match dependency.version().split_once('@') {
            Some((version, digest)) => {
                let digest = Digest::parse(digest)
                    .map_err(|source| RequirementError::Digest { name: name(), source })?;
                (version, Some(digest))
            }
            None => (dependency.version(), None),
        };
        let range = VersionConstraint::parse(version).map_err(|_| RequirementError::Constraint {
            name: name(),
            text: version.to_owned(),
        })?;
        Ok(Self {
            place: Place {
                repository: DependencyRepository::parse(dependency.repository()),
                name: name(),
            },
            range,
            version: version.to_owned(),
            digest,
            dependency: dependency.clone(),
        })
    }

    /// The dependency as it is declared.
    pub fn dependency(&self) -> &Dependency {
        &self.dependency
    }

    /// Where the chart is.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The range of versions.
    pub fn range(&self) -> &VersionConstraint {
        &self.range
    }

    /// What stands as version, without a digest behind it.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The digest that stands behind the version, `1.2.3@sha256:…`.
    pub fn digest(&self) -> Option<&Digest> {
        self.digest.as_ref()
    }

    /// The one version that a registry is asked for, without a look at its tags.
    ///
    /// Helm 4.3.1: whatever reads as a version, `1.2` too, though as a range that would be more.
    pub fn exact_version(&self) -> Option<&str> {
        let is_registry = matches!(self.place.repository, DependencyRepository::Registry(_));
        (is_registry && Version::parse(&self.version).is_ok()).then_some(self.version.as_str())
    }
}
