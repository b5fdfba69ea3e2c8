//! Pods that are to keep running.

use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::field::{FieldError, find_list, text_or};
use crate::readiness::conditions::{Condition, conditions};
use crate::readiness::{Readiness, ReadinessError};

/// How long a Pod may be without a node before that is a failure.
const TIME_TO_SCHEDULE: Duration = Duration::from_secs(15);

pub(super) fn pod(object: &Value, now: SystemTime) -> Result<Readiness, ReadinessError> {
    let conditions = conditions(object)?;
    match text_or(object, &["status", "phase"], "") {
        "Succeeded" => Ok(Readiness::current("Pod has completed successfully")),
        "Failed" => Ok(Readiness::current("Pod has completed, but not successfully")),
        "Running" => Ok(running(object, &conditions)?),
        "Pending" => Ok(pending(object, &conditions, now)),
        "" => Ok(Readiness::in_progress("Pod phase not available")),
        phase => Err(ReadinessError::Phase(phase.to_owned())),
    }
}

fn running(object: &Value, conditions: &[Condition<'_>]) -> Result<Readiness, FieldError> {
    if conditions.iter().any(|condition| condition.is("Ready", "True")) {
        return Ok(Readiness::current("Pod is Ready"));
    }
    let crashing = crashing_containers(object)?;
    if crashing.is_empty() {
        return Ok(Readiness::in_progress("Pod is running but is not Ready"));
    }
    Ok(Readiness::failed(format!(
        "Containers in CrashLoop state: {}",
        crashing.join(",")
    )))
}

fn crashing_containers(object: &Value) -> Result<Vec<&str>, FieldError> {
    let containers = find_list(object, &["status", "containerStatuses"])?.unwrap_or_default();
    let crashes =
        |container: &&Value| text_or(container, &["state", "waiting", "reason"], "") == "CrashLoopBackOff";
    Ok(containers
        .iter()
        .filter(crashes)
        .filter_map(|container| container.get("name").and_then(Value::as_str))
        .collect())
}

fn pending(object: &Value, conditions: &[Condition<'_>], now: SystemTime) -> Readiness {
    let scheduled = conditions
        .iter()
        .find(|condition| condition.is("PodScheduled", "False"));
    if scheduled.is_none_or(|condition| condition.reason != "Unschedulable") {
        return Readiness::in_progress("Pod is in the Pending phase");
    }
    let is_young = created(object)
        .and_then(|created| created.checked_add(TIME_TO_SCHEDULE))
        .is_some_and(|due| now < due);
    if is_young {
        return Readiness::in_progress("Pod has not been scheduled");
    }
    Readiness::failed("Pod could not be scheduled")
}

fn created(object: &Value) -> Option<SystemTime> {
    let time = text_or(object, &["metadata", "creationTimestamp"], "");
    time.parse::<jiff::Timestamp>().ok().map(SystemTime::from)
}

/// Whether the scheduler has found no node for a Pod.
pub(super) fn is_unschedulable(object: &Value) -> bool {
    let is_so = |condition: &Condition<'_>| {
        condition.is("PodScheduled", "False") && condition.reason == "Unschedulable"
    };
    conditions(object).is_ok_and(|conditions| conditions.iter().any(is_so))
}
