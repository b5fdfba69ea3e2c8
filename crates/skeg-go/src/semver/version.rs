//! Versions: loose and strict parsing, precedence.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use super::error::ParseVersionError;

const MAX_LENGTH: usize = 256;

/// A semantic version.
///
/// Equality and order are semver's precedence, which ignores build metadata: compare [`Self::original`] or
/// the displayed text to tell `1.0.0+a` from `1.0.0+b`. Displays normalised: no `v`, three numbers, no
/// leading zeros.
#[derive(Clone, Debug)]
pub struct Version {
    major: u64,
    minor: u64,
    patch: u64,
    prerelease: String,
    metadata: String,
    original: String,
}

impl Version {
    /// Parses as Masterminds' `NewVersion`: a leading `v`, missing minor and patch numbers and leading zeros
    /// in the three numbers are forgiven.
    pub fn parse(text: &str) -> Result<Self, ParseVersionError> {
        if text.len() > MAX_LENGTH {
            return Err(ParseVersionError::TooLong);
        }
        let unprefixed = text.strip_prefix('v').unwrap_or(text);
        let (unprefixed, metadata) = cut(unprefixed, '+');
        let (numbers, prerelease) = cut(unprefixed, '-');
        let suffixes_have_form = [prerelease, metadata]
            .iter()
            .all(|suffix| suffix.is_none_or(is_dotted_identifiers));
        let segments: Vec<&str> = numbers.split('.').collect();
        if !suffixes_have_form || segments.len() > 3 || !segments.iter().all(|s| is_digits(s)) {
            return Err(ParseVersionError::InvalidVersion);
        }
        let segment = |index: usize| {
            segments.get(index).map_or(Ok(0), |digits| {
                digits
                    .parse()
                    .map_err(|_| ParseVersionError::SegmentOutOfRange((*digits).to_owned()))
            })
        };
        let version = Self {
            major: segment(0)?,
            minor: segment(1)?,
            patch: segment(2)?,
            prerelease: prerelease.unwrap_or_default().to_owned(),
            metadata: metadata.unwrap_or_default().to_owned(),
            original: text.to_owned(),
        };
        if let Some(prerelease) = prerelease {
            check_prerelease(prerelease)?;
        }
        Ok(version)
    }

    /// Parses as Masterminds' `StrictNewVersion`: exactly what semver 2.0.0 allows.
    pub fn parse_strict(text: &str) -> Result<Self, ParseVersionError> {
        if text.is_empty() {
            return Err(ParseVersionError::Empty);
        }
        if text.len() > MAX_LENGTH {
            return Err(ParseVersionError::TooLong);
        }
        let mut parts = text.splitn(3, '.');
        let (Some(major), Some(minor), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(ParseVersionError::InvalidVersion);
        };
        let (rest, metadata) = cut(rest, '+');
        if let Some(metadata) = metadata
            && !is_dotted_identifiers(metadata)
        {
            return Err(ParseVersionError::InvalidMetadata);
        }
        let (patch, prerelease) = cut(rest, '-');
        if let Some(prerelease) = prerelease {
            check_prerelease(prerelease)?;
        }
        for segment in [major, minor, patch] {
            check_strict_digits(segment)?;
        }
        Ok(Self {
            major: strict_number(major)?,
            minor: strict_number(minor)?,
            patch: strict_number(patch)?,
            prerelease: prerelease.unwrap_or_default().to_owned(),
            metadata: metadata.unwrap_or_default().to_owned(),
            original: text.to_owned(),
        })
    }

    /// The first number.
    pub fn major(&self) -> u64 {
        self.major
    }

    /// The second number.
    pub fn minor(&self) -> u64 {
        self.minor
    }

    /// The third number.
    pub fn patch(&self) -> u64 {
        self.patch
    }

    /// The text between `-` and `+`; empty when there is none.
    pub fn prerelease(&self) -> &str {
        &self.prerelease
    }

    /// The text after `+`; empty when there is none.
    pub fn metadata(&self) -> &str {
        &self.metadata
    }

    /// The text that was parsed.
    pub fn original(&self) -> &str {
        &self.original
    }

    pub(super) fn compare_prerelease(&self, other: &Self) -> Ordering {
        compare_prerelease(&self.prerelease, &other.prerelease)
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let numbers = |version: &Self| (version.major, version.minor, version.patch);
        numbers(self).cmp(&numbers(other)).then_with(|| {
            match (self.prerelease.is_empty(), other.prerelease.is_empty()) {
                (true, true) => Ordering::Equal,
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                (false, false) => self.compare_prerelease(other),
            }
        })
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Version {}

impl Hash for Version {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.major, self.minor, self.patch, &self.prerelease).hash(state);
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.prerelease.is_empty() {
            write!(f, "-{}", self.prerelease)?;
        }
        if !self.metadata.is_empty() {
            write!(f, "+{}", self.metadata)?;
        }
        Ok(())
    }
}

impl FromStr for Version {
    type Err = ParseVersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

fn cut(text: &str, separator: char) -> (&str, Option<&str>) {
    match text.split_once(separator) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_dotted_identifiers(text: &str) -> bool {
    text.split('.').all(is_identifier)
}

fn is_identifier(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn check_prerelease(prerelease: &str) -> Result<(), ParseVersionError> {
    for part in prerelease.split('.') {
        if !is_identifier(part) {
            return Err(ParseVersionError::InvalidPrerelease);
        }
        if is_digits(part) && part.len() > 1 && part.starts_with('0') {
            return Err(ParseVersionError::LeadingZero);
        }
    }
    Ok(())
}

fn check_strict_digits(segment: &str) -> Result<(), ParseVersionError> {
    if !segment.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ParseVersionError::InvalidCharacters);
    }
    if segment.len() > 1 && segment.starts_with('0') {
        return Err(ParseVersionError::LeadingZero);
    }
    Ok(())
}

fn strict_number(segment: &str) -> Result<u64, ParseVersionError> {
    segment.parse().map_err(|_| ParseVersionError::InvalidSegment {
        segment: segment.to_owned(),
        reason: if segment.is_empty() {
            "invalid syntax"
        } else {
            "value out of range"
        },
    })
}

fn compare_prerelease(left: &str, right: &str) -> Ordering {
    let (mut lefts, mut rights) = (left.split('.'), right.split('.'));
    loop {
        let (left, right) = (lefts.next(), rights.next());
        if left.is_none() && right.is_none() {
            return Ordering::Equal;
        }
        let order = compare_part(left.unwrap_or_default(), right.unwrap_or_default());
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// Numbers come before words, and an absent part before everything. A number beyond 64 bits is a word.
fn compare_part(left: &str, right: &str) -> Ordering {
    let number = |part: &str| is_digits(part).then(|| part.parse::<u64>().ok()).flatten();
    match (number(left), number(right)) {
        (Some(left), Some(right)) => left.cmp(&right),
        (Some(_), None) if !right.is_empty() => Ordering::Less,
        (None, Some(_)) if !left.is_empty() => Ordering::Greater,
        _ => left.cmp(right),
    }
}
