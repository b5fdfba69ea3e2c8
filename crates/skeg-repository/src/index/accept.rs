//! Checking the entries as they come, and putting them in order.

use std::collections::BTreeMap;
use std::sync::Arc;

use skeg_chart::{ChartName, InvalidMetadataError, ParseChartNameError};
use skeg_go::quote::is_print;
use skeg_go::semver::Version;

use super::raw::{RawEntry, Sink};
use super::read::{self, Stop};
use super::{Index, IndexEntry, ReadIndexError, RejectedEntry, json};

/// The mark that some programs write before UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

pub(super) fn parse(bytes: &[u8]) -> Result<Index, ReadIndexError> {
    if bytes.is_empty() {
        return Err(ReadIndexError::Empty);
    }
    let mut collector = Collector::default();
    let head = if is_json(bytes) {
        json::read(bytes, &mut collector)?
    } else {
        match read::read(bytes, &mut collector) {
            Ok(head) => head,
            // A mistake in the text comes first, wherever it is.
            Err(Stop::Error(error)) => {
                return Err(skeg_values::yaml::decode_strict(bytes)
                    .map_or_else(|syntax| in_words(&syntax), |_| error));
            }
            Err(Stop::Syntax) => return Err(syntax(bytes)),
            Err(Stop::Unusual) => {
                collector = Collector::default();
                plain(bytes, &mut collector)?
            }
        }
    };
    let index = collector.finish();
    if head.api_version.is_empty() {
        return Err(ReadIndexError::NoApiVersion);
    }
    Ok(index)
}

/// Helm tries JSON on every file; YAML never begins with a brace and ends with one, unless it is JSON or nearly so.
fn is_json(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes).trim_ascii();
    text.first() == Some(&b'{') && serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok()
}

/// Reads an index with anchors, whose aliases have to be put in their place first.
fn plain(bytes: &[u8], sink: &mut Collector) -> Result<super::raw::RawHead, ReadIndexError> {
    let value = skeg_values::yaml::decode_strict(bytes).map_err(|error| in_words(&error))?;
    let text = skeg_values::yaml::encode(&value);
    read::read(text.as_bytes(), sink).map_err(|stop| match stop {
        Stop::Error(error) => error,
        Stop::Syntax | Stop::Unusual => syntax(bytes),
    })
}

/// What is wrong with a text, from the reader that knows Helm's words.
fn syntax(bytes: &[u8]) -> ReadIndexError {
    match skeg_values::yaml::decode_strict(bytes) {
        Err(error) => in_words(&error),
        Ok(_) => ReadIndexError::Syntax("the index has keys that are no text".to_owned()),
    }
}

fn in_words(error: &skeg_values::yaml::DecodeError) -> ReadIndexError {
    ReadIndexError::Syntax(error.to_string())
}

/// The entries that came so far.
#[derive(Default)]
struct Collector {
    charts: BTreeMap<String, Vec<IndexEntry>>,
    /// The chart whose entries come.
    chart: String,
    versions: Vec<IndexEntry>,
    rejected: Vec<RejectedEntry>,
}

impl Sink for Collector {
    fn chart(&mut self, name: &str) -> bool {
        self.close();
        name.clone_into(&mut self.chart);
        self.charts.insert(name.to_owned(), Vec::new()).is_none()
    }

    fn entry(&mut self, entry: Option<RawEntry>) {
        let Some(entry) = entry else {
            return self.reject(String::new(), None);
        };
        match check(&entry) {
            Ok(version) => {
                let accepted = accepted(entry, version, self.versions.last());
                self.versions.push(accepted);
            }
            Err(error) => self.reject(entry.version, Some(error.to_string())),
        }
    }
}

impl Collector {
    fn reject(&mut self, version: String, problem: Option<String>) {
        self.rejected.push(RejectedEntry {
            chart: self.chart.clone(),
            version,
            problem,
        });
    }

    /// Puts the versions of the chart in order, the highest first. Which of equal ones comes first is up to Go's way to sort.
    fn close(&mut self) {
        let mut versions = std::mem::take(&mut self.versions);
        skeg_go::sort::sort(&mut versions, |one: &IndexEntry, other| {
            other.version < one.version
        });
        versions.shrink_to_fit();
        if let Some(place) = self.charts.get_mut(&self.chart) {
            *place = versions;
        }
    }

    fn finish(mut self) -> Index {
        self.close();
        Index {
            charts: self.charts,
            rejected: self.rejected,
        }
    }
}

/// An entry that is right; what it has in common with the one before is kept once.
fn accepted(entry: RawEntry, version: Version, before: Option<&IndexEntry>) -> IndexEntry {
    let share = |text: String, before: Option<&Arc<str>>| match before {
        Some(before) if **before == *text => Arc::clone(before),
        _ => text.into(),
    };
    let keywords: Vec<String> = entry.keywords.into_iter().map(clean).collect();
    IndexEntry {
        name: share(clean(entry.name), before.map(|before| &before.name)),
        version,
        app_version: clean(entry.app_version),
        description: share(clean(entry.description), before.map(|before| &before.description)),
        keywords: match before {
            Some(before) if *before.keywords == *keywords => Arc::clone(&before.keywords),
            _ => keywords.into(),
        },
        urls: entry.urls,
        digest: entry.digest,
        created: entry.created,
        deprecated: entry.deprecated,
    }
}

/// Helm 4.3.1's checks in its order. Two dependencies of one name are no mistake in an index.
fn check(entry: &RawEntry) -> Result<Version, InvalidMetadataError> {
    ChartName::parse(&clean(entry.name.clone())).map_err(|error| match error {
        ParseChartNameError::NotAllowed { name } => InvalidMetadataError::NameNotAllowed { name },
        ParseChartNameError::Invalid { name } => InvalidMetadataError::InvalidName { name },
        _ => InvalidMetadataError::MissingName,
    })?;
    if entry.version.is_empty() {
        return Err(InvalidMetadataError::MissingVersion);
    }
    let version = Version::parse(&entry.version).map_err(|_| InvalidMetadataError::InvalidVersion {
        version: entry.version.clone(),
    })?;
    if !matches!(entry.chart_type.as_str(), "" | "application" | "library") {
        return Err(InvalidMetadataError::UnknownType);
    }
    if entry.has_null_maintainer {
        return Err(InvalidMetadataError::NullMaintainer);
    }
    for dependency in &entry.dependencies {
        let dependency = dependency.as_ref().ok_or(InvalidMetadataError::NullDependency)?;
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if !dependency.alias.bytes().all(is_name) {
            let name = clean(dependency.name.clone());
            return Err(InvalidMetadataError::InvalidAlias { name });
        }
    }
    Ok(version)
}

/// Turns white space into blanks and drops what does not print, as Helm does when it checks a chart.
fn clean(text: String) -> String {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text;
    }
    let kept = text.chars().filter_map(|character| match character {
        _ if character.is_whitespace() => Some(' '),
        _ => is_print(character).then_some(character),
    });
    kept.collect()
}
