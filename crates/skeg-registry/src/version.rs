//! Which tag of a repository a person means: exact versions, ranges, and the forms that Helm refuses.

use skeg_go::semver::{Version, VersionConstraint};
use skeg_oci::Tag;

/// What a person asked for by `--version`, by a tag, by `--devel`, or by nothing.
#[derive(Clone, Debug)]
pub enum VersionRequest {
    /// This tag, or the one version that it loosely names (`v1.2.3`, `1.2`).
    Exact(Tag),
    /// The highest version of a range.
    Range(VersionConstraint),
}

/// Why a text is neither a tag nor a range of versions.
#[derive(Debug, thiserror::Error)]
#[error("improper constraint: \"{text}\"")]
pub struct InvalidVersionError {
    text: String,
}

impl InvalidVersionError {
    pub(crate) fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
        }
    }
}

/// A tag chosen out of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagChoice {
    /// The tag.
    pub tag: Tag,
    /// A tag that would have been higher but is no strict version (`v1.2.3`, `1.2`), which Helm does not see.
    pub passed_over: Option<Tag>,
    /// The tag itself is no strict version: Helm would not have found it.
    pub is_loose: bool,
}

impl VersionRequest {
    /// The highest stable version, or with `devel` the highest of all.
    ///
    /// Helm 4.3.1: no version means `*`, `--devel` means `>0.0.0-0`.
    pub fn newest(devel: bool) -> Self {
        let range = if devel { ">0.0.0-0" } else { "*" };
        Self::Range(VersionConstraint::parse(range).expect("because both are well-formed ranges"))
    }

    /// Parses the value of `--version`.
    ///
    /// # Errors
    /// It is neither a range nor a tag.
    pub fn parse(text: &str) -> Result<Self, InvalidVersionError> {
        if let Ok(tag) = Tag::from_version(text) {
            let is_wildcard = VersionConstraint::parse(text).is_ok() && Version::parse(text).is_err();
            if !is_wildcard {
                return Ok(Self::Exact(tag));
            }
        }
        let range = VersionConstraint::parse(text);
        range.map(Self::Range).map_err(|_| InvalidVersionError::new(text))
    }
}

/// Chooses the highest tag of a range; strict versions come before loose ones, so that Helm's choice is kept.
pub(crate) fn choose(tags: &[Tag], range: &VersionConstraint) -> Option<TagChoice> {
    let (strict, loose) = in_order(tags);
    let first = |candidates: Vec<Candidate>| {
        let mut candidates = candidates.into_iter();
        candidates.find(|candidate| range.check(&candidate.version))
    };
    let (highest_strict, highest_loose) = (first(strict), first(loose));
    match (highest_strict, highest_loose) {
        (Some(strict), loose) => {
            let higher = loose.filter(|loose| loose.version > strict.version);
            Some(TagChoice {
                tag: strict.tag,
                passed_over: higher.map(|loose| loose.tag),
                is_loose: false,
            })
        }
        (None, Some(loose)) => Some(TagChoice {
            tag: loose.tag,
            passed_over: None,
            is_loose: true,
        }),
        (None, None) => None,
    }
}

/// The tags that are versions, in the order in which Helm 4.3.1 looks for the first one in a range: the highest first.
/// Behind them are those that Helm does not see (`v1.2.3`, `1.2`).
pub fn in_order_of_choice(tags: &[Tag]) -> Vec<Tag> {
    let (strict, loose) = in_order(tags);
    let all = strict.into_iter().chain(loose);
    all.map(|candidate| candidate.tag).collect()
}

/// The tags that are strict versions and those that Helm does not see, each the highest first. Several builds of one version are
/// equal; which of them comes first is up to Go's way to sort.
fn in_order(tags: &[Tag]) -> (Vec<Candidate>, Vec<Candidate>) {
    let all = tags.iter().filter_map(Candidate::new);
    let (mut strict, mut loose): (Vec<_>, Vec<_>) = all.partition(|candidate| candidate.is_strict);
    for candidates in [&mut strict, &mut loose] {
        skeg_go::sort::sort(candidates, |one, other| other.version < one.version);
    }
    (strict, loose)
}

/// Finds the tag that `wanted` loosely names: the same version in another writing, or the highest of `1.2`.
pub(crate) fn choose_loosely(tags: &[Tag], wanted: &Tag) -> Option<TagChoice> {
    let text = wanted.to_version();
    let version = Version::parse(&text).ok()?;
    let unprefixed = text.trim_start_matches('v');
    let range = match Version::parse_strict(unprefixed) {
        Ok(_) => VersionConstraint::parse(&format!("={version}")),
        Err(_) => VersionConstraint::parse(unprefixed),
    };
    let choice = choose(tags, &range.ok()?)?;
    Some(TagChoice {
        is_loose: true,
        passed_over: None,
        ..choice
    })
}

