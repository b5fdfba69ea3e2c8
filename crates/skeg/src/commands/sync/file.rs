//! The file that says what to mirror where.

use std::path::{Path, PathBuf};

use skeg_oci::Tag;
use skeg_registry::{ChartReference, ExistingTag, PushTarget, RepositoryLocation, VersionFilter};

use super::yaml::{self, Key, Mistake, Node, Value};

/// What to mirror where.
#[derive(Debug, Default)]
pub(super) struct SyncFile {
    pub(super) entries: Vec<Entry>,
}

/// One repository to mirror.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) line: usize,
    pub(super) source: RepositoryLocation,
    pub(super) destination: RepositoryLocation,
    pub(super) wanted: Wanted,
    pub(super) referrers: bool,
    pub(super) existing: ExistingTag,
}

/// Which of its tags.
#[derive(Debug)]
pub(super) struct Wanted {
    /// Those that are named.
    pub(super) tags: Vec<Tag>,
    /// Those that pass one of these.
    pub(super) filters: Vec<VersionFilter>,
    /// Of the latter so many of the highest.
    pub(super) newest: Option<usize>,
}

/// A mistake in the file.
#[derive(Debug, thiserror::Error)]
#[error("{}:{line}: {problem}", path.display())]
pub(super) struct SyncFileError {
    path: PathBuf,
    line: usize,
    problem: String,
}

/// Reads the file.
pub(super) fn parse(path: &Path, bytes: &[u8]) -> Result<SyncFile, SyncFileError> {
    read(bytes).map_err(|Mistake { line, problem }| SyncFileError {
        path: path.to_owned(),
        line,
        problem,
    })
}

/// The fields of the file, and then those of an entry.
const FIELDS: [&str; 3] = ["destination", "referrers", "charts"];
const ENTRY_FIELDS: [&str; 9] = [
    "source",
    "destination",
    "versions",
    "tags",
    "all",
    "devel",
    "newest",
    "referrers",
    "overwrite",
];

/// What holds for entries that do not say otherwise.
struct Defaults {
    destination: Option<PushTarget>,
    referrers: bool,
}

fn read(bytes: &[u8]) -> Result<SyncFile, Mistake> {
    let Some(document) = yaml::parse(bytes)? else {
        return Err(Mistake::new(1, "the file is empty"));
    };
    let fields = Fields::new(&document, &FIELDS)?;
    let defaults = Defaults {
        destination: fields.read("destination", push_target)?,
        referrers: fields.read("referrers", Node::boolean)?.unwrap_or_default(),
    };
    let charts = fields.get("charts");
    let charts = charts.ok_or_else(|| Mistake::new(document.line, "`charts` is missing"))?;
    let Value::List(charts) = &charts.value else {
        return Err(Mistake::new(charts.line, "`charts` must be a list"));
    };
    let mut file = SyncFile::default();
    for chart in charts {
        let entry = entry(chart, &defaults)?;
        check_destination(&file.entries, &entry)?;
        file.entries.push(entry);
    }
    Ok(file)
}

/// Two sources of one repository would overwrite each other.
fn check_destination(entries: &[Entry], entry: &Entry) -> Result<(), Mistake> {
    let is_clash = |other: &&Entry| other.destination == entry.destination && other.source != entry.source;
    if let Some(other) = entries.iter().find(is_clash) {
        let problem = format!(
            "{} is the destination of another source too, in line {}",
            entry.destination.to_url(),
            other.line
        );
        return Err(Mistake::new(entry.line, problem));
    }
    if entry.source == entry.destination {
        return Err(Mistake::new(entry.line, "source and destination are the same"));
    }
    Ok(())
}

