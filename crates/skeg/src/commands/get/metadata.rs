//! `skeg get metadata`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;
use serde_json::value::RawValue;
use skeg_go::time::Time;
use skeg_release::{DIGEST_ANNOTATION, Release, SOURCE_ANNOTATION, StoredMetadata};

use super::RevisionArgs;
use crate::args::OutputArgs;
use crate::context::Context;
use crate::error::CommandError;
use crate::releases::{local_zone, print_json};

const RFC_3339: &[u8] = b"2006-01-02T15:04:05Z07:00";

/// Show what a release is of: its chart, its labels and how it was applied
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg get metadata RELEASE_NAME [flags]")]
pub(crate) struct MetadataArgs {
    #[command(flatten)]
    revision: RevisionArgs,

    #[command(flatten)]
    output: OutputArgs,
}

/// The fields have Helm's names and order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MetadataReport<'release> {
    name: &'release str,
    chart: &'release str,
    version: &'release str,
    app_version: &'release str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    annotations: &'release BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    labels: &'release BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    dependencies: Vec<Box<RawValue>>,
    namespace: &'release str,
    revision: i64,
    status: &'release str,
    deployed_at: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    apply_method: &'release str,
}

/// Helm 4.3.1: the labels are those of the record without a revision, and those of the user with one.
pub(super) fn metadata(args: &MetadataArgs, context: &Context) -> Result<(), CommandError> {
    let mut release = args.revision.read(context)?;
    if args.revision.revision.is_some_and(|revision| revision > 0) {
        release.labels = release.user_labels();
    }
    let missing = StoredMetadata {
        name: "MISSING".to_owned(),
        version: "MISSING".to_owned(),
        app_version: "MISSING".to_owned(),
        ..StoredMetadata::default()
    };
    let chart = release.chart.as_ref().and_then(|chart| chart.metadata());
    let chart = chart.unwrap_or(&missing);
    let report = report(&release, chart, context)?;
    let json = serde_json::to_string(&report).map_err(CommandError::internal)?;
    if print_json(&escape(&json), args.output.output, context)? {
        return Ok(());
    }
    Ok(context.printer().data(table(&report, &release, chart))?)
}

fn report<'release>(
    release: &'release Release,
    chart: &'release StoredMetadata,
    context: &Context,
) -> Result<MetadataReport<'release>, CommandError> {
    let deployed = release.info.last_deployed;
    let deployed = deployed.map_or_else(Time::zero, |time| time.to_go(&local_zone(context)));
    let dependencies = chart.dependencies.iter();
    let dependencies = dependencies.map(|dependency| RawValue::from_string(dependency.json.clone()));
    let dependencies: Result<Vec<_>, _> = dependencies.collect();
    Ok(MetadataReport {
        name: &release.name,
        chart: &chart.name,
        version: &chart.version,
        app_version: &chart.app_version,
        annotations: &chart.annotations,
        labels: &release.labels,
        dependencies: dependencies.map_err(CommandError::internal)?,
        namespace: &release.namespace,
        revision: release.version,
        status: release.info.status.as_str(),
        deployed_at: String::from_utf8_lossy(&deployed.format(RFC_3339)).into_owned(),
        apply_method: release.apply_method.as_str(),
    })
}

/// Go escapes what HTML could take for markup; none of it has a meaning in JSON.
fn escape(json: &str) -> String {
    let json = json.replace('<', "\\u003c").replace('>', "\\u003e");
    let json = json.replace('&', "\\u0026");
    json.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

fn table(report: &MetadataReport<'_>, release: &Release, chart: &StoredMetadata) -> String {
    let mut names: Vec<&str> = chart.dependencies.iter().map(|one| one.name.as_str()).collect();
    names.sort_unstable();
    let lines = [
        ("NAME", report.name.to_owned()),
        ("CHART", report.chart.to_owned()),
        ("VERSION", report.version.to_owned()),
        ("APP_VERSION", report.app_version.to_owned()),
        ("ANNOTATIONS", join(report.annotations)),
        ("LABELS", join(report.labels)),
        ("DEPENDENCIES", names.join(",")),
        ("NAMESPACE", report.namespace.to_owned()),
        ("REVISION", report.revision.to_string()),
        ("STATUS", report.status.to_owned()),
        ("DEPLOYED_AT", report.deployed_at.clone()),
        ("APPLY_METHOD", release.apply_method.to_string()),
    ];
    let recorded = [("SOURCE", SOURCE_ANNOTATION), ("DIGEST", DIGEST_ANNOTATION)];
    let recorded = recorded
        .into_iter()
        .filter_map(|(label, annotation)| Some((label, chart.annotations.get(annotation)?.clone())));
    let mut out = String::new();
    for (label, text) in lines.into_iter().chain(recorded) {
        writeln!(out, "{label}: {text}").expect("because a string takes any text");
    }
    out
}

/// Kubernetes' way to write labels: `a=b,c=d`.
fn join(texts: &BTreeMap<String, String>) -> String {
    let pairs: Vec<String> = texts.iter().map(|(key, text)| format!("{key}={text}")).collect();
    pairs.join(",")
}
