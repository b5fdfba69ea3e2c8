//! What goes where.

use std::collections::HashSet;

use skeg_oci::{Digest, ParseDigestError, ParseTagError, Tag};
use skeg_registry::{ChartReference, ParseChartReferenceError, PushTarget, RepositoryLocation};
use skeg_repository::{Index, IndexEntry};

use crate::selection::Selection;

/// What is taken of an index, and what cannot be.
#[derive(Debug, Default)]
pub struct Plan<'index> {
    /// By the places that they go to, the highest version of each chart first.
    pub versions: Vec<PlannedVersion<'index>>,
    /// Versions that no registry can hold, or that nobody can fetch.
    pub skipped: Vec<SkippedVersion<'index>>,
}

/// A version that has a place.
#[derive(Clone, Debug)]
pub struct PlannedVersion<'index> {
    /// What the index says of it.
    pub entry: &'index IndexEntry,
    /// Where the chart goes.
    pub location: RepositoryLocation,
    /// The tag of the version.
    pub tag: Tag,
    /// The digest that the archive has by the index.
    pub digest: Option<Digest>,
}

/// A version that is left out.
#[derive(Debug)]
pub struct SkippedVersion<'index> {
    /// What the index says of it.
    pub entry: &'index IndexEntry,
    /// Why.
    pub obstacle: Obstacle,
}

/// Why a version is left out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Obstacle {
    /// Another entry of the index goes to the same tag; the first one is taken.
    #[error("the index lists this version twice; the first one is taken")]
    Repeated,
    /// There is nothing to fetch.
    #[error("the index has no address for it")]
    NoAddress,
    /// What stands as digest is none.
    #[error("the index has a digest that is none")]
    Digest(#[from] ParseDigestError),
    /// No registry can hold a repository of this name.
    #[error("its name cannot be that of a repository")]
    Name(#[from] ParseChartReferenceError),
    /// The version cannot be a tag.
    #[error("its version cannot be a tag")]
    Version(#[from] ParseTagError),
}

impl PlannedVersion<'_> {
    /// Where the archive is by the index: relative to the repository, or absolute.
    pub fn address(&self) -> &str {
        self.entry.urls().first().map(String::as_str).unwrap_or_default()
    }

    /// What it is called at its destination.
    pub fn reference(&self) -> ChartReference {
        ChartReference::new(self.location.clone(), Some(self.tag.clone()), None)
    }
}

/// Decides where everything that is selected goes: below `target`, in a repository with the chart's name.
pub fn plan<'index>(index: &'index Index, selection: &Selection, target: &PushTarget) -> Plan<'index> {
    let mut plan = Plan::default();
    let mut seen = HashSet::new();
    for (_, versions) in index.charts().filter(|(chart, _)| selection.takes(chart)) {
        for entry in selection.versions(versions) {
            match place(entry, target) {
                Ok(planned) if seen.insert(planned.reference().to_string()) => plan.versions.push(planned),
                Ok(_) => plan.skipped.push(SkippedVersion {
                    entry,
                    obstacle: Obstacle::Repeated,
                }),
                Err(obstacle) => plan.skipped.push(SkippedVersion { entry, obstacle }),
            }
        }
    }
    // The key of an entry in an index need not be the name of its chart.
    plan.versions
        .sort_by_cached_key(|planned| planned.location.to_url());
    plan
}

fn place<'index>(entry: &'index IndexEntry, target: &PushTarget) -> Result<PlannedVersion<'index>, Obstacle> {
    if entry.urls().is_empty() {
        return Err(Obstacle::NoAddress);
    }
    Ok(PlannedVersion {
        entry,
        location: target.repository(entry.name())?,
        tag: Tag::from_version(entry.version())?,
        digest: entry.archive_digest()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_go_is_told() {
        let entries = "  Web:\n  - {name: Web, version: 1.0.0, urls: [a]}\n  b:\n  - {name: b, version: 1.0.0+x, urls: [a]}\n  - {name: b, \
                       version: 1.0.0+x, urls: [b]}\n  c:\n  - {name: c, version: 1.0.0}\n  d:\n  - {name: d, version: 1.0.0, urls: [a], digest: xyz}\n  \
                       e:\n  - {name: b, version: 1.0.0+x, urls: [e]}\n";
        let index = Index::parse(format!("apiVersion: v1\nentries:\n{entries}").as_bytes()).unwrap();
        let target = PushTarget::parse("oci://h.example/p").unwrap();
        let plan = plan(&index, &Selection::everything(), &target);
        let planned: Vec<String> = plan
            .versions
            .iter()
            .map(|planned| planned.reference().to_string())
            .collect();
        assert_eq!(planned, ["oci://h.example/p/b:1.0.0_x"]);
        let skipped = plan
            .skipped
            .iter()
            .map(|skipped| format!("{}: {}", skipped.entry.name(), skipped.obstacle));
        assert_eq!(
            skipped.collect::<Vec<_>>(),
            [
                "Web: its name cannot be that of a repository",
                "b: the index lists this version twice; the first one is taken",
                "c: the index has no address for it",
                "d: the index has a digest that is none",
                "b: the index lists this version twice; the first one is taken",
            ]
        );
    }
}