/// The tags most like `wanted`, to be named in an error: neighbours by version, or the newest ones.
pub(crate) fn nearest(tags: &[Tag], wanted: &str, count: usize) -> Vec<Tag> {
    let mut candidates: Vec<Candidate> = tags.iter().filter_map(Candidate::new).collect();
    candidates.sort_by(|one, other| other.version.cmp(&one.version));
    let position = Version::parse(wanted).map_or(0, |wanted| {
        candidates.partition_point(|candidate| candidate.version > wanted)
    });
    let first = position
        .saturating_sub(count / 2)
        .min(candidates.len().saturating_sub(count));
    let versions = candidates.into_iter().skip(first).map(|candidate| candidate.tag);
    let others = tags.iter().filter(|tag| Candidate::new(tag).is_none()).cloned();
    versions.chain(others).take(count).collect()
}

struct Candidate {
    tag: Tag,
    version: Version,
    is_strict: bool,
}

impl Candidate {
    fn new(tag: &Tag) -> Option<Self> {
        let text = tag.to_version();
        let strict = Version::parse_strict(&text);
        let is_strict = strict.is_ok();
        let version = strict.or_else(|_| Version::parse(&text)).ok()?;
        Some(Self {
            tag: tag.clone(),
            version,
            is_strict,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(texts: &[&str]) -> Vec<Tag> {
        texts.iter().map(|text| Tag::parse(text).unwrap()).collect()
    }

    #[track_caller]
    fn check(request: &str, available: &[&str], expected: Option<&str>) {
        let chosen = match VersionRequest::parse(request).unwrap() {
            VersionRequest::Exact(tag) => choose_loosely(&tags(available), &tag),
            VersionRequest::Range(range) => choose(&tags(available), &range),
        };
        assert_eq!(chosen.map(|choice| choice.tag.to_string()).as_deref(), expected);
    }

    #[test]
    fn ranges_take_the_highest_stable_version() {
        let available = ["1.2.2", "1.2.3", "1.3.0-rc.1", "2.0.0", "latest"];
        check("^1.2", &available, Some("1.2.3"));
        check(">1.2.3-0 <2", &available, Some("1.3.0-rc.1"));
        check(">9", &available, None);
        check("1.x", &available, Some("1.2.3"));
        check("*", &available, Some("2.0.0"));
    }

    #[test]
    fn among_builds_of_one_version_the_same_is_taken_as_by_helm() {
        check("*", &["1.2.3", "1.2.4", "1.2.4_build.5"], Some("1.2.4"));
        check("*", &["1.2.4_b.5", "1.2.4_b.6", "1.2.3"], Some("1.2.4_b.5"));
        check("^1", &["1.2.4_b", "1.2.4"], Some("1.2.4_b"));
        // As seen with 36 tags in distribution.
        let older: Vec<String> = (0..10).map(|number| format!("1.1.{number}")).collect();
        let mut many: Vec<&str> = older.iter().map(String::as_str).collect();
        many.extend(["1.2.4", "1.2.4_b.5"]);
        check("*", &many, Some("1.2.4"));
        many.push("1.2.4_b.6");
        check("*", &many, Some("1.2.4_b.6"));
        check("^1.2", &many, Some("1.2.4_b.6"));
    }

    #[test]
    fn the_order_of_choice_is_that_of_helm() {
        let ordered = in_order_of_choice(&tags(&[
            "1.2.4", "v9.0.0", "1.2.4_b", "latest", "2.0.0", "1.10.0",
        ]));
        assert_eq!(ordered, tags(&["2.0.0", "1.10.0", "1.2.4", "1.2.4_b", "v9.0.0"]));
    }

    #[test]
    fn loose_names_find_their_version() {
        check("v1.2.3", &["1.2.2", "1.2.3"], Some("1.2.3"));
        check("1.2.3", &["v1.2.2", "v1.2.3"], Some("v1.2.3"));
        check("1.2", &["1.2.2", "1.2.3", "1.3.0"], Some("1.2.3"));
        check("1", &["1.2.3", "1.3.0", "2.0.0"], Some("1.3.0"));
        check("1.2.3", &["1.2.2", "1.2.4"], None);
    }

    #[test]
    fn strict_versions_come_first_and_what_they_hide_is_told() {
        let choice =
            |available: &[&str]| choose(&tags(available), &VersionConstraint::parse("*").unwrap()).unwrap();
        let mixed = choice(&["1.2.3", "v1.3.0"]);
        assert_eq!(
            (mixed.tag.as_str(), mixed.passed_over.unwrap().as_str()),
            ("1.2.3", "v1.3.0")
        );
        let loose = choice(&["v1.2.3", "v1.3.0"]);
        assert_eq!((loose.tag.as_str(), loose.is_loose), ("v1.3.0", true));
    }

    #[test]
    fn neighbours_of_a_missing_tag() {
        let available = tags(&["1.0.0", "1.1.0", "1.2.0", "2.0.0", "3.0.0", "latest"]);
        assert_eq!(
            nearest(&available, "1.3.0", 3),
            tags(&["2.0.0", "1.2.0", "1.1.0"])
        );
        assert_eq!(nearest(&available, "9.0.0", 2), tags(&["3.0.0", "2.0.0"]));
        assert_eq!(nearest(&tags(&["latest"]), "1.0.0", 3), tags(&["latest"]));
        assert_eq!(nearest(&[], "1.0.0", 3), []);
    }

    #[test]
    fn neither_tag_nor_range() {
        assert_eq!(
            VersionRequest::parse("not a version").unwrap_err().to_string(),
            "improper constraint: \"not a version\""
        );
    }
}
