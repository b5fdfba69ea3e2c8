//! What is waited for until it has ended: hooks, and Jobs with `--wait-for-jobs`.

use std::time::SystemTime;

use serde_json::Value;

use crate::field::text_or;
use crate::identity::type_of;
use crate::readiness::conditions::conditions;
use crate::readiness::kinds::ended_job;
use crate::readiness::{Readiness, ReadinessError, readiness};

/// The state of a live object that is a hook: a Job or a Pod is ready when it has ended well, everything else at once.
///
/// Source: Helm 4.3.1, `internal/statusreaders`. Not even a deletion counts.
///
/// ```
/// use serde_json::json;
/// use skeg_kubernetes::hook_readiness;
///
/// let object = json!({
///     "apiVersion": "v1", "kind": "Pod",
///     "metadata": {"name": "test"}, "status": {"phase": "Failed"},
/// });
/// assert_eq!(hook_readiness(&object)?.message, "pod test failed");
/// # Ok::<(), skeg_kubernetes::ReadinessError>(())
/// ```
pub fn hook_readiness(object: &Value) -> Result<Readiness, ReadinessError> {
    match type_of(object) {
        ("batch", _, "Job") => job(object),
        ("", _, "Pod") => Ok(pod(object)),
        _ => Ok(Readiness::current("Resource is current")),
    }
}

/// The state of a live object with `--wait-for-jobs`: a Job is ready when it has ended well, everything else as for
/// [`readiness`].
pub fn readiness_with_jobs(object: &Value, now: SystemTime) -> Result<Readiness, ReadinessError> {
    match type_of(object) {
        ("batch", _, "Job") => job(object),
        _ => readiness(object, now),
    }
}

fn job(object: &Value) -> Result<Readiness, ReadinessError> {
    let ended = ended_job(object, &conditions(object)?);
    Ok(ended.unwrap_or_else(|| Readiness::in_progress("Job in progress")))
}

fn pod(object: &Value) -> Readiness {
    let name = text_or(object, &["metadata", "name"], "");
    match text_or(object, &["status", "phase"], "") {
        "Succeeded" => Readiness::current(format!("pod {name} succeeded")),
        "Failed" => Readiness::failed(format!("pod {name} failed")),
        _ => Readiness::in_progress("Pod in progress"),
    }
}
