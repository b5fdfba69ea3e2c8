//! Why an object is not ready: its conditions, its last events, the last lines of a container that fails.

use serde_json::Value;
use skeg_cluster::{Cluster, ListOptions, LogOptions, ResourceType};

use crate::resources::Resource;

/// How many objects are explained.
const MOST_OBJECTS: usize = 5;
/// How many pods of an object are looked at.
const MOST_PODS: usize = 2;
/// How many of the last events are shown.
const MOST_EVENTS: usize = 3;
/// How many of the last lines of a container are shown.
const LOG_LINES: u32 = 10;

/// Lines that tell why objects are not ready. What cannot be read is not mentioned.
pub(crate) async fn explain(cluster: &Cluster, unready: &[Resource]) -> Vec<String> {
    let mut lines = Vec::new();
    for resource in unready.iter().take(MOST_OBJECTS) {
        let Ok(Some(object)) = cluster.get(&resource.location()).await else {
            lines.push(format!("{}/{}: it is not there", resource.kind(), resource.name));
            continue;
        };
        let mut found = conditions(&object);
        found.extend(events(cluster, &object).await);
        if let Some(pods) = pods(cluster, resource, &object).await {
            for pod in pods.iter().take(MOST_PODS) {
                found.extend(explain_pod(cluster, pod).await);
            }
        }
        if !found.is_empty() {
            lines.push(format!("{}/{}:", resource.kind(), resource.name));
            lines.extend(found.into_iter().map(|line| format!("  {line}")));
        }
    }
    lines
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The conditions that are not as they should be.
fn conditions(object: &Value) -> Vec<String> {
    let conditions = object.pointer("/status/conditions").and_then(Value::as_array);
    let is_bad = |condition: &&Value| {
        let is_failure =
            ["Failed", "FailureTarget", "ReplicaFailure", "Stalled"].contains(&text(condition, "/type"));
        let is_true = text(condition, "/status") == "True";
        is_failure == is_true
    };
    let bad = conditions.into_iter().flatten().filter(is_bad);
    bad.map(|condition| {
        let [kind, reason, message] = ["/type", "/reason", "/message"].map(|key| text(condition, key));
        let status = text(condition, "/status");
        format!("condition {kind}={status} {reason}: {message}")
            .trim_end_matches([' ', ':'])
            .to_owned()
    })
    .collect()
}

/// The last events about an object.
async fn events(cluster: &Cluster, object: &Value) -> Vec<String> {
    let kind = ResourceType::core("Event", "events");
    let options = ListOptions {
        field_selector: Some(format!("involvedObject.uid={}", text(object, "/metadata/uid"))),
        ..ListOptions::default()
    };
    let namespace = text(object, "/metadata/namespace");
    let list = cluster.list(&kind, Some(namespace), &options).await;
    let mut events = list.map(|list| list.items).unwrap_or_default();
    let time = |event: &Value| {
        let times = ["/series/lastObservedTime", "/lastTimestamp", "/eventTime"];
        let known = times
            .into_iter()
            .map(|key| text(event, key))
            .find(|time| !time.is_empty());
        known.unwrap_or_default().to_owned()
    };
    events.sort_by_key(time);
    let first = events.len().saturating_sub(MOST_EVENTS);
    events[first..]
        .iter()
        .map(|event| {
            format!(
                "event {}: {}",
                text(event, "/reason"),
                text(event, "/message").trim()
            )
        })
        .collect()
}

/// The pods that an object makes, or itself.
async fn pods(cluster: &Cluster, resource: &Resource, object: &Value) -> Option<Vec<Value>> {
    let selector = match resource.kind() {
        "Pod" => return Some(vec![object.clone()]),
        "Job" => format!("job-name={}", resource.name),
        "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet" => {
            skeg_kubernetes::label_selector(&object["spec"]["selector"]).ok()?
        }
        _ => return None,
    };
    let options = ListOptions {
        label_selector: Some(selector),
        ..ListOptions::default()
    };
    let kind = ResourceType::core("Pod", "pods");
    let list = cluster
        .list(&kind, Some(&resource.namespace), &options)
        .await
        .ok()?;
    let is_unready = |pod: &Value| !matches!(text(pod, "/status/phase"), "Succeeded");
    Some(list.items.into_iter().filter(is_unready).collect())
}

async fn explain_pod(cluster: &Cluster, pod: &Value) -> Vec<String> {
    let name = text(pod, "/metadata/name");
    let mut lines = Vec::new();
    let statuses = ["/status/initContainerStatuses", "/status/containerStatuses"];
    let statuses = statuses
        .into_iter()
        .filter_map(|key| pod.pointer(key)?.as_array())
        .flatten();
    for status in statuses {
        let container = text(status, "/name");
        let states = [("waiting", "/state/waiting"), ("terminated", "/state/terminated")];
        let state = states
            .into_iter()
            .find_map(|(word, key)| Some((word, status.pointer(key)?)));
        let Some((word, state)) = state else { continue };
        if word == "terminated" && state["exitCode"] == 0 {
            continue;
        }
        let (reason, message) = (text(state, "/reason"), text(state, "/message"));
        let line = format!("pod {name}, container {container}: {word} {reason}: {message}");
        lines.push(line.trim_end_matches([' ', ':']).to_owned());
        lines.extend(last_lines(cluster, pod, container).await);
    }
    lines.extend(
        events(cluster, pod)
            .await
            .into_iter()
            .map(|event| format!("pod {name}, {event}")),
    );
    lines
}

async fn last_lines(cluster: &Cluster, pod: &Value, container: &str) -> Vec<String> {
    let mut output = Vec::new();
    let options = LogOptions {
        container: container.to_owned(),
        tail_lines: Some(LOG_LINES),
        previous: false,
    };
    let (namespace, name) = (text(pod, "/metadata/namespace"), text(pod, "/metadata/name"));
    let read = cluster
        .logs(namespace, name, &options, |piece| output.extend_from_slice(piece))
        .await;
    if read.is_err() {
        return Vec::new();
    }
    let output = String::from_utf8_lossy(&output);
    output.lines().map(|line| format!("  | {line}")).collect()
}
