//! References: where an artifact is, and which of its versions is meant.

use std::fmt;
use std::str::FromStr;

use crate::{Digest, ParseDigestError, ParseHostError, ParseRepositoryError, ParseTagError};
use crate::{RegistryHost, RepositoryName, Tag};

/// `HOST/REPOSITORY[:TAG][@DIGEST]`, without a scheme.
///
/// Tag and digest are two fields: a reference may have none of them, one, or both.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reference {
    host: RegistryHost,
    repository: RepositoryName,
    tag: Option<Tag>,
    digest: Option<Digest>,
}

/// Why a text is no reference.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseReferenceError {
    /// There is no `/` between a host and a repository.
    #[error("invalid reference: missing registry or repository")]
    Incomplete,
    /// The part before the first `/` is no host.
    #[error("invalid reference: {0}")]
    Host(ParseHostError),
    /// The path is no repository name.
    #[error("invalid reference: {0}")]
    Repository(ParseRepositoryError),
    /// The part behind `:` is no tag.
    #[error("invalid reference: {0}")]
    Tag(ParseTagError),
    /// The part behind `@` is no digest.
    #[error("invalid reference: {0}")]
    Digest(ParseDigestError),
}

/// What names a manifest within a repository.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TagOrDigest {
    /// A tag, which may move.
    Tag(Tag),
    /// A digest, which names the same bytes for ever.
    Digest(Digest),
}

impl Reference {
    /// Parses `host[:port]/path[:tag][@digest]`.
    ///
    /// The message of an error is Helm's (`invalid reference: invalid repository "charts/UpCase"`).
    ///
    /// # Errors
    /// One of the parts does not follow its grammar.
    pub fn parse(text: &str) -> Result<Self, ParseReferenceError> {
        let (host, path) = text.split_once('/').ok_or(ParseReferenceError::Incomplete)?;
        let (path, digest) = match path.split_once('@') {
            Some((path, digest)) => (
                path,
                Some(Digest::parse(digest).map_err(ParseReferenceError::Digest)?),
            ),
            None => (path, None),
        };
        let (path, tag) = match path.split_once(':') {
            Some((path, tag)) => (path, Some(Tag::parse(tag).map_err(ParseReferenceError::Tag)?)),
            None => (path, None),
        };
        Ok(Self {
            host: RegistryHost::parse(host).map_err(ParseReferenceError::Host)?,
            repository: RepositoryName::parse(path).map_err(ParseReferenceError::Repository)?,
            tag,
            digest,
        })
    }

    /// The registry.
    pub fn host(&self) -> &RegistryHost {
        &self.host
    }

    /// The repository within the registry.
    pub fn repository(&self) -> &RepositoryName {
        &self.repository
    }

    /// The tag, if one is written.
    pub fn tag(&self) -> Option<&Tag> {
        self.tag.as_ref()
    }

    /// The digest, if one is written.
    pub fn digest(&self) -> Option<&Digest> {
        self.digest.as_ref()
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.host, self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

impl FromStr for Reference {
    type Err = ParseReferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for TagOrDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tag(tag) => tag.fmt(f),
            Self::Digest(digest) => digest.fmt(f),
        }
    }
}

impl From<Tag> for TagOrDigest {
    fn from(tag: Tag) -> Self {
        Self::Tag(tag)
    }
}

impl From<Digest> for TagOrDigest {
    fn from(digest: Digest) -> Self {
        Self::Digest(digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[track_caller]
    fn check_error(text: &str, expected: &str) {
        assert_eq!(Reference::parse(text).unwrap_err().to_string(), expected);
    }

    #[test]
    fn every_form_round_trips() {
        for text in [
            "ghcr.io/charts/demo".to_owned(),
            "127.0.0.1:5000/demo:1.2.3".to_owned(),
            format!("[::1]:5000/a/b@{DIGEST}"),
            format!("docker.io/a/b:1.2.3_x@{DIGEST}"),
        ] {
            assert_eq!(Reference::parse(&text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn errors_have_the_words_of_helm() {
        check_error("demo", "invalid reference: missing registry or repository");
        check_error(
            "h/charts/UpCase",
            "invalid reference: invalid repository \"charts/UpCase\"",
        );
        check_error(
            "h/charts//demo",
            "invalid reference: invalid repository \"charts//demo\"",
        );
        check_error(
            "h/charts:1.2.3/demo:1.2.3",
            "invalid reference: invalid tag \"1.2.3/demo:1.2.3\"",
        );
        check_error(
            "h/charts/demo:1.2.4+b",
            "invalid reference: invalid tag \"1.2.4+b\"",
        );
        check_error("h:x/demo", "invalid reference: invalid registry \"h:x\"");
        check_error(
            "h/demo@sha256:00",
            "invalid reference: invalid digest `sha256:00`: expected 64 lower-case hexadecimal digits after the colon",
        );
    }
}
