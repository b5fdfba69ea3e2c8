//! References to charts as people write them, and the remotes that charts are pushed to.

use std::fmt;
use std::path::{Path, PathBuf};

use skeg_oci::{Digest, ParseDigestError, ParseHostError, ParseReferenceError, ParseRepositoryError};
use skeg_oci::{ParseTagError, RegistryHost, RepositoryName, Tag};

use crate::location::{LAYOUT_SCHEME, REGISTRY_SCHEME, RepositoryLocation, last_component};

/// A chart in a repository: `oci://HOST/PATH/NAME[:TAG][@DIGEST]` or `oci-layout://DIR/NAME[:TAG][@DIGEST]`.
///
/// A version may stand as tag: `:1.2.4+build.5` means the tag `1.2.4_build.5`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartReference {
    location: RepositoryLocation,
    tag: Option<Tag>,
    digest: Option<Digest>,
}

/// Where charts are pushed to: the part of a reference before the chart's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PushTarget {
    /// A path of a registry, which may be empty.
    Registry {
        /// The registry.
        host: RegistryHost,
        /// The path that the chart's name is appended to.
        path: Option<RepositoryName>,
    },
    /// A directory that holds one image layout per chart.
    Layout {
        /// The directory.
        directory: PathBuf,
    },
}

/// Why a text is no reference to a chart.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParseChartReferenceError {
    /// There is no `scheme://` in front.
    #[error("scheme prefix missing from remote (e.g. \"oci://\")")]
    MissingScheme,
    /// The scheme is none of ours.
    #[error("scheme \"{scheme}\" not supported")]
    Scheme {
        /// What stands before `://`.
        scheme: String,
    },
    /// Host or repository are missing or malformed.
    #[error(transparent)]
    Reference(#[from] ParseReferenceError),
    /// The directory of a layout is missing.
    #[error("`{text}` names no directory of an image layout")]
    Directory {
        /// The whole text.
        text: String,
    },
    /// The remote of a push has a tag or a digest.
    #[error("the remote `{text}` must not have a tag or a digest: name and version come from the chart")]
    VersionInRemote {
        /// The whole text.
        text: String,
    },
    /// The remote of a push ends with the chart's name, which would then stand there twice.
    #[error(
        "the remote `{remote}` already ends with the chart's name: the chart would become `{remote}/{name}`"
    )]
    RepeatedName {
        /// The remote.
        remote: String,
        /// The chart's name.
        name: String,
    },
}

impl ChartReference {
    /// Tells whether `text` has one of the two schemes and so can only be a reference to a repository.
    pub fn has_scheme(text: &str) -> bool {
        text.split_once("://")
            .is_some_and(|(scheme, _)| Scheme::parse(scheme).is_ok())
    }

    /// Parses a reference. Upper case in the scheme, repeated slashes and an empty tag are tolerated.
    ///
    /// # Errors
    /// The scheme is missing or unknown, or a part does not follow its grammar.
    pub fn parse(text: &str) -> Result<Self, ParseChartReferenceError> {
        let (scheme, rest) = split_scheme(text)?;
        let parts = Parts::split(rest);
        let digest = parts
            .digest
            .map(Digest::parse)
            .transpose()
            .map_err(digest_error)?;
        let tag = parts.tag.filter(|tag| !tag.is_empty());
        let tag = tag.map(Tag::from_version).transpose().map_err(tag_error)?;
        let location = match scheme {
            Scheme::Registry => registry_location(parts.path)?,
            Scheme::Layout => layout_location(parts.path, text)?,
        };
        Ok(Self {
            location,
            tag,
            digest,
        })
    }

    /// Makes a reference from its parts.
    pub fn new(location: RepositoryLocation, tag: Option<Tag>, digest: Option<Digest>) -> Self {
        Self {
            location,
            tag,
            digest,
        }
    }

    /// The repository.
    pub fn location(&self) -> &RepositoryLocation {
        &self.location
    }

    /// The tag, if one is written.
    pub fn tag(&self) -> Option<&Tag> {
        self.tag.as_ref()
    }

    /// The digest, if one is written.
    pub fn digest(&self) -> Option<&Digest> {
        self.digest.as_ref()
    }

    /// The chart's name by Helm's convention: the last component of the repository.
    pub fn chart_name(&self) -> &str {
        self.location.chart_name()
    }
}

impl fmt::Display for ChartReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.location.to_url())?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

impl PushTarget {
    /// Parses `oci://HOST[/PATH]` or `oci-layout://DIR`.
    ///
    /// # Errors
    /// The scheme is missing or unknown, a part is malformed, or there is a tag or a digest.
    pub fn parse(text: &str) -> Result<Self, ParseChartReferenceError> {
        let (scheme, rest) = split_scheme(text)?;
        let parts = Parts::split(rest);
        if parts.tag.is_some() || parts.digest.is_some() {
            return Err(ParseChartReferenceError::VersionInRemote {
                text: text.to_owned(),
            });
        }
        match scheme {
            Scheme::Registry => {
                let (host, path) = parts.path.split_once('/').unwrap_or((parts.path, ""));
                let host = RegistryHost::parse(host).map_err(host_error)?;
                let path = Some(join_components(path)).filter(|path| !path.is_empty());
                let path = path.as_deref().map(RepositoryName::parse);
                let path = path.transpose().map_err(repository_error)?;
                Ok(Self::Registry { host, path })
            }
            Scheme::Layout => {
                let directory = layout_directory(parts.path, text)?;
                Ok(Self::Layout { directory })
            }
        }
    }

