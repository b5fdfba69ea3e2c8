//! kstatus.

use std::time::{Duration, SystemTime};

use serde_json::{Map, Value, json};
use skeg_kubernetes::readiness;

use super::answer;
use crate::fuzz::random::Random;
use crate::fuzz::{Area, Difference};

pub(super) const AREA: Area = Area {
    name: "kstatus",
    generate,
    answer: compute,
    known,
};

const KINDS: &[(&str, &str)] = &[
    ("v1", "Service"),
    ("v1", "Pod"),
    ("v1", "Secret"),
    ("v1", "PersistentVolumeClaim"),
    ("apps/v1", "StatefulSet"),
    ("apps/v1", "DaemonSet"),
    ("extensions/v1beta1", "DaemonSet"),
    ("apps/v1", "Deployment"),
    ("apps/v1", "ReplicaSet"),
    ("policy/v1", "PodDisruptionBudget"),
    ("batch/v1", "CronJob"),
    ("batch/v1", "Job"),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
    ("example.com/v1", "Foo"),
    ("a/b/c", "Deployment"),
];

const CONDITIONS: &[&str] = &[
    "Reconciling",
    "Stalled",
    "Ready",
    "Progressing",
    "Available",
    "Complete",
    "Failed",
    "NamesAccepted",
    "Established",
    "ReplicaFailure",
    "PodScheduled",
];

const REASONS: &[&str] = &[
    "",
    "NewReplicaSetAvailable",
    "ProgressDeadlineExceeded",
    "Installing",
    "Unschedulable",
    "Other",
];

const COUNTS: &[&str] = &[
    "replicas",
    "readyReplicas",
    "updatedReplicas",
    "availableReplicas",
    "currentReplicas",
    "fullyLabeledReplicas",
    "desiredNumberScheduled",
    "currentNumberScheduled",
    "updatedNumberScheduled",
    "numberAvailable",
    "numberReady",
    "succeeded",
    "failed",
    "active",
];

fn count(random: &mut Random) -> Value {
    Value::from(*random.pick(&[&0, &1, &1, &2, &2, &3]))
}

/// A value of any type, for where it does not belong.
fn odd(random: &mut Random) -> Value {
    let choices = [
        Value::Null,
        json!(1),
        json!(1.5),
        json!("1"),
        json!(""),
        json!([]),
        json!({}),
        json!([null]),
        json!(true),
    ];
    choices[random.below(choices.len())].clone()
}

fn insert(random: &mut Random, map: &mut Map<String, Value>, name: &str, value: Value) {
    match random.below(40) {
        0 => drop(map.insert(name.to_owned(), odd(random))),
        1..=3 => {}
        _ => drop(map.insert(name.to_owned(), value)),
    }
}

fn condition(random: &mut Random) -> Value {
    let mut condition = Map::new();
    let status = *random.pick(&[&"True", &"True", &"False", &"Unknown"]);
    let members = [
        ("type", random.pick(CONDITIONS)),
        ("status", status),
        ("reason", random.pick(REASONS)),
        ("message", "why"),
    ];
    for (name, text) in members {
        if random.once_in(200) {
            condition.insert(name.to_owned(), odd(random));
        } else {
            condition.insert(name.to_owned(), Value::from(text));
        }
    }
    Value::Object(condition)
}

fn status(random: &mut Random) -> Value {
    let mut status = Map::new();
    // Counts that agree are what is hard to hit otherwise.
    let agreed = random.once_in(2).then(|| count(random));
    for name in COUNTS {
        let value = match &agreed {
            Some(agreed) if !random.once_in(10) => agreed.clone(),
            _ => count(random),
        };
        insert(random, &mut status, name, value);
    }
    let observed = count(random);
    insert(random, &mut status, "observedGeneration", observed);
    let phase = random.pick(&[
        "Succeeded",
        "Failed",
        "Running",
        "Running",
        "Pending",
        "Pending",
        "",
        "Bound",
        "Odd",
    ]);
    insert(random, &mut status, "phase", Value::from(phase));
    let conditions: Value = (0..random.below(4)).map(|_| condition(random)).collect();
    insert(random, &mut status, "conditions", conditions);
    let container = |random: &mut Random| {
        let reason = random.pick(&["CrashLoopBackOff", "CrashLoopBackOff", "ErrImagePull"]);
        json!({"name": random.pick(&["a", "b"]), "state": {"waiting": {"reason": reason}}})
    };
    let containers: Value = (0..random.below(3)).map(|_| container(random)).collect();
    insert(random, &mut status, "containerStatuses", containers);
    if random.once_in(2) {
        status.insert("startTime".to_owned(), json!("2026-01-01T00:00:00Z"));
    }
    let revision = random.pick(&["a", "b"]);
    insert(random, &mut status, "currentRevision", json!("a"));
    insert(random, &mut status, "updateRevision", Value::from(revision));
    Value::Object(status)
}

fn spec(random: &mut Random) -> Value {
    let mut spec = Map::new();
    for name in ["replicas", "completions", "parallelism"] {
        let value = count(random);
        insert(random, &mut spec, name, value);
    }
    if random.once_in(2) {
        spec.insert("progressDeadlineSeconds".to_owned(), json!(600));
    }
    let kind = random.pick(&["LoadBalancer", "LoadBalancer", "ClusterIP"]);
    insert(random, &mut spec, "type", Value::from(kind));
    let address = random.pick(&["", "10.0.0.1"]);
    insert(random, &mut spec, "clusterIP", Value::from(address));
    if random.once_in(3) {
        let kind = random.pick(&["OnDelete", "RollingUpdate", "RollingUpdate"]);
        let partition = count(random);
        let strategy = json!({"type": kind, "rollingUpdate": {"partition": partition}});
        insert(random, &mut spec, "updateStrategy", strategy);
    }
    Value::Object(spec)
}

fn generate(random: &mut Random) -> Value {
    let (api_version, kind) = KINDS[random.below(KINDS.len())];
    let mut metadata = Map::from_iter([("name".to_owned(), json!("x"))]);
    if !random.once_in(3) {
        let generation = count(random);
        insert(random, &mut metadata, "generation", generation);
    }
    if random.once_in(40) {
        let time = random.pick(&["", "2026-01-01T00:00:00Z"]);
        insert(random, &mut metadata, "deletionTimestamp", Value::from(time));
    }
    // Long ago and far ahead: what is between depends on the clock.
    let created = random.pick(&["2001-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "no time"]);
    insert(random, &mut metadata, "creationTimestamp", Value::from(created));
    let mut object = Map::from_iter([
        ("apiVersion".to_owned(), Value::from(api_version)),
        ("kind".to_owned(), Value::from(kind)),
        ("metadata".to_owned(), Value::Object(metadata)),
    ]);
    let (spec, status) = (spec(random), status(random));
    insert(random, &mut object, "spec", spec);
    insert(random, &mut object, "status", status);
    json!({ "object": object })
}

fn compute(request: &Value) -> Value {
    let now = SystemTime::UNIX_EPOCH + Duration::from_hours(500_000);
    let readiness = readiness(&request["object"], now);
    answer(readiness.map(|found| json!({"status": found.status.as_str(), "message": found.message})))
}

fn known(difference: &Difference) -> Option<&'static str> {
    let object = &difference.request["object"];
    if object["status"]["observedGeneration"].is_string() {
        return Some("an observedGeneration that is a string is compared as a number");
    }
    let is_panic = difference.theirs.get("panic").is_some();
    is_panic.then_some("kstatus panics over containerStatuses of another type")
}
