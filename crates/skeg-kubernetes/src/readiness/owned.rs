//! What the Pods of a `ReplicaSet` or a `StatefulSet` add to its own state.

use std::time::SystemTime;

use serde_json::Value;

use crate::identity::type_of;
use crate::readiness::pods::is_unschedulable;
use crate::readiness::{Readiness, ReadinessError, Status, readiness};

/// The state of a live `ReplicaSet` or `StatefulSet` (`apps`), given the live Pods that its selector selects; for other
/// kinds that of [`readiness`].
///
/// A set on its way has failed if one of its Pods has, unless that Pod is being deleted or waits for a node. A Pod whose
/// state cannot be told has not failed.
pub fn readiness_with_pods(
    object: &Value,
    pods: &[Value],
    now: SystemTime,
) -> Result<Readiness, ReadinessError> {
    if !owns_pods(object) {
        return readiness(object, now);
    }
    let mut failed = 0_usize;
    for pod in pods {
        let is_failed = readiness(pod, now).is_ok_and(|pod| pod.status == Status::Failed);
        if is_failed && !is_unschedulable(pod) {
            failed += 1;
        }
    }
    let own = readiness(object, now)?;
    if own.status == Status::InProgress && failed > 0 {
        return Ok(Readiness::failed(format!("{failed} pods have failed")));
    }
    Ok(own)
}

/// Whether [`readiness_with_pods`] looks at the Pods of an object.
fn owns_pods(object: &Value) -> bool {
    matches!(type_of(object), ("apps", _, "ReplicaSet" | "StatefulSet"))
}
