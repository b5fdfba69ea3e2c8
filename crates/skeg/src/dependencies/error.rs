//! What goes wrong with dependencies, and what to do next.

use skeg_oci::Digest;
use skeg_registry::ResolvedChart;
use skeg_resolve::{RequirementError, ResolveError};

use crate::error::CommandError;
use crate::printer::Printer;

/// A dependency that is written wrongly.
pub(crate) fn about_requirement(error: RequirementError) -> CommandError {
    let hint = match &error {
        RequirementError::Constraint { text, .. } if text.is_empty() => {
            "give the dependency a version in Chart.yaml; `*` takes the highest one"
        }
        RequirementError::Digest { .. } => "write `version: 1.2.3@sha256:…`",
        _ => "write a version such as `1.2.3` or a range such as `^1.2`",
    };
    CommandError::user(error).hint(hint)
}

/// No version for all dependencies.
pub(crate) fn resolve_error(error: ResolveError<CommandError>, printer: &Printer) -> CommandError {
    match error {
        ResolveError::Missing(error) => {
            let hints: Vec<String> = error.charts.iter().map(candidates).collect();
            hints
                .into_iter()
                .fold(CommandError::user(error), CommandError::hint)
        }
        ResolveError::Vendored(error) => {
            CommandError::user(error).hint("change the chart in charts/, or the range in Chart.yaml")
        }
        ResolveError::Sources(errors) => match CommandError::all_of(errors, printer) {
            Err(error) => error,
            Ok(()) => CommandError::internal("sources failed without an error"),
        },
        _ => CommandError::internal("dependencies cannot be resolved"),
    }
}

fn candidates(chart: &skeg_resolve::MissingVersion) -> String {
    if chart.candidates.is_empty() {
        return format!("there is no version of {} at all", chart.name);
    }
    format!(
        "the highest versions of {} are {}",
        chart.name,
        chart.candidates.join(", ")
    )
}

/// A tag names other content than is locked.
pub(super) fn moved(resolved: &ResolvedChart, expected: &Digest) -> CommandError {
    CommandError::user(format!(
        "the tag {} was moved: it names {}, but {expected} is locked",
        crate::chart_source::display_name(&resolved.reference),
        resolved.digest
    ))
    .hint("find out who moved the tag, and why: what was locked is not what is there now")
    .hint("if the new content is fine, lock it with `skeg dependency update --repin`")
}

/// Names of repositories that nobody has added, in Helm's words.
pub(super) fn missing_definitions(names: &[&str]) -> CommandError {
    let first = names.first().copied().unwrap_or_default();
    let name = first.trim_start_matches("alias:").trim_start_matches('@');
    CommandError::user(format!(
        "no repository definition for {}. Please add them via 'helm repo add'",
        names.join(", ")
    ))
    .hint(format!(
        "run `skeg repo add {name} URL`; `skeg repo list` shows what there is"
    ))
}

/// Helm 4.3.1: an index that does not have a chart.
pub(super) fn no_such_chart(chart: &str, address: &str) -> CommandError {
    let shown = crate::remote::go_words::shown(address);
    let error = CommandError::user(format!("{chart} chart not found in repo {shown}"));
    match super::source::repeated_name(address, chart) {
        Some(hint) => error.hint(hint),
        None => {
            error.hint("look whether the name is right, and whether the chart is still in that repository")
        }
    }
}

/// An archive has other content than is locked.
pub(super) fn changed(name: &str, version: &str, digests: [&Digest; 2]) -> CommandError {
    let [expected, actual] = digests;
    CommandError::user(format!(
        "the archive of {name} {version} was changed: its digest is {actual}, but {expected} is locked"
    ))
    .hint("find out who changed it, and why: what was locked is not what is there now")
    .hint("if the new content is fine, lock it with `skeg dependency update --repin`")
}

/// Helm 4.3.1: a name without a mark is explained.
pub(super) fn unknown_repository(text: &str) -> CommandError {
    CommandError::user(format!(
        "no repository definition for {text}. Please add them via 'helm repo add'\n\
         Note that repositories must be URLs or aliases. For example, to refer to the \"example\"\n\
         repository, use \"https://charts.example.com/\" or \"@example\" instead of\n\
         \"example\". Don't forget to add the repo, too ('helm repo add')."
    ))
}
