//! A release as Go templates see it: `{{.Release.Info.Status}}`.
//!
//! Fields have the names of Helm's Go structs. Methods are not there, but for those of times.

use skeg_engine::{on_render_stack, render_plain_template};
use skeg_go::time::{Location, Time};
use skeg_go::{GoList, GoMap, GoType, GoValue, base64};
use skeg_release::{HookRecord, Info, RecordTime, Release};
use skeg_values::{Value, json};

use crate::context::Context;
use crate::error::CommandError;
use crate::releases::local_zone;

/// Helm 4.3.1, `get all --template`: what the template prints, and no line end.
pub(super) fn print(text: &str, release: &Release, context: &Context) -> Result<(), CommandError> {
    let printed = on_render_stack(|| {
        let local = local_zone(context);
        let data = GoMap::new();
        data.insert("Release", release_map(release, &local));
        let printed = render_plain_template(text, &data.into());
        printed.map_err(|error| CommandError::user(error.to_string()))
    })?;
    Ok(context.printer().data(printed)?)
}

fn release_map(release: &Release, local: &Location) -> GoMap {
    let map = GoMap::new();
    map.insert("Name", release.name.as_str());
    map.insert("Info", info_map(&release.info, local));
    let chart = release.chart.as_ref();
    let chart = chart.and_then(|chart| json::parse(chart.json().as_bytes()).ok());
    map.insert(
        "Chart",
        chart.map_or(GoValue::Nil, |chart| chart_map(&chart).into()),
    );
    let config = release.config.as_ref();
    map.insert(
        "Config",
        config.map_or_else(|| GoMap::nil(GoType::Interface), GoMap::from),
    );
    map.insert("Manifest", release.manifest.as_str());
    let hooks = release.hooks.iter().map(|hook| hook_map(hook, local).into());
    map.insert("Hooks", GoList::new(hooks.collect()));
    map.insert("Version", GoValue::int(release.version));
    map.insert("Namespace", release.namespace.as_str());
    let labels = GoMap::typed(GoType::String);
    for (key, label) in &release.labels {
        labels.insert(key.as_str(), label.as_str());
    }
    map.insert("Labels", labels);
    map.insert("ApplyMethod", release.apply_method.as_str());
    map
}

fn info_map(info: &Info, local: &Location) -> GoMap {
    let map = GoMap::new();
    map.insert("FirstDeployed", time(info.first_deployed, local));
    map.insert("LastDeployed", time(info.last_deployed, local));
    map.insert("Deleted", time(info.deleted, local));
    map.insert("Description", info.description.as_str());
    map.insert("Status", info.status.as_str());
    map.insert("RollbackRevision", GoValue::int(info.rollback_revision));
    map.insert("Notes", info.notes.as_str());
    map
}

fn hook_map(hook: &HookRecord, local: &Location) -> GoMap {
    let run = GoMap::new();
    run.insert("StartedAt", time(hook.last_run.started_at, local));
    run.insert("CompletedAt", time(hook.last_run.completed_at, local));
    run.insert("Phase", hook.last_run.phase.as_str());
    let texts = |texts: &[String]| GoValue::strings(texts.iter().map(String::as_str));
    let map = GoMap::new();
    map.insert("Name", hook.name.as_str());
    map.insert("Kind", hook.kind.as_str());
    map.insert("Path", hook.path.as_str());
    map.insert("Manifest", hook.manifest.as_str());
    map.insert("Events", texts(&hook.events));
    map.insert("LastRun", run);
    map.insert("Weight", GoValue::int(hook.weight));
    map.insert("DeletePolicies", texts(&hook.delete_policies));
    map.insert("OutputLogPolicies", texts(&hook.output_log_policies));
    map
}

fn time(time: Option<RecordTime>, local: &Location) -> GoValue {
    GoValue::object(time.map_or_else(Time::zero, |time| time.to_go(local)))
}

fn chart_map(chart: &Value) -> GoMap {
    let get = |key| chart.get(key).unwrap_or(&Value::Null);
    let map = GoMap::new();
    map.insert("Metadata", structure(get("metadata")));
    map.insert("Lock", structure(get("lock")));
    map.insert("Templates", files(get("templates")));
    map.insert(
        "Values",
        GoValue::from(&get("values").clone().into_float_numbers()),
    );
    map.insert("Schema", bytes(get("schema")));
    map.insert("Files", files(get("files")));
    map
}

fn files(files: &Value) -> GoValue {
    let files = files.as_list().unwrap_or_default().iter().map(|file| {
        let map = GoMap::new();
        map.insert(
            "Name",
            file.get("name").and_then(Value::as_str).unwrap_or_default(),
        );
        map.insert("Data", bytes(file.get("data").unwrap_or(&Value::Null)));
        map.into()
    });
    GoList::new(files.collect()).into()
}

fn bytes(text: &Value) -> GoValue {
    let text = text.as_str().unwrap_or_default();
    let bytes = base64::decode(text.as_bytes()).unwrap_or_default();
    GoList::bytes(bytes).into()
}

/// Objects get the names of Go's fields, here and below; annotations keep theirs.
fn structure(value: &Value) -> GoValue {
    match value {
        Value::Map(map) => {
            let fields = map.iter().map(|(key, value)| match key {
                "annotations" => ("Annotations".to_owned(), GoValue::from(value)),
                key => (field_name(key), structure(value)),
            });
            fields.collect::<GoMap>().into()
        }
        Value::List(items) => GoValue::list(items.iter().map(structure).collect()),
        scalar => GoValue::from(scalar),
    }
}

/// `appVersion` is `AppVersion`, `apiVersion` is `APIVersion`, `import-values` is `ImportValues`.
fn field_name(key: &str) -> String {
    match key {
        "apiVersion" => return "APIVersion".to_owned(),
        "url" => return "URL".to_owned(),
        _ => {}
    }
    let words = key.split('-').map(|word| {
        let mut characters = word.chars();
        let first = characters.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(characters).collect::<String>()
    });
    words.collect()
}
