//! Repository names: the path between a registry's host and a tag.

use std::fmt;
use std::str::FromStr;

/// The name of a repository, such as `charts/demo`.
///
/// Spec: distribution-spec v1.1, "Pulling manifests" (the grammar of `<name>`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepositoryName(String);

/// Why a text is no repository name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid repository \"{0}\"")]
pub struct ParseRepositoryError(pub(crate) String);

impl RepositoryName {
    /// Parses path components joined by `/`: lower-case letters and digits, with single `.`, one or two `_`, or any
    /// number of `-` between them.
    ///
    /// # Errors
    /// A component is empty or does not follow the grammar.
    pub fn parse(text: &str) -> Result<Self, ParseRepositoryError> {
        if text.len() > 255 || !text.split('/').all(is_component) {
            return Err(ParseRepositoryError(text.to_owned()));
        }
        Ok(Self(text.to_owned()))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last component: a chart's name in Helm's layout of repositories.
    pub fn last_component(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }
}

fn is_component(component: &str) -> bool {
    let is_word = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = component.as_bytes();
    if !bytes.first().is_some_and(is_word) || !bytes.last().is_some_and(is_word) {
        return false;
    }
    bytes.split(is_word).all(|separator| {
        matches!(separator, b"" | b"." | b"_" | b"__") || separator.iter().all(|byte| *byte == b'-')
    })
}

impl fmt::Display for RepositoryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for RepositoryName {
    type Err = ParseRepositoryError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_grammar_are_taken() {
        for text in ["a", "charts/demo", "a.b_c__d-e---f/0", "library/x9"] {
            assert_eq!(RepositoryName::parse(text).unwrap().as_str(), text);
        }
        assert_eq!(
            RepositoryName::parse("a/b/demo").unwrap().last_component(),
            "demo"
        );
    }

    #[test]
    fn other_names_are_refused() {
        for text in [
            "", "/", "a/", "/a", "a//b", "UpCase", "a..b", "a._b", "a___b", "-a", "a-", "a b", "é", "a:b",
            "a@b",
        ] {
            let error = RepositoryName::parse(text).unwrap_err();
            assert_eq!(error.to_string(), format!("invalid repository \"{text}\""));
        }
        assert!(RepositoryName::parse(&"a".repeat(256)).is_err());
    }
}
