//! Deployments: their newest `ReplicaSet` has to be ready.

use serde_json::{Map, Value};

use super::scaled::scaled;
use super::{integer_or, is_observed, text_or};

/// The label by which a Deployment tells the Pods of its `ReplicaSets` apart.
const HASH_LABEL: &str = "pod-template-hash";

/// Members that are maps in the API, or types without a pointer: an empty one is the same as none. Elsewhere `{}` says something (`emptyDir: {}`).
const MAPS: [&str; 4] = ["limits", "metadata", "requests", "resources"];

/// `sets` are the `ReplicaSets` that the selector of the Deployment selects.
pub(super) fn is_ready(deployment: &Value, sets: &[Value]) -> bool {
    let Some(set) = newest(deployment, sets) else {
        return false;
    };
    if !is_observed(set) || !is_observed(deployment) {
        return false;
    }
    let replicas = integer_or(deployment, &["spec", "replicas"], 1);
    let expected = replicas.saturating_sub(unavailable(deployment, replicas));
    integer_or(set, &["status", "readyReplicas"], 0) >= expected
}

/// The `ReplicaSet` that the Deployment controls and that has its template; the oldest, should there be more.
fn newest<'a>(deployment: &Value, sets: &'a [Value]) -> Option<&'a Value> {
    let template = &deployment["spec"]["template"];
    let age = |set: &&Value| {
        let created = text_or(set, &["metadata", "creationTimestamp"], "").to_owned();
        (created, text_or(set, &["metadata", "name"], "").to_owned())
    };
    sets.iter()
        .filter(|set| {
            is_controlled_by(set, deployment) && is_same_template(&set["spec"]["template"], template)
        })
        .min_by_key(age)
}

fn is_controlled_by(set: &Value, deployment: &Value) -> bool {
    let uid = &deployment["metadata"]["uid"];
    let owners = set["metadata"]["ownerReferences"].as_array();
    let controller = owners
        .into_iter()
        .flatten()
        .find(|owner| owner["controller"] == Value::Bool(true));
    controller.is_some_and(|owner| owner["uid"] == *uid)
}

fn is_same_template(one: &Value, other: &Value) -> bool {
    normal_template(one) == normal_template(other)
}

fn normal_template(template: &Value) -> Value {
    let mut template = template.clone();
    if let Some(Value::Object(labels)) = template.pointer_mut("/metadata/labels") {
        labels.shift_remove(HASH_LABEL);
    }
    normal(template)
}

/// Without what Go's types do not tell from nothing: nulls, empty texts, lists and maps.
fn normal(value: Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(map.into_iter().filter_map(normal_member).collect::<Map<_, _>>()),
        Value::Array(items) => Value::Array(items.into_iter().map(normal).collect()),
        other => other,
    }
}

fn normal_member((name, value): (String, Value)) -> Option<(String, Value)> {
    // The members of these are texts that count even if they are empty.
    if matches!(
        name.as_str(),
        "labels" | "annotations" | "nodeSelector" | "matchLabels"
    ) {
        let is_empty = value.as_object().is_none_or(Map::is_empty);
        return (!is_empty).then_some((name, value));
    }
    match normal(value) {
        Value::Null => None,
        Value::String(text) if text.is_empty() => None,
        Value::Array(items) if items.is_empty() => None,
        Value::Object(map) if map.is_empty() && MAPS.contains(&name.as_str()) => None,
        value => Some((name, value)),
    }
}

/// How many Pods may be missing during a rollout.
fn unavailable(deployment: &Value, replicas: i64) -> i64 {
    let strategy = &deployment["spec"]["strategy"];
    if strategy["type"] != "RollingUpdate" || replicas == 0 {
        return 0;
    }
    let rolling = |field| match &strategy["rollingUpdate"][field] {
        Value::Null => Some(0),
        value => scaled(value, replicas, field == "maxSurge"),
    };
    match (rolling("maxSurge"), rolling("maxUnavailable")) {
        (Some(0), Some(0)) => 1.min(replicas),
        (Some(_), Some(unavailable)) => unavailable.min(replicas),
        _ => 0,
    }
}
