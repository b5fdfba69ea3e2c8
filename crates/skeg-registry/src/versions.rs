//! The versions of a repository: which of its tags are versions, and in what order.

use skeg_go::semver::{Version, VersionConstraint};
use skeg_oci::Tag;

use crate::version::InvalidVersionError;

/// Which tags to list.
#[derive(Clone, Debug)]
pub struct VersionFilter {
    range: VersionConstraint,
    /// The build, if the range is one version with build metadata: a range alone takes all builds of a version.
    build: Option<String>,
    /// Tags that are no versions, and versions outside the range of stable ones.
    takes_all: bool,
    /// Whether the range is one that a person wrote.
    is_given: bool,
}

/// A tag of a repository, as a version if it is one.
#[derive(Clone, Debug)]
pub struct ListedTag {
    /// The tag.
    pub tag: Tag,
    /// The version that it stands for; none for `latest` and its like.
    pub version: Option<Version>,
}

impl VersionFilter {
    /// `range` is the value of `--version`. Without one, the stable versions are listed, or with `devel` all versions, or
    /// with `all` every tag.
    ///
    /// # Errors
    /// It is no range.
    pub fn new(range: Option<&str>, devel: bool, all: bool) -> Result<Self, InvalidVersionError> {
        let given = range.filter(|range| !range.is_empty());
        let text = given.unwrap_or(if devel { ">0.0.0-0" } else { "*" });
        let build = Version::parse(text)
            .ok()
            .map(|version| version.metadata().to_owned());
        let range = VersionConstraint::parse(text).map_err(|_| InvalidVersionError::new(text))?;
        Ok(Self {
            range,
            build: build.filter(|build| !build.is_empty()),
            takes_all: all && given.is_none(),
            is_given: given.is_some(),
        })
    }

    /// Tells whether a tag is listed.
    pub fn takes(&self, tag: &ListedTag) -> bool {
        self.takes_all
            || tag
                .version
                .as_ref()
                .is_some_and(|version| self.range.check(version) && self.is_build(version))
    }

    fn is_build(&self, version: &Version) -> bool {
        let wanted = self.build.as_deref();
        wanted.is_none_or(|wanted| wanted == version.metadata())
    }

    /// Tells whether a tag is not listed only because nobody asked for pre-releases.
    pub fn hides(&self, tag: &ListedTag) -> bool {
        !self.is_given && tag.version.is_some() && !self.takes(tag)
    }
}

impl ListedTag {
    /// Reads a tag as a version.
    pub fn new(tag: Tag) -> Self {
        let version = Version::parse(&tag.to_version()).ok();
        Self { tag, version }
    }
}

/// Puts the newest version first; what is no version comes last, by name.
pub fn sort_newest_first(tags: &mut [ListedTag]) {
    tags.sort_by(|one, other| match (&one.version, &other.version) {
        (Some(first), Some(second)) => second.cmp(first).then_with(|| other.tag.cmp(&one.tag)),
        (None, None) => one.tag.cmp(&other.tag),
        (first, second) => second.is_some().cmp(&first.is_some()),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAGS: [&str; 8] = [
        "latest",
        "1.2.0",
        "1.10.0",
        "2.0.0-rc.1",
        "1.10.0_b.2",
        "v1.3.0",
        "sha256-aa.sig",
        "1",
    ];

    #[track_caller]
    fn check(range: Option<&str>, devel: bool, all: bool, expected: &[&str]) {
        let filter = VersionFilter::new(range, devel, all).unwrap();
        let mut tags: Vec<_> = TAGS
            .iter()
            .map(|tag| ListedTag::new(Tag::parse(tag).unwrap()))
            .collect();
        tags.retain(|tag| filter.takes(tag));
        sort_newest_first(&mut tags);
        let tags: Vec<_> = tags.iter().map(|tag| tag.tag.as_str()).collect();
        assert_eq!(tags, expected);
    }

    #[test]
    fn stable_versions_newest_first() {
        check(
            None,
            false,
            false,
            &["1.10.0_b.2", "1.10.0", "v1.3.0", "1.2.0", "1"],
        );
    }

    #[test]
    fn more_and_fewer_of_them() {
        check(
            None,
            true,
            false,
            &["2.0.0-rc.1", "1.10.0_b.2", "1.10.0", "v1.3.0", "1.2.0", "1"],
        );
        check(Some("^1.3"), true, true, &["1.10.0_b.2", "1.10.0", "v1.3.0"]);
        check(Some(">9"), false, false, &[]);
        check(Some("1.10.0"), false, false, &["1.10.0_b.2", "1.10.0"]);
        check(Some("1.10.0+b.2"), false, false, &["1.10.0_b.2"]);
        check(Some("1.10.0+b.3"), false, false, &[]);
        check(
            None,
            false,
            true,
            &[
                "2.0.0-rc.1",
                "1.10.0_b.2",
                "1.10.0",
                "v1.3.0",
                "1.2.0",
                "1",
                "latest",
                "sha256-aa.sig",
            ],
        );
    }

    #[test]
    fn what_is_hidden_is_known() {
        let hides = |range: Option<&str>, tag: &str| {
            let tag = ListedTag::new(Tag::parse(tag).unwrap());
            VersionFilter::new(range, false, false).unwrap().hides(&tag)
        };
        assert!(hides(None, "1.0.0-rc.1"));
        assert!(!hides(None, "1.0.0") && !hides(None, "latest") && !hides(Some(">2"), "1.0.0-rc.1"));
    }

    #[test]
    fn no_range() {
        let error = VersionFilter::new(Some("one of them"), false, false).unwrap_err();
        assert_eq!(error.to_string(), "improper constraint: \"one of them\"");
    }
}
