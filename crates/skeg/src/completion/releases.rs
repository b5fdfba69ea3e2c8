//! Candidates out of a cluster: releases and their revisions. Whatever fails, or takes too long, gives none.

use std::time::Duration;

use skeg_release::{ListOptions, ReleaseHead};

use super::line::Line;
use super::{Answer, Candidate, Directive};
use crate::context::Context;
use crate::error::CommandError;
use crate::releases::Session;

/// A person waits with a finger on the key.
const PATIENCE: Duration = Duration::from_secs(2);

/// Commands whose first argument is a release.
const OF_RELEASES: [&str; 12] = [
    "status",
    "history",
    "uninstall",
    "rollback",
    "test",
    "upgrade",
    "get all",
    "get hooks",
    "get manifest",
    "get metadata",
    "get notes",
    "get values",
];

/// The argument of a command on releases; nothing if it is another command, or another kind of argument.
pub(super) fn argument(path: &str, line: &Line<'_>, context: &Context) -> Option<Answer> {
    if !OF_RELEASES.contains(&path) {
        return None;
    }
    match (path, line.arguments.as_slice()) {
        ("uninstall", _) | (_, []) => Some(releases(line, context)),
        ("upgrade", [_]) => None,
        ("rollback", [name]) => Some(revisions(name, context)),
        _ => Some(Answer::nothing(Directive::NO_FILES)),
    }
}

/// Helm 4.3.1: all releases of the namespace, with the chart and the status of each.
fn releases(line: &Line<'_>, context: &Context) -> Answer {
    let listed = ask(context, async |session| {
        let listed = session.store().list(&ListOptions::default()).await;
        listed.map_err(CommandError::user)
    });
    let listed = listed.unwrap_or_default().into_iter().map(|listed| listed.head);
    let new = listed.filter(|head| !line.arguments.contains(&head.name));
    let candidates = new.map(|head| Candidate {
        description: format!("{} -> {}", head.chart_name(), head.info.status),
        text: head.name,
    });
    answer(candidates)
}

/// Helm 4.3.1: the revisions of a release, with the version of the application and the chart of each.
pub(super) fn revisions(name: &str, context: &Context) -> Answer {
    let history = ask(context, async |session| {
        session.store().history(name).await.map_err(CommandError::user)
    });
    let heads = history.unwrap_or_default().into_iter();
    let heads = heads.filter_map(|(_, head)| head.ok());
    answer(heads.map(|head: ReleaseHead| Candidate {
        text: head.version.to_string(),
        description: format!("App: {}, Chart: {}", head.app_version(), head.chart_name()),
    }))
}

fn answer(candidates: impl Iterator<Item = Candidate>) -> Answer {
    Answer {
        candidates: candidates.collect(),
        directive: Directive::NO_FILES,
    }
}

fn ask<T>(context: &Context, question: impl AsyncFnOnce(&Session) -> Result<T, CommandError>) -> Option<T> {
    let session = Session::open(context).ok()?;
    let answer = session.run(async {
        let answer = tokio::time::timeout(PATIENCE, question(&session)).await;
        answer.map_err(CommandError::user)?
    });
    answer.ok()
}