/// An entry is a mapping, or the source alone.
fn entry(node: &Node, defaults: &Defaults) -> Result<Entry, Mistake> {
    let sole = [(
        Key {
            line: node.line,
            text: "source".to_owned(),
        },
        node.clone(),
    )];
    let fields = match &node.value {
        Value::Scalar { .. } => Fields(&sole),
        _ => Fields::new(node, &ENTRY_FIELDS)?,
    };
    let source = fields.read("source", repository)?;
    let source = source.ok_or_else(|| Mistake::new(node.line, "`source` is missing"))?;
    let destination = match (fields.read("destination", repository)?, &defaults.destination) {
        (Some(destination), _) => destination,
        (None, Some(parent)) => parent
            .repository(source.chart_name())
            .map_err(|error| Mistake::new(node.line, error.to_string()))?,
        (None, None) => {
            let problem = "`destination` is missing here, and there is none for all entries";
            return Err(Mistake::new(node.line, problem));
        }
    };
    let overwrites = fields.read("overwrite", Node::boolean)?.unwrap_or(true);
    Ok(Entry {
        line: node.line,
        source,
        destination,
        wanted: wanted(&fields)?,
        referrers: fields
            .read("referrers", Node::boolean)?
            .unwrap_or(defaults.referrers),
        existing: if overwrites {
            ExistingTag::Overwrite
        } else {
            ExistingTag::Keep
        },
    })
}

fn wanted(fields: &Fields<'_>) -> Result<Wanted, Mistake> {
    let all = fields.read("all", Node::boolean)?.unwrap_or_default();
    let devel = fields.read("devel", Node::boolean)?.unwrap_or_default();
    let newest = fields.read("newest", Node::count)?;
    let tags = fields.get("tags").map_or(&[][..], Node::list).iter();
    let tags: Vec<Tag> = tags.map(tag).collect::<Result<_, _>>()?;
    let ranges = fields.get("versions").map_or(&[][..], Node::list);
    if let Some(versions) = fields.get("versions").filter(|_| all) {
        return Err(Mistake::new(
            versions.line,
            "`versions` and `all` exclude each other",
        ));
    }
    let filter = |range: Option<&str>, line: usize| {
        VersionFilter::new(range, devel, all).map_err(|error| Mistake::new(line, error.to_string()))
    };
    let mut filters = Vec::new();
    for range in ranges {
        filters.push(filter(Some(range.text()?), range.line)?);
    }
    let is_default = ranges.is_empty() && (tags.is_empty() || all || devel || newest.is_some());
    if is_default {
        filters.push(filter(None, 1)?);
    }
    Ok(Wanted {
        tags,
        filters,
        newest,
    })
}

/// The fields of a mapping, all of them known.
struct Fields<'node>(&'node [(Key, Node)]);

impl<'node> Fields<'node> {
    fn new(node: &'node Node, known: &[&str]) -> Result<Self, Mistake> {
        let entries = node.map()?;
        for (key, _) in entries {
            if !known.contains(&key.text.as_str()) {
                let problem = format!("`{}` is no field; there are {}", key.text, known.join(", "));
                return Err(Mistake::new(key.line, problem));
            }
        }
        Ok(Self(entries))
    }

    fn get(&self, name: &str) -> Option<&'node Node> {
        let found = self.0.iter().find(|(key, _)| key.text == name);
        found.map(|(_, node)| node)
    }

    fn read<T>(
        &self,
        name: &str,
        read: impl Fn(&'node Node) -> Result<T, Mistake>,
    ) -> Result<Option<T>, Mistake> {
        let read = self.get(name).map(read).transpose();
        read.map_err(|mistake| Mistake::new(mistake.line, format!("`{name}`: {}", mistake.problem)))
    }
}

fn push_target(node: &Node) -> Result<PushTarget, Mistake> {
    PushTarget::parse(node.text()?).map_err(|error| Mistake::new(node.line, error.to_string()))
}

fn repository(node: &Node) -> Result<RepositoryLocation, Mistake> {
    let reference = ChartReference::parse(node.text()?);
    let reference = reference.map_err(|error| Mistake::new(node.line, error.to_string()))?;
    if reference.tag().is_some() || reference.digest().is_some() {
        let problem = "a repository has no tag and no digest; choose by `versions` or `tags`";
        return Err(Mistake::new(node.line, problem));
    }
    Ok(reference.location().clone())
}

