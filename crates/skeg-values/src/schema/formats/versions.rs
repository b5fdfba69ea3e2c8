//! Semantic versions, strictly by the book.

use super::{Verdict, is_digits, quote_character, refuse};

/// `semver`
pub(super) fn semver(text: &str) -> Verdict {
    let (text, build) = split(text, '+');
    if let Some(build) = build {
        if build.is_empty() {
            return refuse("build is empty");
        }
        for identifier in build.split('.') {
            check_identifier(identifier, "build")?;
        }
    }
    let (core, prerelease) = split(text, '-');
    for identifier in prerelease
        .into_iter()
        .flat_map(|prerelease| prerelease.split('.'))
    {
        check_identifier(identifier, "pre-release")?;
        if identifier.len() > 1 && identifier.starts_with('0') && is_digits(identifier) {
            return refuse("pre-release numeric identifier starts with zero");
        }
    }
    let numbers: Vec<&str> = core.split('.').collect();
    if numbers.len() != 3 {
        return refuse("versionCore must have 3 numbers separated by dot");
    }
    for (name, number) in ["major", "minor", "patch"].into_iter().zip(numbers) {
        if number.is_empty() {
            return refuse(format!("{name} is empty"));
        }
        if number.len() > 1 && number.starts_with('0') {
            return refuse(format!("{name} starts with zero"));
        }
        if !is_digits(number) {
            return refuse(format!("{name} contains non-digit"));
        }
    }
    Ok(())
}

fn split(text: &str, mark: char) -> (&str, Option<&str>) {
    match text.split_once(mark) {
        Some((front, back)) => (front, Some(back)),
        None => (text, None),
    }
}

fn check_identifier(identifier: &str, part: &str) -> Verdict {
    if identifier.is_empty() {
        return refuse(format!("{part} identifier is empty"));
    }
    let is_allowed = |character: &char| character.is_ascii_alphanumeric() || *character == '-';
    match identifier.chars().find(|character| !is_allowed(character)) {
        Some(character) => refuse(format!(
            "invalid character {} in {part} identifier",
            quote_character(character)
        )),
        None => Ok(()),
    }
}
