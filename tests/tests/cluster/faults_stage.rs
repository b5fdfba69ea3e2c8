//! What the scenarios of things that go wrong have in common: charts of a few lines, and histories read by both programs.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use skeg_tests::{Outcome, Program, RunningProgram};

use crate::scene::Scene;

/// How long something may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// A `ConfigMap` with the name of the release and a text that can be set.
pub(crate) const CONFIG: (&str, &str) = (
    "templates/config.yaml",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \"{{ .Release.Name }}\"}\ndata: {text: \"{{ .Values.text | default \"one\" }}\"}\n",
);

/// A Deployment with the name of the release, which nobody makes ready.
pub(crate) const DEPLOYMENT: (&str, &str) = (
    "templates/deployment.yaml",
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: \"{{ .Release.Name }}\"}\nspec:\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec: {containers: [{name: x, image: x}]}\n",
);

/// What was printed by a command that ended as it should.
#[derive(Debug)]
pub(crate) struct Said(Outcome);

impl std::ops::Deref for Said {
    type Target = Outcome;

    fn deref(&self) -> &Outcome {
        &self.0
    }
}

impl std::fmt::Display for Said {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(formatter)
    }
}

/// A scene with skeg in it.
pub(crate) struct Stage {
    pub(crate) scene: Scene,
    skeg: Program,
}

impl Stage {
    pub(crate) fn new(name: &str) -> Self {
        Self {
            scene: Scene::new(name),
            skeg: Program::under_test(env!("CARGO_BIN_EXE_skeg-under-test")),
        }
    }

    /// Writes a chart with these files; one that is there gets them in addition.
    pub(crate) fn chart(&self, name: &str, files: &[(&str, &str)]) -> String {
        let directory = self.scene.sandbox.directory(name);
        let head = format!("apiVersion: v2\nname: {name}\nversion: 1.0.0\n");
        let files = [("Chart.yaml", &*head)].into_iter().chain(files.iter().copied());
        for (path, text) in files {
            let path = directory.join(path);
            let parent = path.parent().expect("because files are in the chart");
            fs_err::create_dir_all(parent).expect("because the sandbox is ours");
            fs_err::write(&path, text).expect("because the sandbox is ours");
        }
        directory.display().to_string()
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        self.scene.run(&self.skeg, arguments)
    }

    pub(crate) fn start(&self, arguments: &[&str]) -> RunningProgram {
        self.scene.sandbox.start(&self.skeg, arguments)
    }

    /// A command that works.
    #[track_caller]
    pub(crate) fn does(&self, arguments: &[&str]) -> Said {
        Said(self.run(arguments).success())
    }

    /// A command that exits with 1 and says all of these words on standard error.
    #[track_caller]
    pub(crate) fn fails(&self, arguments: &[&str], words: &[&str]) -> Said {
        has_failed(self.run(arguments), words)
    }

    /// Checks the statuses of all revisions and the beginnings of their descriptions, as both programs read them.
    #[track_caller]
    pub(crate) fn check_history(&self, release: &str, expected: &[(&str, &str)]) {
        let history = history(&self.run(&["history", release, "-o", "json"]));
        let fits = history.len() == expected.len()
            && history.iter().zip(expected).all(|(found, (status, words))| {
                let description = found.1.as_str();
                found.0 == *status && description.starts_with(words)
            });
        assert!(fits, "expected {expected:#?}, found {history:#?}");
        if let Some(helm) = self.scene.helm() {
            let by_helm = self.scene.run(&helm, &["history", release, "-o", "json"]);
            assert_eq!(history, self::history(&by_helm), "helm reads another history");
        }
    }

    /// Checks which objects of a kind are there; those that hold records do not count.
    #[track_caller]
    pub(crate) fn check_objects(&self, kind: &str, expected: &[&str]) {
        let objects = self.scene.objects(kind);
        let others = objects
            .iter()
            .filter(|object| object["type"] != "helm.sh/release.v1");
        let names: Vec<&str> = others
            .filter_map(|object| object["metadata"]["name"].as_str())
            .collect();
        assert_eq!(names, expected);
    }

    /// The names of the objects that hold records.
    pub(crate) fn records(&self) -> Vec<String> {
        let objects = self.scene.objects("secrets");
        let records = objects
            .iter()
            .filter(|object| object["type"] == "helm.sh/release.v1");
        records
            .filter_map(|object| Some(object["metadata"]["name"].as_str()?.to_owned()))
            .collect()
    }

    /// The path of an object of the namespace.
    pub(crate) fn path(&self, group: &str, object: &str) -> String {
        format!("{group}/namespaces/{}/{object}", self.scene.namespace)
    }

    /// Waits until an object is there.
    #[track_caller]
    pub(crate) fn appears(&self, kind: &str, name: &str) -> Value {
        until(&format!("{kind} {name}"), || self.scene.object(kind, name))
    }

    /// Tells of something that happened to an object.
    pub(crate) fn tell(&self, object: &Value, reason: &str, message: &str) {
        let name = object["metadata"]["name"].as_str().unwrap_or_default();
        let event = json!({
            "apiVersion": "v1",
            "kind": "Event",
            "metadata": {"name": format!("{name}.{}", reason.to_lowercase())},
            "involvedObject": {
                "apiVersion": object["apiVersion"],
                "kind": object["kind"],
                "namespace": self.scene.namespace,
                "name": name,
                "uid": object["metadata"]["uid"],
            },
            "type": "Warning",
            "reason": reason,
            "message": message,
            "lastTimestamp": "2026-01-01T00:00:00Z",
        });
        self.scene
            .cluster
            .api()
            .create(&self.path("/api/v1", "events"), &event);
    }
}

/// Checks that a command exited with 1 and said all of these words on standard error.
#[track_caller]
pub(crate) fn has_failed(outcome: Outcome, words: &[&str]) -> Said {
    let outcome = outcome.failure();
    for words in words {
        assert!(
            outcome.stderr().contains(words),
            "`{words}` is not said\n{outcome}"
        );
    }
    Said(outcome)
}

/// Looks again and again until something is there.
#[track_caller]
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "not seen: {what}");
        std::thread::yield_now();
    }
}

/// The statuses and descriptions out of `history -o json`.
#[track_caller]
fn history(outcome: &Outcome) -> Vec<(String, String)> {
    assert_eq!(outcome.status(), Some(0), "{outcome}");
    let list: Value = serde_json::from_slice(outcome.stdout_bytes()).expect("because the output is JSON");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let revisions = list.as_array().into_iter().flatten();
    revisions
        .map(|revision| (text(&revision["status"]), text(&revision["description"])))
        .collect()
}