    /// The repository of the chart `name` below this target.
    ///
    /// # Errors
    /// The name is none of a repository: Helm packages a chart with capitals in its name but no registry can hold it.
    pub fn repository(&self, name: &str) -> Result<RepositoryLocation, ParseChartReferenceError> {
        let path = match self {
            Self::Registry { path: Some(path), .. } => format!("{path}/{name}"),
            Self::Registry { path: None, .. } | Self::Layout { .. } => name.to_owned(),
        };
        let repository = RepositoryName::parse(&path).map_err(repository_error)?;
        Ok(match self {
            Self::Registry { host, .. } => RepositoryLocation::Registry {
                host: host.clone(),
                repository,
            },
            Self::Layout { directory } => RepositoryLocation::Layout {
                directory: directory.join(name),
            },
        })
    }

    /// Refuses a target whose path has the chart's name at its end already, a frequent slip.
    ///
    /// A path of one component is taken: a namespace often has the name of its only chart.
    ///
    /// # Errors
    /// [`ParseChartReferenceError::RepeatedName`].
    pub fn refuse_repeated_name(&self, name: &str) -> Result<(), ParseChartReferenceError> {
        let repeats = match self {
            Self::Registry { path, .. } => path
                .as_ref()
                .is_some_and(|path| path.as_str().contains('/') && path.last_component() == name),
            Self::Layout { directory } => last_component(directory) == name,
        };
        if !repeats {
            return Ok(());
        }
        Err(ParseChartReferenceError::RepeatedName {
            remote: self.to_string(),
            name: name.to_owned(),
        })
    }

    /// The registry's host; none for a layout.
    pub fn host(&self) -> Option<&RegistryHost> {
        match self {
            Self::Registry { host, .. } => Some(host),
            Self::Layout { .. } => None,
        }
    }
}

impl fmt::Display for PushTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Registry {
                host,
                path: Some(path),
            } => write!(f, "{REGISTRY_SCHEME}://{host}/{path}"),
            Self::Registry { host, path: None } => write!(f, "{REGISTRY_SCHEME}://{host}"),
            Self::Layout { directory } => write!(f, "{LAYOUT_SCHEME}://{}", directory.display()),
        }
    }
}

#[derive(Clone, Copy)]
enum Scheme {
    Registry,
    Layout,
}

impl Scheme {
    fn parse(scheme: &str) -> Result<Self, ParseChartReferenceError> {
        match scheme.to_ascii_lowercase().as_str() {
            REGISTRY_SCHEME => Ok(Self::Registry),
            LAYOUT_SCHEME => Ok(Self::Layout),
            _ => Err(ParseChartReferenceError::Scheme {
                scheme: scheme.to_owned(),
            }),
        }
    }
}

fn split_scheme(text: &str) -> Result<(Scheme, &str), ParseChartReferenceError> {
    let (scheme, rest) = text
        .split_once("://")
        .ok_or(ParseChartReferenceError::MissingScheme)?;
    Ok((Scheme::parse(scheme)?, rest))
}

/// A reference cut at `@` and at the `:` behind the last separator of its path.
struct Parts<'text> {
    path: &'text str,
    tag: Option<&'text str>,
    digest: Option<&'text str>,
}

impl<'text> Parts<'text> {
    fn split(text: &'text str) -> Self {
        let (text, digest) = match text.rsplit_once('@') {
            Some((text, digest)) if !digest.contains(['/', '\\']) => (text, Some(digest)),
            _ => (text, None),
        };
        // A `:` before the last separator belongs to a port or to a directory.
        let last_component_at = text.rfind(['/', '\\']).map_or(text.len(), |at| at + 1);
        let (text, tag) = match text[last_component_at..].find(':') {
            Some(at) => {
                let at = last_component_at + at;
                (&text[..at], Some(&text[at + 1..]))
            }
            None => (text, None),
        };
        Self {
            path: text.trim_end_matches('/'),
            tag,
            digest,
        }
    }
}

fn registry_location(path: &str) -> Result<RepositoryLocation, ParseChartReferenceError> {
    let (host, repository) = path.split_once('/').ok_or(ParseReferenceError::Incomplete)?;
    Ok(RepositoryLocation::Registry {
        host: RegistryHost::parse(host).map_err(host_error)?,
        repository: RepositoryName::parse(&join_components(repository)).map_err(repository_error)?,
    })
}

/// Helm 4.3.1: `charts//demo` is `charts/demo`.
fn join_components(path: &str) -> String {
    let components: Vec<&str> = path
        .split('/')
        .filter(|component| !component.is_empty())
        .collect();
    components.join("/")
}

