//! The other kinds with rules of their own.

use serde_json::Value;

use crate::field::{integer_or, text_or};
use crate::readiness::Readiness;
use crate::readiness::conditions::Condition;

pub(super) fn service(object: &Value) -> Readiness {
    let is_balancer = text_or(object, &["spec", "type"], "ClusterIP") == "LoadBalancer";
    if is_balancer && text_or(object, &["spec", "clusterIP"], "").is_empty() {
        return Readiness::in_progress("ClusterIP not set. Service type: LoadBalancer");
    }
    Readiness::current("Service is ready")
}

pub(super) fn volume_claim(object: &Value) -> Readiness {
    let phase = text_or(object, &["status", "phase"], "unknown");
    if phase != "Bound" {
        return Readiness::in_progress(format!("PVC is not Bound. phase: {phase}"));
    }
    Readiness::current("PVC is Bound")
}

/// A Job is ready once it runs; [`ended_job`] alone waits for its end.
pub(super) fn job(object: &Value, conditions: &[Condition<'_>]) -> Readiness {
    if let Some(ended) = ended_job(object, conditions) {
        return ended;
    }
    if text_or(object, &["status", "startTime"], "").is_empty() {
        return Readiness::in_progress("Job not started");
    }
    let status = |field| integer_or(object, &["status", field], 0);
    Readiness::current(format!(
        "Job in progress. success:{}, active: {}, failed: {}",
        status("succeeded"),
        status("active"),
        status("failed")
    ))
}

/// What a Job came to, if it has ended.
pub(super) fn ended_job(object: &Value, conditions: &[Condition<'_>]) -> Option<Readiness> {
    let parallelism = integer_or(object, &["spec", "parallelism"], 1);
    let completions = integer_or(object, &["spec", "completions"], parallelism);
    let status = |field| integer_or(object, &["status", field], 0);
    for condition in conditions {
        if condition.is("Complete", "True") {
            let succeeded = status("succeeded");
            return Some(Readiness::current(format!(
                "Job Completed. succeeded: {succeeded}/{completions}"
            )));
        }
        if condition.is("Failed", "True") {
            let failed = status("failed");
            return Some(Readiness::failed(format!(
                "Job Failed. failed: {failed}/{completions}"
            )));
        }
    }
    None
}

pub(super) fn resource_definition(conditions: &[Condition<'_>]) -> Readiness {
    for condition in conditions {
        if condition.is("NamesAccepted", "False")
            || (condition.is("Established", "False") && condition.reason != "Installing")
        {
            return Readiness::failed(condition.message);
        }
        if condition.is("Established", "True") {
            return Readiness::current("CRD is established");
        }
    }
    Readiness::in_progress("Install in progress")
}
