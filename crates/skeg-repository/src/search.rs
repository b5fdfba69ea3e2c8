//! Search through indexes, with Helm's scores and order.

use std::sync::Arc;

use skeg_go::regexp::Regexp;
use skeg_go::semver::VersionConstraint;

use crate::index::IndexEntry;

/// What stands between the parts of a line that is searched.
const SEPARATOR: char = '\u{b}';

/// A chart that was found.
#[derive(Clone, Debug)]
pub struct SearchHit {
    /// `REPOSITORY/CHART`.
    pub name: Arc<str>,
    /// The version.
    pub entry: IndexEntry,
    /// In which part it was found: 0 is the name of the chart, 1 that with the repository, 2 the description, 3 the keywords.
    pub score: usize,
}

/// What is searched for.
#[derive(Debug, Default)]
pub struct SearchQuery {
    term: Option<Term>,
    constraint: Option<VersionConstraint>,
    all_versions: bool,
}

#[derive(Debug)]
enum Term {
    /// In lower case.
    Text(String),
    Pattern(Regexp),
}

impl SearchQuery {
    /// Every version of every chart.
    pub fn all() -> Self {
        Self {
            all_versions: true,
            ..Self::default()
        }
    }

    /// Only charts that hold a text in their name, description or keywords, in any case of letters.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        self.term = Some(Term::Text(text.to_lowercase()));
        self
    }

    /// Only charts that a pattern matches.
    #[must_use]
    pub fn pattern(mut self, pattern: Regexp) -> Self {
        self.term = Some(Term::Pattern(pattern));
        self
    }

    /// Only versions in a range.
    #[must_use]
    pub fn range(mut self, constraint: VersionConstraint) -> Self {
        self.constraint = Some(constraint);
        self
    }

    /// Of each chart only the first version that is found.
    #[must_use]
    pub fn first_only(mut self) -> Self {
        self.all_versions = false;
        self
    }
}

impl SearchQuery {
    /// Searches the versions of one chart, the highest first, and adds what is found to `hits`.
    pub fn search(&self, repository: &str, chart: &str, versions: &[IndexEntry], hits: &mut Vec<SearchHit>) {
        let name = skeg_go::path::join([repository.as_bytes(), chart.as_bytes()]);
        let name: Arc<str> = String::from_utf8_lossy(&name).into();
        let mut line = String::new();
        let mut before: Option<(&IndexEntry, Option<usize>)> = None;
        let mut found: Vec<(usize, &IndexEntry)> = Vec::new();
        for (number, entry) in versions.iter().enumerate() {
            if is_written_again(entry, &versions[number + 1..]) {
                continue;
            }
            let score = match before {
                Some((before, score)) if before.is_described_as(entry) => score,
                _ => score(self, repository, entry, &mut line),
            };
            before = Some((entry, score));
            found.extend(score.map(|score| (score, entry)));
        }
        found.sort_by(|(score, entry), (other_score, other)| {
            score
                .cmp(other_score)
                .then_with(|| other.semver().cmp(entry.semver()))
        });
        let constraint = self.constraint.as_ref();
        let in_range = found
            .into_iter()
            .filter(|(_, entry)| constraint.is_none_or(|range| range.check(entry.semver())));
        let most = if self.all_versions { usize::MAX } else { 1 };
        hits.extend(in_range.take(most).map(|(score, entry)| SearchHit {
            name: Arc::clone(&name),
            entry: entry.clone(),
            score,
        }));
    }
}

/// Puts hits in Helm's order: the best first, of equal ones by name and the highest version first.
pub fn sort_hits(hits: &mut [SearchHit]) {
    hits.sort_by(|one, other| {
        let by_score = one.score.cmp(&other.score);
        let by_name = || one.name.cmp(&other.name);
        let by_version = || other.entry.semver().cmp(one.entry.semver());
        by_score.then_with(by_name).then_with(by_version)
    });
}

/// Of two entries with the same version the last one counts, as in Helm.
fn is_written_again(entry: &IndexEntry, later: &[IndexEntry]) -> bool {
    let mut equal = later.iter().take_while(|later| later.semver() == entry.semver());
    equal.any(|later| later.version() == entry.version())
}

/// In which part of the line the term is.
fn score(query: &SearchQuery, repository: &str, entry: &IndexEntry, line: &mut String) -> Option<usize> {
    let Some(term) = &query.term else {
        return Some(0);
    };
    write_line(repository, entry, line);
    let position = match term {
        Term::Text(text) => {
            if line.is_ascii() {
                line.make_ascii_lowercase();
            } else {
                *line = line.to_lowercase();
            }
            memchr::memmem::find(line.as_bytes(), text.as_bytes())?
        }
        Term::Pattern(pattern) => pattern.find(line.as_bytes())?.start,
    };
    // A hit on a separator belongs to the part before it.
    let before = line
        .bytes()
        .take(position)
        .filter(|byte| *byte == SEPARATOR as u8);
    Some(before.count())
}

/// Helm 4.3.1's line of a chart.
fn write_line(repository: &str, entry: &IndexEntry, line: &mut String) {
    line.clear();
    line.push_str(entry.name());
    line.push(SEPARATOR);
    line.extend([repository, "/", entry.name()]);
    line.push(SEPARATOR);
    line.push_str(entry.description());
    line.push(SEPARATOR);
    for (number, keyword) in entry.keywords().iter().enumerate() {
        if number > 0 {
            line.push(' ');
        }
        line.push_str(keyword);
    }
}