fn tag(node: &Node) -> Result<Tag, Mistake> {
    Tag::from_version(node.text()?).map_err(|error| Mistake::new(node.line, error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str)]) {
        let file = parse(Path::new("sync.yaml"), text.as_bytes()).unwrap();
        let entries = file.entries.iter();
        let found: Vec<_> = entries
            .map(|entry| (entry.source.to_url(), entry.destination.to_url()))
            .collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(from, to)| ((*from).to_owned(), (*to).to_owned()))
            .collect();
        assert_eq!(found, expected);
    }

    #[track_caller]
    fn check_mistake(text: &str, expected: &str) {
        let error = parse(Path::new("sync.yaml"), text.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), format!("sync.yaml:{expected}"));
    }

    #[test]
    fn entries_are_sources_or_mappings() {
        check(
            "destination: oci://m/mirror\ncharts:\n- oci://a/x/one\n- source: oci://a/two\n  destination: oci://n/other\n",
            &[
                ("oci://a/x/one", "oci://m/mirror/one"),
                ("oci://a/two", "oci://n/other"),
            ],
        );
        check("destination: oci://m\ncharts: []\n", &[]);
        check(
            "destination: oci-layout:///tmp/m\ncharts: [oci://a/one]\n",
            &[("oci://a/one", "oci-layout:///tmp/m/one")],
        );
    }

    #[test]
    fn fields_of_an_entry() {
        let text = "destination: oci://m\nreferrers: true\ncharts:\n- source: oci://a/one\n  versions: ['>=1 <3', ^5]\n  tags: [latest, 1.0.0+b]\n  newest: 3\n- source: oci://a/two\n  referrers: false\n  overwrite: false\n  tags: stable\n";
        let file = parse(Path::new("sync.yaml"), text.as_bytes()).unwrap();
        let [one, two] = &file.entries[..] else {
            panic!("two entries");
        };
        assert_eq!((one.wanted.filters.len(), one.wanted.newest), (2, Some(3)));
        assert_eq!(one.wanted.tags[1].as_str(), "1.0.0_b");
        assert!(one.referrers && one.existing == ExistingTag::Overwrite);
        assert!(!two.referrers && two.existing == ExistingTag::Keep);
        assert_eq!((two.wanted.filters.len(), two.wanted.tags.len()), (0, 1));
    }

    #[test]
    fn mistakes_have_their_lines() {
        check_mistake("", "1: the file is empty");
        check_mistake("a", "1: this must be a mapping");
        check_mistake("destination: oci://m\n", "1: `charts` is missing");
        check_mistake("charts: {}\n", "1: `charts` must be a list");
        check_mistake(
            "charts:\n- source: oci://a/b\n  version: 1\n",
            "3: `version` is no field; there are source, destination, versions, tags, all, devel, newest, referrers, overwrite",
        );
        check_mistake(
            "chart: []\n",
            "1: `chart` is no field; there are destination, referrers, charts",
        );
        check_mistake(
            "charts:\n- oci://a/b\n",
            "2: `destination` is missing here, and there is none for all entries",
        );
        check_mistake(
            "destination: oci://m\ncharts:\n- oci://a/b:1.0.0\n",
            "3: `source`: a repository has no tag and no digest; choose by `versions` or `tags`",
        );
        check_mistake(
            "destination: m\ncharts: []\n",
            "1: `destination`: scheme prefix missing from remote (e.g. \"oci://\")",
        );
        check_mistake(
            "destination: oci://m\nreferrers: 1\ncharts: []\n",
            "2: `referrers`: this must be `true` or `false`",
        );
        check_mistake(
            "destination: oci://m\ncharts:\n- source: oci://a/b\n  versions: one\n",
            "4: improper constraint: \"one\"",
        );
        check_mistake(
            "destination: oci://m\ncharts:\n- source: oci://a/b\n  newest: 0\n",
            "4: `newest`: this must be a number from 1 on",
        );
        check_mistake(
            "destination: oci://m\ncharts:\n- oci://a/b\n- oci://c/b\n",
            "4: oci://m/b is the destination of another source too, in line 3",
        );
        check_mistake(
            "destination: oci://m\ncharts:\n- oci://m/b\n",
            "3: source and destination are the same",
        );
        check_mistake("a: 1\na: 2\n", "2: `a` is there already, in line 1");
        check_mistake(
            "charts: &a []\nother: *a\n",
            "2: `*a` is an alias, which this file may not have",
        );
        check_mistake("charts: []\n---\ncharts: []\n", "2: there is a second document");
        check_mistake("charts: [\n", "2: did not find expected node content");
    }
}
