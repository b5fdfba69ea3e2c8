//! Which charts there are, in which versions.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

/// Charts by the path of their repository, and of each its versions. Every one is in the classic repository of that path and in
/// the registry below that path.
#[derive(Debug, Clone, Default)]
pub struct Catalogue(BTreeMap<String, BTreeMap<String, BTreeSet<String>>>);

impl Catalogue {
    /// Adds a version.
    pub fn add(&mut self, repository: &str, chart: &str, version: &str) {
        let charts = self.0.entry(repository.to_owned()).or_default();
        charts
            .entry(chart.to_owned())
            .or_default()
            .insert(version.to_owned());
    }

    /// Adds versions in and around a range.
    pub fn add_around(&mut self, repository: &str, chart: &str, range: &str) {
        self.add(repository, chart, "0.1.0");
        for version in around(range) {
            self.add(repository, chart, &version);
        }
    }

    /// Every repository with its charts.
    pub(super) fn repositories(
        &self,
    ) -> impl Iterator<Item = (&String, &BTreeMap<String, BTreeSet<String>>)> {
        self.0.iter()
    }
}

/// Versions that a range names, and their neighbours.
fn around(range: &str) -> BTreeSet<String> {
    let pattern =
        Regex::new(r"(\d+)(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")
            .expect("because the pattern is a constant");
    let mut versions = BTreeSet::new();
    for found in pattern.captures_iter(range) {
        let number = |group: usize| {
            found
                .get(group)
                .and_then(|part| part.as_str().parse::<u32>().ok())
        };
        let (major, minor, patch) = (number(1), number(2).unwrap_or(0), number(3).unwrap_or(0));
        let Some(major) = major else { continue };
        let suffix = |group: usize| found.get(group).map_or("", |part| part.as_str());
        versions.insert(format!("{major}.{minor}.{patch}{}{}", suffix(4), suffix(5)));
        versions.insert(format!("{major}.{minor}.{patch}"));
        versions.insert(format!("{major}.{minor}.{}", patch + 1));
        versions.insert(format!("{major}.{minor}.{}-rc.1", patch + 2));
        versions.insert(format!("{major}.{}.0", minor + 1));
        versions.insert(format!("{}.0.0", major + 1));
        if major > 0 {
            versions.insert(format!("{}.9.0", major - 1));
        }
    }
    versions
}

#[cfg(test)]
mod tests {
    use super::around;

    #[test]
    fn a_range_has_versions_in_it_and_beside_it() {
        let versions: Vec<String> = around("~2.3.x").into_iter().collect();
        assert_eq!(
            versions,
            ["1.9.0", "2.3.0", "2.3.1", "2.3.2-rc.1", "2.4.0", "3.0.0"]
        );
        assert!(around("1.2.3-beta+b").contains("1.2.3-beta+b"));
        assert!(around("*").is_empty());
    }
}
