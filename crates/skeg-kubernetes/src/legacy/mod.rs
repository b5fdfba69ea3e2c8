//! Whether an object is ready by the rules of `--wait=legacy`, those of Helm 3.
//!
//! Source: Helm 4.3.1, `pkg/kube/ready.go` and `wait.go`. The rules look at live objects and, for some kinds, at what
//! these own; reading them is the caller's. Not here: polling and which failed requests are repeated.

mod deployment;
mod scaled;

use serde_json::Value;

use crate::field::{FieldError, integer_or, text_or};
use crate::identity::type_of;
use crate::selector::{label_selector, label_set};

use scaled::scaled;

/// What else has to be read before [`legacy_ready`] can be asked.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum LegacyNeeds {
    /// Nothing.
    Nothing,
    /// The `apps/v1` `ReplicaSets` of the object's namespace that this label selector selects.
    ReplicaSets(String),
    /// The Pods of the object's namespace that this label selector selects.
    Pods(String),
}

/// A Job that has failed for good.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("job is failed: {namespace}/{name}")]
pub struct JobIsFailed {
    /// The namespace of the Job.
    pub namespace: String,
    /// The name of the Job.
    pub name: String,
}

/// What has to be read besides the live object itself.
pub fn legacy_needs(object: &Value) -> Result<LegacyNeeds, FieldError> {
    let selector = &object["spec"]["selector"];
    Ok(match type_of(object) {
        ("apps", "v1", "Deployment") if !is_paused(object) => {
            LegacyNeeds::ReplicaSets(label_selector(selector)?)
        }
        ("apps", "v1", "ReplicaSet") => LegacyNeeds::Pods(label_selector(selector)?),
        ("", "v1", "ReplicationController") => LegacyNeeds::Pods(label_set(selector)?),
        _ => LegacyNeeds::Nothing,
    })
}

/// Whether a live object is ready. `owned` is what [`legacy_needs`] asked for; with `jobs` a Job is ready when it has
/// ended well, otherwise at once (`--wait-for-jobs`).
///
/// Kinds without rules are ready, and so is a paused Deployment.
///
/// ```
/// use serde_json::json;
/// use skeg_kubernetes::legacy_ready;
///
/// let claim = |phase| json!({
///     "apiVersion": "v1", "kind": "PersistentVolumeClaim", "status": {"phase": phase},
/// });
/// assert!(legacy_ready(&claim("Bound"), &[], false)?);
/// assert!(!legacy_ready(&claim("Pending"), &[], false)?);
/// # Ok::<(), skeg_kubernetes::JobIsFailed>(())
/// ```
pub fn legacy_ready(object: &Value, owned: &[Value], jobs: bool) -> Result<bool, JobIsFailed> {
    Ok(match type_of(object) {
        ("", "v1", "Pod") => has_condition(object, "Ready", "True"),
        ("batch", "v1", "Job") => !jobs || job(object)?,
        ("apps", "v1", "Deployment") => is_paused(object) || deployment::is_ready(object, owned),
        ("", "v1", "PersistentVolumeClaim") => text_or(object, &["status", "phase"], "") == "Bound",
        ("", "v1", "Service") => service(object),
        ("apps", "v1", "DaemonSet") => daemon_set(object),
        ("apps", "v1", "StatefulSet") => stateful_set(object),
        ("apiextensions.k8s.io", "v1" | "v1beta1", "CustomResourceDefinition") => resource_definition(object),
        ("", "v1", "ReplicationController") | ("apps", "v1", "ReplicaSet") => {
            is_observed(object) && owned.iter().all(|pod| has_condition(pod, "Ready", "True"))
        }
        _ => true,
    })
}

