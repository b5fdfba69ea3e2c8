//! Tags, and how a chart's version is written as one.

use std::fmt;
use std::str::FromStr;

/// A tag of a repository.
///
/// Spec: distribution-spec v1.1, "Pulling manifests" (the grammar of `<reference>` as a tag).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(String);

/// Why a text is no tag.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid tag \"{0}\"")]
pub struct ParseTagError(pub(crate) String);

impl Tag {
    /// Parses one letter, digit or `_`, and then up to 127 of these, `.` and `-`.
    ///
    /// # Errors
    /// The text does not follow the grammar.
    pub fn parse(text: &str) -> Result<Self, ParseTagError> {
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let is_rest = |byte: u8| is_word(byte) || byte == b'.' || byte == b'-';
        let fits = text.len() <= 128 && text.bytes().next().is_some_and(is_word) && text.bytes().all(is_rest);
        if !fits {
            return Err(ParseTagError(text.to_owned()));
        }
        Ok(Self(text.to_owned()))
    }

    /// Makes the tag of a chart's version. A tag cannot hold a `+`, so it is written as `_`.
    ///
    /// Helm 4.3.1: `1.2.3+build.5` is pushed as `1.2.3_build.5`.
    ///
    /// # Errors
    /// The version is no tag even with `_` for `+`.
    pub fn from_version(version: &str) -> Result<Self, ParseTagError> {
        Self::parse(&version.replace('+', "_")).map_err(|_| ParseTagError(version.to_owned()))
    }

    /// The version that this tag stands for: every `_` is read as `+`.
    pub fn to_version(&self) -> String {
        self.0.replace('_', "+")
    }

    /// The tag as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Tag {
    type Err = ParseTagError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_and_tags_map_both_ways() {
        let tag = Tag::from_version("1.2.4+build.5").unwrap();
        assert_eq!(
            (tag.as_str(), tag.to_version().as_str()),
            ("1.2.4_build.5", "1.2.4+build.5")
        );
        assert_eq!(Tag::parse("latest").unwrap().to_version(), "latest");
    }

    #[test]
    fn malformed_tags_are_refused() {
        for text in ["", ".a", "-a", "a/b", "a+b", "1.2.3 ", "é", &"a".repeat(129)] {
            assert_eq!(
                Tag::parse(text).unwrap_err().to_string(),
                format!("invalid tag \"{text}\"")
            );
        }
        assert!(Tag::parse(&"a".repeat(128)).is_ok());
        assert_eq!(
            Tag::from_version("1.0.0+a b").unwrap_err().to_string(),
            "invalid tag \"1.0.0+a b\""
        );
    }
}
