//! Candidates out of classic repositories: what is cached of them. Nothing is asked of a server.

use skeg_repository::{IndexEntry, RepositoryEntry};

use super::line::Line;
use super::{Answer, Candidate, Directive};
use crate::classic;
use crate::context::Context;
use crate::remote::go_words::shown;

/// Helm 4.3.1: what a chart may begin with besides the name of a repository.
const BEGINNINGS: [(&str, &str); 4] = [
    ("oci://", "Chart OCI prefix"),
    ("oci-layout://", "Chart image layout prefix"),
    ("https://", "Chart URL prefix"),
    ("http://", "Chart URL prefix"),
];

/// Helm 4.3.1: the same for commands that take charts on disk.
const PATHS: [(&str, &str); 2] = [
    ("./", "Relative path prefix to local chart"),
    ("/", "Absolute path prefix to local chart"),
];

/// The repositories that have a name.
pub(super) fn repositories(context: &Context) -> Vec<RepositoryEntry> {
    let file = classic::read_list(context).ok().flatten().unwrap_or_default();
    file.repositories().to_vec()
}

/// The names of repositories that were not given yet.
pub(super) fn names(line: &Line<'_>, context: &Context) -> Answer {
    let entries = repositories(context).into_iter();
    let new = entries.filter(|entry| !line.arguments.contains(&entry.name));
    let candidates = new.map(|entry| Candidate {
        description: shown(&entry.url),
        text: entry.name,
    });
    Answer {
        candidates: candidates.collect(),
        directive: Directive::NO_FILES,
    }
}

/// `REPOSITORY/CHART`, or what that begins with.
pub(super) fn charts(prefix: &str, takes_paths: bool, context: &Context) -> Answer {
    if let Some((repository, _)) = prefix.split_once('/') {
        let charts = charts_of(repository, context);
        let charts = charts.into_iter().map(|chart| format!("{repository}/{chart}"));
        let directive = if takes_paths {
            Directive::FILES
        } else {
            Directive::NO_FILES
        };
        return Answer::new(charts, directive);
    }
    let entries = repositories(context).into_iter();
    let candidate = |(text, description): (&str, &str)| Candidate {
        text: text.to_owned(),
        description: description.to_owned(),
    };
    let mut candidates: Vec<Candidate> = entries
        .map(|entry| candidate((&format!("{}/", entry.name), &shown(&entry.url))))
        .collect();
    candidates.extend(BEGINNINGS.map(candidate));
    if takes_paths && prefix.is_empty() {
        candidates.extend(PATHS.map(candidate));
    }
    Answer {
        candidates,
        directive: if takes_paths {
            Directive::NO_SPACE
        } else {
            Directive::NO_SPACE_NO_FILES
        },
    }
}

/// Helm 4.3.1: the names of charts are in a file of their own.
fn charts_of(repository: &str, context: &Context) -> Vec<String> {
    let is_known = repositories(context).iter().any(|entry| entry.name == repository);
    let path = classic::cache(context).charts_path(repository);
    let names = is_known.then(|| fs_err::read_to_string(path).ok()).flatten();
    names.unwrap_or_default().lines().map(str::to_owned).collect()
}

/// The versions of `REPOSITORY/CHART` in the cached index, the newest first.
pub(super) fn versions(chart: &str, context: &Context) -> Option<Answer> {
    let (repository, chart) = chart.split_once('/')?;
    let is_known = repositories(context).iter().any(|entry| entry.name == repository);
    let cache = classic::cache(context);
    let index = cache.load_charts(repository, |name| name == chart);
    let index = index.ok().filter(|_| is_known)?;
    let candidates = index.versions(chart).iter().map(|entry| Candidate {
        text: entry.version().to_owned(),
        description: describe(entry),
    });
    Some(Answer {
        candidates: candidates.collect(),
        directive: Directive::IN_ORDER,
    })
}

fn describe(entry: &IndexEntry) -> String {
    let app = Some(entry.app_version()).filter(|app| !app.is_empty());
    let day = entry.created().get(..10);
    let parts = [
        app.map(|app| format!("App: {app}")),
        day.map(|day| format!("Created: {day}")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(", ").replace(['\t', '\n'], " ")
}
