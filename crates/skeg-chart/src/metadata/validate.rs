//! The checks on `Chart.yaml`, with Helm 4.3.1's messages, and the cleaning of its texts.

use std::collections::HashSet;

use skeg_go::quote::is_print;

use super::decode::UncheckedMetadata;
use super::{Maintainer, Metadata};
use crate::dependency::Dependency;
use crate::error::{InvalidMetadataError, ParseChartNameError};
use crate::name::ChartName;
use crate::version::ChartVersion;

impl UncheckedMetadata {
    /// Checks the fields in Helm's order, so that of several mistakes the same one is reported.
    pub(super) fn validate(self) -> Result<Metadata, InvalidMetadataError> {
        if self.api_version.is_empty() {
            return Err(InvalidMetadataError::MissingApiVersion);
        }
        let name = validate_name(&self.name)?;
        let version = validate_version(&self.version)?;
        if !matches!(self.chart_type.as_str(), "" | "application" | "library") {
            return Err(InvalidMetadataError::UnknownType);
        }
        Ok(Metadata {
            name,
            version,
            api_version: self.api_version,
            home: clean(&self.home),
            sources: clean_all(&self.sources),
            description: clean(&self.description),
            keywords: clean_all(&self.keywords),
            maintainers: validate_maintainers(self.maintainers)?,
            icon: clean(&self.icon),
            condition: clean(&self.condition),
            tags: clean(&self.tags),
            app_version: clean(&self.app_version),
            deprecated: self.deprecated,
            annotations: self.annotations,
            kube_version: clean(&self.kube_version),
            dependencies: validate_dependencies(self.dependencies)?,
            chart_type: self.chart_type,
        })
    }
}

fn validate_name(name: &str) -> Result<ChartName, InvalidMetadataError> {
    ChartName::parse(&clean(name)).map_err(|error| match error {
        ParseChartNameError::Missing => InvalidMetadataError::MissingName,
        ParseChartNameError::NotAllowed { name } => InvalidMetadataError::NameNotAllowed { name },
        ParseChartNameError::Invalid { name } => InvalidMetadataError::InvalidName { name },
    })
}

fn validate_version(version: &str) -> Result<ChartVersion, InvalidMetadataError> {
    if version.is_empty() {
        return Err(InvalidMetadataError::MissingVersion);
    }
    ChartVersion::parse(version).map_err(|_| InvalidMetadataError::InvalidVersion {
        version: version.to_owned(),
    })
}

fn validate_maintainers(
    maintainers: Vec<Option<Maintainer>>,
) -> Result<Vec<Maintainer>, InvalidMetadataError> {
    let clean_one = |maintainer: Option<Maintainer>| {
        let maintainer = maintainer.ok_or(InvalidMetadataError::NullMaintainer)?;
        Ok(Maintainer {
            name: clean(&maintainer.name),
            email: clean(&maintainer.email),
            url: clean(&maintainer.url),
        })
    };
    maintainers.into_iter().map(clean_one).collect()
}

fn validate_dependencies(
    dependencies: Vec<Option<Dependency>>,
) -> Result<Vec<Dependency>, InvalidMetadataError> {
    let mut seen = HashSet::new();
    let mut valid = Vec::with_capacity(dependencies.len());
    for dependency in dependencies {
        let dependency = dependency.ok_or(InvalidMetadataError::NullDependency)?;
        let dependency = clean_dependency(dependency);
        if !is_alias(&dependency.alias) {
            return Err(InvalidMetadataError::InvalidAlias {
                name: dependency.name,
            });
        }
        let key = match dependency.alias.as_str() {
            "" => &dependency.name,
            alias => alias,
        };
        if !seen.insert(key.to_owned()) {
            return Err(InvalidMetadataError::DuplicateDependency { name: key.to_owned() });
        }
        valid.push(dependency);
    }
    Ok(valid)
}

fn clean_dependency(dependency: Dependency) -> Dependency {
    Dependency {
        name: clean(&dependency.name),
        version: clean(&dependency.version),
        repository: clean(&dependency.repository),
        condition: clean(&dependency.condition),
        tags: clean_all(&dependency.tags),
        ..dependency
    }
}

/// Whether a text is fit for an alias; no alias is.
fn is_alias(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

fn clean_all(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| clean(text)).collect()
}

/// Turns white space into blanks and drops what does not print.
fn clean(text: &str) -> String {
    text.chars()
        .filter_map(|character| match character {
            _ if character.is_whitespace() => Some(' '),
            _ if is_print(character) => Some(character),
            _ => None,
        })
        .collect()
}
