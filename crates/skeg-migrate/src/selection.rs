//! What of an index is taken.

use skeg_go::path_match::PathPattern;
use skeg_go::semver::VersionConstraint;
use skeg_repository::IndexEntry;

/// A pattern that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{pattern}` is no pattern for names of charts")]
pub struct ParsePatternError {
    pattern: String,
}

/// Which charts of an index are taken, and which of their versions.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    include: Vec<PathPattern>,
    exclude: Vec<PathPattern>,
    range: Option<VersionConstraint>,
    newest: Option<usize>,
    pre_releases: bool,
}

impl Selection {
    /// Every version of every chart.
    pub fn everything() -> Self {
        Self::default()
    }

    /// Only charts whose names fit one of the included patterns, such as `web-*`.
    ///
    /// # Errors
    /// It is no pattern of Go's `path.Match`.
    pub fn include(mut self, pattern: &str) -> Result<Self, ParsePatternError> {
        self.include.push(parse(pattern)?);
        Ok(self)
    }

    /// No charts whose names fit, even if they are included.
    ///
    /// # Errors
    /// It is no pattern of Go's `path.Match`.
    pub fn exclude(mut self, pattern: &str) -> Result<Self, ParsePatternError> {
        self.exclude.push(parse(pattern)?);
        Ok(self)
    }

    /// Only versions in a range, in which pre-releases are if it names one.
    #[must_use]
    pub fn range(mut self, range: VersionConstraint) -> Self {
        self.range = Some(range);
        self
    }

    /// Of each chart only so many versions, the highest ones. Without a range pre-releases do not count unless they are wanted.
    #[must_use]
    pub fn newest(mut self, count: usize) -> Self {
        self.newest = Some(count);
        self
    }

    /// Lets pre-releases count among the newest.
    #[must_use]
    pub fn pre_releases(mut self) -> Self {
        self.pre_releases = true;
        self
    }

    /// Whether the charts of a name are taken.
    pub fn takes(&self, chart: &str) -> bool {
        let fits = |patterns: &[PathPattern]| patterns.iter().any(|pattern| pattern.matches(chart));
        (self.include.is_empty() || fits(&self.include)) && !fits(&self.exclude)
    }

    /// The versions of one chart that are taken; they come the highest first and stay so.
    pub(crate) fn versions<'index>(&self, versions: &'index [IndexEntry]) -> Vec<&'index IndexEntry> {
        let is_wanted = |entry: &&IndexEntry| match &self.range {
            Some(range) => range.check(entry.semver()),
            None => self.newest.is_none() || self.pre_releases || entry.semver().prerelease().is_empty(),
        };
        let wanted = versions.iter().filter(is_wanted);
        wanted.take(self.newest.unwrap_or(usize::MAX)).collect()
    }
}

fn parse(pattern: &str) -> Result<PathPattern, ParsePatternError> {
    PathPattern::parse(pattern).ok_or_else(|| ParsePatternError {
        pattern: pattern.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use skeg_repository::Index;

    use super::*;

    fn selected(selection: &Selection) -> String {
        let versions = ["1.0.0", "2.1.0", "2.2.0-rc.1", "2.0.0"];
        let entries: String = versions
            .map(|version| format!("  - {{name: a, version: {version}}}\n"))
            .concat();
        let index = Index::parse(format!("apiVersion: v1\nentries:\n  a:\n{entries}").as_bytes()).unwrap();
        let versions = selection.versions(index.versions("a"));
        let versions: Vec<&str> = versions.into_iter().map(IndexEntry::version).collect();
        versions.join(" ")
    }

    fn range(text: &str) -> Selection {
        Selection::everything().range(VersionConstraint::parse(text).unwrap())
    }

    #[test]
    fn versions() {
        assert_eq!(selected(&Selection::everything()), "2.2.0-rc.1 2.1.0 2.0.0 1.0.0");
        assert_eq!(selected(&Selection::everything().newest(2)), "2.1.0 2.0.0");
        assert_eq!(
            selected(&Selection::everything().newest(2).pre_releases()),
            "2.2.0-rc.1 2.1.0"
        );
        assert_eq!(selected(&range("^2")), "2.1.0 2.0.0");
        assert_eq!(selected(&range(">=2.0.0-0")), "2.2.0-rc.1 2.1.0 2.0.0");
        assert_eq!(selected(&range("<2.1").newest(1)), "2.0.0");
        assert_eq!(selected(&range(">9")), "");
    }

    #[test]
    fn names() {
        let check = |include: &[&str], exclude: &[&str], taken: &str| {
            let selection = include
                .iter()
                .fold(Selection::everything(), |selection, pattern| {
                    selection.include(pattern).unwrap()
                });
            let selection = exclude.iter().fold(selection, |selection, pattern| {
                selection.exclude(pattern).unwrap()
            });
            let names = ["web", "web-a", "db"]
                .into_iter()
                .filter(|name| selection.takes(name));
            assert_eq!(names.collect::<Vec<_>>().join(" "), taken);
        };
        check(&[], &[], "web web-a db");
        check(&["web"], &[], "web");
        check(&["web*"], &["*-a"], "web");
        check(&["db", "*-?"], &[], "web-a db");
        check(&[], &["*"], "");
        assert_eq!(
            Selection::everything().include("a[").unwrap_err().to_string(),
            "`a[` is no pattern for names of charts"
        );
    }
}