/// Whether a live hook has ended by the rules of `--wait=legacy`: `Ok(true)` if well, otherwise it goes on.
///
/// Jobs and Pods are waited for, everything else has ended at once. Errors are in Helm's words:
/// `job a failed: BackoffLimitExceeded`, `pod a failed`.
pub fn legacy_hook_ended(object: &Value) -> Result<bool, String> {
    let name = text_or(object, &["metadata", "name"], "");
    match (type_of(object).2, text_or(object, &["status", "phase"], "")) {
        ("Job", _) => {
            for condition in conditions(object) {
                if is(condition, "Complete", "True") {
                    return Ok(true);
                }
                if is(condition, "Failed", "True") {
                    let reason = text_or(condition, &["reason"], "");
                    return Err(format!("job {name} failed: {reason}"));
                }
            }
            Ok(false)
        }
        ("Pod", "Failed") => Err(format!("pod {name} failed")),
        ("Pod", phase) => Ok(phase == "Succeeded"),
        _ => Ok(true),
    }
}

fn is_paused(object: &Value) -> bool {
    object["spec"]["paused"] == Value::Bool(true)
}

/// Whether the controller has seen the newest generation.
fn is_observed(object: &Value) -> bool {
    integer_or(object, &["status", "observedGeneration"], 0)
        == integer_or(object, &["metadata", "generation"], 0)
}

fn conditions(object: &Value) -> impl Iterator<Item = &Value> {
    let conditions = object["status"]["conditions"].as_array();
    conditions.into_iter().flatten()
}

fn is(condition: &Value, kind: &str, status: &str) -> bool {
    condition["type"] == kind && condition["status"] == status
}

fn has_condition(object: &Value, kind: &str, status: &str) -> bool {
    conditions(object).any(|condition| is(condition, kind, status))
}

fn job(object: &Value) -> Result<bool, JobIsFailed> {
    let status = |field| integer_or(object, &["status", field], 0);
    // 6 is what the API server puts there if the manifest has nothing.
    if status("failed") > integer_or(object, &["spec", "backoffLimit"], 6) {
        return Err(JobIsFailed {
            namespace: text_or(object, &["metadata", "namespace"], "").to_owned(),
            name: text_or(object, &["metadata", "name"], "").to_owned(),
        });
    }
    let completions = object["spec"]["completions"].as_i64();
    Ok(completions.is_none_or(|completions| status("succeeded") >= completions))
}

fn service(object: &Value) -> bool {
    let kind = text_or(object, &["spec", "type"], "");
    if kind == "ExternalName" {
        return true;
    }
    if text_or(object, &["spec", "clusterIP"], "").is_empty() {
        return false;
    }
    let has_own_address = object["spec"]["externalIPs"]
        .as_array()
        .is_some_and(|addresses| !addresses.is_empty());
    kind != "LoadBalancer" || has_own_address || object["status"]["loadBalancer"]["ingress"].is_array()
}

fn daemon_set(object: &Value) -> bool {
    if !is_observed(object) {
        return false;
    }
    if text_or(object, &["spec", "updateStrategy", "type"], "") != "RollingUpdate" {
        return true;
    }
    let status = |field| integer_or(object, &["status", field], 0);
    let wanted = status("desiredNumberScheduled");
    if status("updatedNumberScheduled") != wanted {
        return false;
    }
    let tolerated = &object["spec"]["updateStrategy"]["rollingUpdate"]["maxUnavailable"];
    let tolerated = scaled(tolerated, wanted, true).unwrap_or(wanted);
    status("numberReady") >= wanted.saturating_sub(tolerated)
}

fn stateful_set(object: &Value) -> bool {
    if !is_observed(object) {
        return false;
    }
    let strategy = &object["spec"]["updateStrategy"];
    if strategy["type"] != "RollingUpdate" {
        return true;
    }
    let partition = integer_or(strategy, &["rollingUpdate", "partition"], 0);
    let replicas = integer_or(object, &["spec", "replicas"], 1);
    let status = |field| integer_or(object, &["status", field], 0);
    if status("updatedReplicas") < replicas.saturating_sub(partition) || status("readyReplicas") != replicas {
        return false;
    }
    let revision = |field| text_or(object, &["status", field], "");
    // Within a partitioned rollout the revisions stay different.
    partition != 0 || revision("currentRevision") == revision("updateRevision")
}

/// A conflict of names counts as ready too: it is for somebody else to complain about.
fn resource_definition(object: &Value) -> bool {
    conditions(object)
        .any(|condition| is(condition, "Established", "True") || is(condition, "NamesAccepted", "False"))
}

#[cfg(test)]
mod tests;
