//! What the commands that only read releases share.

use serde_json::Value as Json;
use skeg_cluster::ClusterError;
use skeg_go::time::Location;
use skeg_release::{Release, ReleaseStore, Status, StorageError, StoredChart};
use skeg_values::{Value, yaml};

use super::{Session, check_release_name, failure};
use crate::args::OutputFormat;
use crate::context::Context;
use crate::env::EnvironmentVariable;
use crate::error::CommandError;
use crate::surroundings;

/// Reads a revision of a release; the newest one if none is named.
///
/// Helm 4.3.1, `releaseContent`.
pub(crate) fn read_release(
    session: &Session,
    name: &str,
    revision: Option<i64>,
) -> Result<Release, CommandError> {
    check_release_name(name, "releaseContent: Release name is invalid")?;
    session.run(async {
        let store = session.store();
        let found = match revision.filter(|revision| *revision > 0) {
            Some(revision) => store.get(name, revision).await,
            None => store.last(name).await,
        };
        match found {
            Err(StorageError::NotFound) => Err(not_found(store, name, revision).await),
            Err(error) => Err(storage_failure(session, &error).await),
            Ok(release) => Ok(release),
        }
    })
}

/// As [`storage_error`]; a cluster that cannot be asked at all is told of as Helm does, which asks for its version first.
pub(crate) async fn storage_failure(session: &Session, error: &StorageError) -> CommandError {
    if let StorageError::Request { source, .. } = error
        && let Some(cluster) = source.get().downcast_ref::<ClusterError>()
        && is_unreachable(cluster)
        && let Err(error) = session.cluster().version().await
    {
        return failure::unreachable(&error);
    }
    storage_error(error)
}

fn is_unreachable(error: &ClusterError) -> bool {
    match error {
        ClusterError::Unreachable { .. } | ClusterError::Credentials { .. } => true,
        error => error.status().is_some_and(|status| status.code == 401),
    }
}

/// There is no such release, or no such revision of it.
pub(crate) async fn not_found(store: &ReleaseStore, name: &str, revision: Option<i64>) -> CommandError {
    let failure = CommandError::user(StorageError::NotFound.to_string());
    let known = match revision {
        Some(_) => store.revisions(name).await.unwrap_or_default(),
        None => Vec::new(),
    };
    if known.is_empty() {
        return failure.hint(format!(
            "there is no release `{name}` in this namespace; `skeg list -A` shows those of all"
        ));
    }
    let known: Vec<String> = known.iter().map(|entry| entry.version().to_string()).collect();
    failure.hint(format!("`{name}` has the revisions {}", known.join(", ")))
}

/// Records that cannot be read, with what to do next.
fn storage_error(error: &StorageError) -> CommandError {
    let StorageError::Request { source, .. } = error else {
        let failure = CommandError::user(error.to_string());
        return match error {
            StorageError::NotFound => failure.hint("`skeg list -A` shows the releases of all namespaces"),
            StorageError::Decode { .. } | StorageError::NoRevision { .. } => failure.hint(
                "the record is damaged: `skeg history NAME` shows the revisions that can be read, `skeg rollback` returns to one",
            ),
            _ => failure,
        };
    };
    match source.get().downcast_ref::<ClusterError>() {
        Some(cluster) if is_unreachable(cluster) => failure::unreachable(cluster),
        Some(cluster) => failure::with_hints(CommandError::user(error.to_string()), cluster),
        None => CommandError::user(error.to_string()),
    }
}

/// Prints what is JSON already, as it is or as YAML; `false` if it is for people.
pub(crate) fn print_json(json: &str, format: OutputFormat, context: &Context) -> Result<bool, CommandError> {
    match format {
        OutputFormat::Table => return Ok(false),
        OutputFormat::Json => context.printer().line(json)?,
        OutputFormat::Yaml => context.printer().data(to_yaml(json)?)?,
    }
    Ok(true)
}

fn to_yaml(json: &str) -> Result<String, CommandError> {
    let value = skeg_values::json::parse(json.as_bytes()).map_err(CommandError::internal)?;
    Ok(yaml::encode(&value))
}

/// JSON as Go writes it, the fields in their order.
pub(crate) fn go_json(value: &Json) -> String {
    let mut out = String::new();
    write_json(&mut out, value);
    out
}

fn write_json(out: &mut String, value: &Json) {
    match value {
        Json::String(text) => skeg_go::json::write_string(out, text),
        Json::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                write_json(out, item);
            }
            out.push(']');
        }
        Json::Object(fields) => {
            out.push('{');
            for (index, (key, item)) in fields.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                skeg_go::json::write_string(out, key);
                out.push(':');
                write_json(out, item);
            }
            out.push('}');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}

/// The values that a release was rendered with: those of the user over those of the chart.
///
/// Helm 4.3.1 crashes if the record has no chart.
pub(crate) fn computed_values(release: &Release, context: &Context) -> Value {
    let chart = release.chart.as_ref();
    let name = chart.and_then(|chart| chart.metadata());
    let name = name.map_or("", |metadata| metadata.name.as_str());
    let defaults = chart.and_then(StoredChart::values).unwrap_or_default();
    let config = release.config.clone().unwrap_or_default();
    let (computed, lines) = skeg_engine::reused_defaults(name, &(&defaults).into(), &(&config).into());
    for line in lines {
        context.printer().status(line);
    }
    Value::from_go(&computed.into()).unwrap_or_default()
}

/// Whether records are in memory, and no cluster is meant.
pub(crate) fn is_in_memory(context: &Context) -> bool {
    let driver = context.environment().get(EnvironmentVariable::DRIVER);
    driver.as_deref() == Some("memory")
}

/// A cluster that cannot be asked, or refuses.
pub(crate) fn cluster_error(error: &ClusterError) -> CommandError {
    match error {
        ClusterError::Unreachable { .. } | ClusterError::Credentials { .. } => failure::unreachable(error),
        error => failure::with_hints(CommandError::user(error.to_string()), error),
    }
}

/// The time zone of this place.
pub(crate) fn local_zone(context: &Context) -> Location {
    let zone = surroundings::of_machine(context.environment()).time_zone;
    Location::local(zone.as_deref())
}

/// Helm 4.3.1 colours what is well, what is bad and what is under way.
pub(crate) fn colour_of(status: &Status) -> Option<&'static str> {
    match status {
        Status::Deployed => Some("32"),
        Status::Failed | Status::Unknown => Some("31"),
        Status::PendingInstall | Status::PendingUpgrade | Status::PendingRollback | Status::Uninstalling => {
            Some("33")
        }
        _ => None,
    }
}
