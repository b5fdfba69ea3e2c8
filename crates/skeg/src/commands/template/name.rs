//! The name of the release, and which argument is the chart.

use super::args::ReleaseArgs;
use crate::error::CommandError;

/// The name without one on the command line.
const DEFAULT_NAME: &str = "release-name";

/// The longest name; the rest of what Kubernetes takes is for what charts append.
const LONGEST_NAME: usize = 53;

/// The regular expression that Helm names in its message.
const PATTERN: &str = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

/// What the arguments of a command say.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NameAndChart<'args> {
    pub(super) name: Name<'args>,
    pub(super) chart: &'args str,
}

/// The name of a release.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Name<'args> {
    Given(&'args str),
    /// To be made by this template.
    Template(&'args str),
}

impl<'args> NameAndChart<'args> {
    /// Helm 4.3.1: `NAME CHART`, or `CHART` alone.
    pub(super) fn new(arguments: &'args [String], flags: &'args ReleaseArgs) -> Result<Self, CommandError> {
        match arguments {
            [name, chart] => {
                let name = Name::Given(name);
                match (flags.generate_name, &flags.name_template) {
                    (true, _) => Err(CommandError::user(
                        "cannot set --generate-name and also specify a name",
                    )),
                    (false, Some(_)) => Err(CommandError::user(
                        "cannot set --name-template and also specify a name",
                    )),
                    (false, None) => Ok(Self { name, chart }),
                }
            }
            [chart] => {
                let template = flags.name_template.as_deref();
                let name = template.map_or(Name::Given(DEFAULT_NAME), Name::Template);
                Ok(Self { name, chart })
            }
            _ => {
                let extra = arguments.get(2..).unwrap_or_default().join(", ");
                Err(CommandError::user(format!(
                    "expected at most two arguments, unexpected arguments: {extra}"
                )))
            }
        }
    }
}

/// A name that no release can have.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReleaseNameError {
    #[error("release name check failed: release name \"\": no name provided")]
    Missing,
    #[error(
        "release name check failed: release name {}: invalid release name, must match regex {PATTERN} \
         and the length must not be longer than {LONGEST_NAME}",
        skeg_go::quote::quote(.0)
    )]
    Invalid(String),
}

/// Checks the name of a release.
pub(super) fn check_release_name(name: &str) -> Result<(), ReleaseNameError> {
    if name.is_empty() {
        return Err(ReleaseNameError::Missing);
    }
    let is_end = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let is_label = |label: &str| {
        let bytes = label.as_bytes();
        let is_inner = |byte: &u8| *byte == b'-' || is_end(Some(byte));
        is_end(bytes.first()) && is_end(bytes.last()) && bytes.iter().all(is_inner)
    };
    if name.len() > LONGEST_NAME || !name.split('.').all(is_label) {
        return Err(ReleaseNameError::Invalid(name.to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check_release_name;

    #[track_caller]
    fn check(name: &str, is_valid: bool) {
        assert_eq!(check_release_name(name).is_ok(), is_valid, "{name:?}");
    }

    #[test]
    fn names_are_labels_with_points_between() {
        for name in ["a", "0", "a-b", "a.b", "a--b.c", &"a".repeat(53)] {
            check(name, true);
        }
        for name in ["", "A", "-a", "a-", "a..b", ".a", "a.", "a_b", "a b", "ä", &"a".repeat(54)] {
            check(name, false);
        }
    }
}
