//! Choosing a version.

use skeg_go::semver::VersionConstraint;

use super::{FindChartError, Index, IndexEntry};

/// A version that was chosen.
#[derive(Clone, Copy, Debug)]
pub struct FoundChart<'index> {
    /// The entry.
    pub entry: &'index IndexEntry,
    /// Whether one version was asked for and there is only one like it, such as 1.2.3 for 1.2: worth a warning.
    pub is_fallback: bool,
}

impl Index {
    /// Finds the highest version in a range, or the highest stable one without a range. A version that is written exactly
    /// as in the index is taken as it is.
    ///
    /// # Errors
    /// See [`FindChartError`].
    pub fn find(&self, chart: &str, range: Option<&str>) -> Result<FoundChart<'_>, FindChartError> {
        let versions = self.charts.get(chart).ok_or(FindChartError::NoName)?;
        if versions.is_empty() {
            return Err(FindChartError::NoVersions);
        }
        let range = range.filter(|range| !range.is_empty());
        let constraint = VersionConstraint::parse(range.unwrap_or("*"))?;
        let exact = versions.iter().find(|entry| Some(entry.version()) == range);
        let in_range = || versions.iter().find(|entry| constraint.check(&entry.version));
        let is_fallback = exact.is_none() && range.is_some_and(|range| !is_range(range));
        match exact.or_else(in_range) {
            Some(entry) => Ok(FoundChart { entry, is_fallback }),
            None => Err(FindChartError::NoVersion {
                name: chart.to_owned(),
                version: range.unwrap_or_default().to_owned(),
            }),
        }
    }
}

/// Helm 4.3.1: whether a text means several versions.
fn is_range(text: &str) -> bool {
    if text.contains(['^', '~', '<', '>', '=', '!', '*']) || text.contains("||") || text.contains(" - ") {
        return true;
    }
    let core = text.split(['-', '+']).next().unwrap_or_default();
    core.contains(['x', 'X'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> Index {
        let entries = ["1.0.0", "1.2.3", "1.2.3+build", "2.0.0-rc.1", "0.9.0", "v1.1.0"];
        let lines: String = entries
            .map(|version| format!("  - {{name: a, version: {version}}}\n"))
            .concat();
        Index::parse(format!("apiVersion: v1\nentries:\n  b: []\n  a:\n{lines}").as_bytes()).unwrap()
    }

    #[track_caller]
    fn check(range: &str, expected: &str) {
        let index = index();
        let found = index.find("a", Some(range)).unwrap();
        let mark = if found.is_fallback { " (fallback)" } else { "" };
        assert_eq!(format!("{}{mark}", found.entry.version()), expected, "{range}");
    }

    #[track_caller]
    fn check_error(chart: &str, range: &str, expected: &str) {
        let error = index().find(chart, Some(range)).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn versions_are_chosen_as_helm_does() {
        check("", "1.2.3");
        check("1.0.0", "1.0.0");
        check("1.2.3+build", "1.2.3+build");
        check("1.2", "1.2.3 (fallback)");
        check("v1.0.0", "1.0.0 (fallback)");
        check("1.1.0", "v1.1.0 (fallback)");
        check("^1", "1.2.3");
        check("1.0.x", "1.0.0");
        check("<1.2.0", "v1.1.0");
        check(">0.0.0-0", "2.0.0-rc.1");
        check("2.0.0-rc.1", "2.0.0-rc.1");
    }

    #[test]
    fn what_is_not_there_is_named() {
        check_error("c", "", "no chart name found");
        check_error("b", "", "no chart version found");
        check_error("a", "9", "no chart version found for a-9");
        check_error("a", "latest", "improper constraint: \"latest\"");
    }
}
