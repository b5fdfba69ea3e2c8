//! Kinds that keep a number of Pods running.

use serde_json::Value;

use crate::field::{FieldError, find_integer, integer_or, text_or};
use crate::readiness::Readiness;
use crate::readiness::conditions::Condition;

fn spec(object: &Value, field: &str, default: i64) -> i64 {
    integer_or(object, &["spec", field], default)
}

fn status(object: &Value, field: &str) -> i64 {
    integer_or(object, &["status", field], 0)
}

fn count(name: &str, are: i64, of: i64) -> Readiness {
    Readiness::in_progress(format!("{name}: {are}/{of}"))
}

fn surplus(pods: i64) -> Readiness {
    Readiness::in_progress(format!("Pending termination: {pods}"))
}

pub(super) fn stateful_set(object: &Value) -> Readiness {
    const PARTITION: [&str; 4] = ["spec", "updateStrategy", "rollingUpdate", "partition"];
    if text_or(object, &["spec", "updateStrategy", "type"], "") == "OnDelete" {
        return Readiness::current("StatefulSet is using the ondelete update strategy");
    }
    let wanted = spec(object, "replicas", 1);
    let there = status(object, "replicas");
    let ready = status(object, "readyReplicas");
    if wanted > there {
        return count("Replicas", there, wanted);
    }
    if wanted > ready {
        return count("Ready", ready, wanted);
    }
    if there > wanted {
        return surplus(there.wrapping_sub(wanted));
    }
    let partition = integer_or(object, &PARTITION, -1);
    if partition != -1 {
        return partition_rollout(object, wanted.wrapping_sub(partition));
    }
    let current = status(object, "currentReplicas");
    if wanted > current {
        return count("current", current, wanted);
    }
    let revision = |field| text_or(object, &["status", field], "");
    if revision("currentRevision") != revision("updateRevision") {
        return Readiness::in_progress("Waiting for updated revision to match current");
    }
    Readiness::current(format!("All replicas scheduled as expected. Replicas: {there}"))
}

fn partition_rollout(object: &Value, wanted: i64) -> Readiness {
    let updated = status(object, "updatedReplicas");
    if updated < wanted {
        return count("updated", updated, wanted);
    }
    Readiness::current(format!("Partition rollout complete. updated: {updated}"))
}

pub(super) fn deployment(object: &Value, conditions: &[Condition<'_>]) -> Readiness {
    const NO_DEADLINE: i64 = i32::MAX as i64;
    let mut progressing = spec(object, "progressDeadlineSeconds", NO_DEADLINE) == NO_DEADLINE;
    let mut available = false;
    for condition in conditions {
        if condition.kind == "Progressing" && condition.reason == "ProgressDeadlineExceeded" {
            return Readiness::failed("Progress deadline exceeded");
        }
        progressing |= condition.is("Progressing", "True") && condition.reason == "NewReplicaSetAvailable";
        available |= condition.is("Available", "True");
    }
    if let Some(counted) = deployment_replicas(object) {
        return counted;
    }
    if !progressing {
        return Readiness::in_progress("ReplicaSet not Available");
    }
    if !available {
        return Readiness::in_progress("Deployment not Available");
    }
    let there = status(object, "replicas");
    Readiness::current(format!("Deployment is available. Replicas: {there}"))
}

fn deployment_replicas(object: &Value) -> Option<Readiness> {
    let wanted = spec(object, "replicas", 1);
    let there = status(object, "replicas");
    let updated = status(object, "updatedReplicas");
    let ready = status(object, "readyReplicas");
    let available = status(object, "availableReplicas");
    if wanted > there {
        Some(count("Replicas", there, wanted))
    } else if wanted > updated {
        Some(count("Updated", updated, wanted))
    } else if there > wanted {
        Some(surplus(there.wrapping_sub(wanted)))
    } else if updated > available {
        Some(count("Available", available, updated))
    } else if wanted > ready {
        Some(count("Ready", ready, wanted))
    } else {
        None
    }
}

pub(super) fn replica_set(object: &Value, conditions: &[Condition<'_>]) -> Readiness {
    if conditions
        .iter()
        .any(|condition| condition.is("ReplicaFailure", "True"))
    {
        return Readiness::in_progress("Replica Failure condition. Check Pods");
    }
    let wanted = spec(object, "replicas", 1);
    let there = status(object, "replicas");
    let fields = [
        ("Labelled", "fullyLabeledReplicas"),
        ("Available", "availableReplicas"),
        ("Ready", "readyReplicas"),
    ];
    for (name, field) in fields {
        let are = status(object, field);
        if wanted > are {
            return count(name, are, wanted);
        }
    }
    if there > wanted {
        return surplus(there.wrapping_sub(wanted));
    }
    Readiness::current(format!("ReplicaSet is available. Replicas: {there}"))
}

pub(super) fn daemon_set(object: &Value) -> Result<Readiness, FieldError> {
    // The generic rule passes over what is not set; a DaemonSet whose controller has acted has both.
    for path in [["metadata", "generation"], ["status", "observedGeneration"]] {
        if find_integer(object, &path)?.is_none() {
            let kind = text_or(object, &["kind"], "");
            return Ok(Readiness::in_progress(format!(
                "{kind} {} not found",
                path.join(".")
            )));
        }
    }
    let wanted = integer_or(object, &["status", "desiredNumberScheduled"], -1);
    if wanted == -1 {
        return Ok(Readiness::in_progress("Missing .status.desiredNumberScheduled"));
    }
    let fields = [
        ("Current", "currentNumberScheduled"),
        ("Updated", "updatedNumberScheduled"),
        ("Available", "numberAvailable"),
        ("Ready", "numberReady"),
    ];
    for (name, field) in fields {
        let are = status(object, field);
        if wanted > are {
            return Ok(count(name, are, wanted));
        }
    }
    Ok(Readiness::current(format!(
        "All replicas scheduled as expected. Replicas: {wanted}"
    )))
}