fn layout_location(path: &str, text: &str) -> Result<RepositoryLocation, ParseChartReferenceError> {
    Ok(RepositoryLocation::Layout {
        directory: layout_directory(path, text)?,
    })
}

fn layout_directory(path: &str, text: &str) -> Result<PathBuf, ParseChartReferenceError> {
    if path.is_empty() {
        return Err(ParseChartReferenceError::Directory {
            text: text.to_owned(),
        });
    }
    Ok(Path::new(path).to_owned())
}

fn host_error(error: ParseHostError) -> ParseChartReferenceError {
    ParseReferenceError::Host(error).into()
}

fn repository_error(error: ParseRepositoryError) -> ParseChartReferenceError {
    ParseReferenceError::Repository(error).into()
}

fn tag_error(error: ParseTagError) -> ParseChartReferenceError {
    ParseReferenceError::Tag(error).into()
}

fn digest_error(error: ParseDigestError) -> ParseChartReferenceError {
    ParseReferenceError::Digest(error).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(ChartReference::parse(text).unwrap().to_string(), expected);
    }

    #[track_caller]
    fn check_error(text: &str, expected: &str) {
        assert_eq!(ChartReference::parse(text).unwrap_err().to_string(), expected);
    }

    #[track_caller]
    fn check_target_error(text: &str, expected: &str) {
        assert_eq!(PushTarget::parse(text).unwrap_err().to_string(), expected);
    }

    #[test]
    fn references_of_every_form() {
        check("oci://h/charts/demo", "oci://h/charts/demo");
        check("OCI://h:5000/demo:1.2.3", "oci://h:5000/demo:1.2.3");
        check("oci://h/charts//demo/", "oci://h/charts/demo");
        check("oci://h/charts/demo:", "oci://h/charts/demo");
        check(
            "oci://[::1]:5000/demo:1.2.4+b.5",
            "oci://[::1]:5000/demo:1.2.4_b.5",
        );
        check(
            &format!("oci://h/demo:1.2.3@{DIGEST}"),
            &format!("oci://h/demo:1.2.3@{DIGEST}"),
        );
        check(
            "oci-layout:///srv/charts/demo:1.2.3",
            "oci-layout:///srv/charts/demo:1.2.3",
        );
        check("oci-layout://charts/demo", "oci-layout://charts/demo");
        check(
            &format!("oci-layout://demo@{DIGEST}"),
            &format!("oci-layout://demo@{DIGEST}"),
        );
    }

    #[test]
    fn layouts_may_lie_below_directories_with_colons_and_at_signs() {
        let reference = ChartReference::parse("oci-layout:///a:b/x@y/demo:1.0.0").unwrap();
        assert_eq!(reference.location().to_string(), "oci-layout:///a:b/x@y/demo");
        assert_eq!(reference.tag().unwrap().as_str(), "1.0.0");
        assert_eq!(reference.chart_name(), "demo");
    }

    #[test]
    fn malformed_references_are_refused() {
        check_error("demo", "scheme prefix missing from remote (e.g. \"oci://\")");
        check_error("https://h/demo", "scheme \"https\" not supported");
        check_error("oci://h", "invalid reference: missing registry or repository");
        check_error(
            "oci://h/charts/UpCase",
            "invalid reference: invalid repository \"charts/UpCase\"",
        );
        check_error("oci://h/demo:a b", "invalid reference: invalid tag \"a b\"");
        check_error(
            "oci-layout://",
            "`oci-layout://` names no directory of an image layout",
        );
    }

    #[test]
    fn targets_take_the_name_of_the_chart() {
        let repository = |text, name| {
            PushTarget::parse(text)
                .unwrap()
                .repository(name)
                .unwrap()
                .to_url()
        };
        assert_eq!(repository("oci://h:5000", "demo"), "oci://h:5000/demo");
        assert_eq!(repository("oci://h/a/b/", "demo"), "oci://h/a/b/demo");
        assert_eq!(repository("oci-layout://dir", "demo"), "oci-layout://dir/demo");
        let error = PushTarget::parse("oci://h/charts")
            .unwrap()
            .repository("UpCase")
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "invalid reference: invalid repository \"charts/UpCase\""
        );
    }

    #[test]
    fn malformed_targets_are_refused() {
        check_target_error("https://h/charts", "scheme \"https\" not supported");
        check_target_error(
            "h:5000/charts",
            "scheme prefix missing from remote (e.g. \"oci://\")",
        );
        for text in [
            "oci://h/charts:1.2.3".to_owned(),
            format!("oci://h/charts@{DIGEST}"),
        ] {
            check_target_error(
                &text,
                &format!(
                    "the remote `{text}` must not have a tag or a digest: name and version come from the chart"
                ),
            );
        }
    }

    #[test]
    fn a_repeated_name_is_refused_below_a_namespace() {
        let refused = |text| {
            PushTarget::parse(text)
                .unwrap()
                .refuse_repeated_name("demo")
                .is_err()
        };
        assert!(refused("oci://h/charts/demo"));
        assert!(refused("oci-layout://charts/demo"));
        assert!(!refused("oci://h/demo"));
        assert!(!refused("oci://h/charts"));
    }
}
