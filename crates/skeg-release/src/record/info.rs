//! What has become of a revision, and its hooks.

use skeg_engine::Hook;
use skeg_go::json::to_valid_utf8;

use super::fields::split;
use super::json::Json;
use super::status::Status;
use super::time::RecordTime;
use super::write::{ObjectWriter, write_list};

/// What has become of a revision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Info {
    /// When the first revision was installed.
    pub first_deployed: Option<RecordTime>,
    /// When this revision was begun.
    pub last_deployed: Option<RecordTime>,
    /// When it was uninstalled.
    pub deleted: Option<RecordTime>,
    /// One line about it, or an error.
    pub description: String,
    /// What it has come to.
    pub status: Status,
    /// The revision that it repeats; 0 if it is no rollback.
    pub rollback_revision: i64,
    /// The notes of the chart.
    pub notes: String,
    /// What others have written here.
    pub(super) foreign: Vec<(String, String)>,
}

/// A hook of a revision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HookRecord {
    /// `metadata.name`
    pub name: String,
    /// `kind`
    pub kind: String,
    /// The path of the template that it comes from.
    pub path: String,
    /// The document.
    pub manifest: String,
    /// When it is run: `pre-install`, `test`.
    pub events: Vec<String>,
    /// How it went.
    pub last_run: HookRun,
    /// Its place among the hooks of one event.
    pub weight: i64,
    /// When it is deleted.
    pub delete_policies: Vec<String>,
    /// When its output is shown.
    pub output_log_policies: Vec<String>,
    /// What others have written here.
    pub(super) foreign: Vec<(String, String)>,
}

/// How a hook went the last time that it was run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HookRun {
    /// When it was started; `None` if it never was.
    pub started_at: Option<RecordTime>,
    /// When it ended.
    pub completed_at: Option<RecordTime>,
    /// `Unknown`, `Running`, `Succeeded`, `Failed`, or nothing.
    pub phase: String,
}

impl Info {
    pub(super) fn read(json: Json<'_>) -> Self {
        let names = [
            "first_deployed",
            "last_deployed",
            "deleted",
            "description",
            "status",
            "rollback_revision",
            "notes",
            "resources",
        ];
        let (fields, foreign) = split(json, names);
        let [first, last, deleted, description, status, rollback, notes, _] = fields;
        Self {
            first_deployed: first.time(),
            last_deployed: last.time(),
            deleted: deleted.time(),
            description: description.text(),
            status: status.status(),
            rollback_revision: rollback.int(),
            notes: notes.text(),
            foreign,
        }
    }

    /// `resources` is what stands on the cluster, as a JSON object; it is printed and never stored.
    pub(super) fn write(&self, out: &mut String, resources: Option<&str>) {
        let mut object = ObjectWriter::new(out);
        object.time("first_deployed", self.first_deployed);
        object.time("last_deployed", self.last_deployed);
        object.time("deleted", self.deleted);
        object.text("description", &self.description);
        object.text("status", self.status.as_str());
        object.int("rollback_revision", self.rollback_revision);
        object.text("notes", &self.notes);
        if let Some(resources) = resources {
            object.key("resources").push_str(resources);
        }
        object.foreign(&self.foreign);
        object.end();
    }
}

impl HookRecord {
    /// Whether it is run at an event, such as `pre-install`.
    pub fn has_event(&self, event: &str) -> bool {
        self.events.iter().any(|found| found == event)
    }

    pub(super) fn read(json: Json<'_>) -> Self {
        let names = [
            "name",
            "kind",
            "path",
            "manifest",
            "events",
            "last_run",
            "weight",
            "delete_policies",
            "output_log_policies",
        ];
        let (fields, foreign) = split(json, names);
        let [name, kind, path, manifest, events, last_run, weight, delete, log] = fields;
        Self {
            name: name.text(),
            kind: kind.text(),
            path: path.text(),
            manifest: manifest.text(),
            events: events.texts(),
            last_run: last_run.value().map(HookRun::read).unwrap_or_default(),
            weight: weight.int(),
            delete_policies: delete.texts(),
            output_log_policies: log.texts(),
            foreign,
        }
    }

    pub(super) fn write(&self, out: &mut String) {
        let mut object = ObjectWriter::new(out);
        object.text("name", &self.name);
        object.text("kind", &self.kind);
        object.text("path", &self.path);
        object.text("manifest", &self.manifest);
        object.texts("events", &self.events);
        self.last_run.write(object.key("last_run"));
        object.int("weight", self.weight);
        object.texts("delete_policies", &self.delete_policies);
        object.texts("output_log_policies", &self.output_log_policies);
        object.foreign(&self.foreign);
        object.end();
    }

    /// All hooks of a record.
    pub(super) fn write_all(hooks: &[Self], out: &mut String) {
        write_list(out, hooks, |out, hook| hook.write(out));
    }
}

impl From<&Hook> for HookRecord {
    fn from(hook: &Hook) -> Self {
        Self {
            name: hook.name.clone(),
            kind: hook.kind.clone(),
            path: hook.path.clone(),
            manifest: to_valid_utf8(&hook.manifest),
            events: hook.events.iter().map(|event| (*event).to_owned()).collect(),
            weight: hook.weight,
            delete_policies: hook.delete_policies.clone(),
            output_log_policies: hook.output_log_policies.clone(),
            ..Self::default()
        }
    }
}

impl HookRun {
    fn read(json: Json<'_>) -> Self {
        let ([started, completed, phase], _) = split(json, ["started_at", "completed_at", "phase"]);
        Self {
            started_at: started.time(),
            completed_at: completed.time(),
            phase: phase.text(),
        }
    }

    fn write(&self, out: &mut String) {
        let mut object = ObjectWriter::new(out);
        object.time("started_at", self.started_at);
        object.time("completed_at", self.completed_at);
        skeg_go::json::write_string(object.key("phase"), &self.phase);
        object.end();
    }
}
