//! Whether an object does what its manifest asks for, by what the object says about itself: the rules of kstatus.
//!
//! The rules and the messages are those of `fluxcd/cli-utils` 1.2.2 as Helm 4.3.1's `--wait` uses them; the messages
//! appear in errors. Not here: watching. The rules of `--wait=legacy` are in [`crate::legacy`].

mod completion;
mod conditions;
mod generic;
mod kinds;
mod owned;
mod pods;
mod workloads;

use std::fmt;
use std::time::SystemTime;

use serde_json::Value;

use crate::field::{FieldError, find};
use crate::identity::{Identity, type_of};

pub use completion::{hook_readiness, readiness_with_jobs};
pub use owned::readiness_with_pods;

use conditions::conditions;

/// What state an object is in.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Status {
    /// It is what its manifest asks for.
    Current,
    /// It is on its way there.
    InProgress,
    /// It will not get there by itself.
    Failed,
    /// It is being deleted.
    Terminating,
    /// It does not exist.
    NotFound,
    /// Nothing is known yet, or the object cannot be understood.
    Unknown,
}

impl Status {
    /// The word for it in Helm's errors.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Current => "Current",
            Self::InProgress => "InProgress",
            Self::Failed => "Failed",
            Self::Terminating => "Terminating",
            Self::NotFound => "NotFound",
            Self::Unknown => "Unknown",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The state of an object and why it is in it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Readiness {
    /// The state.
    pub status: Status,
    /// The reason in kstatus' words, such as `Replicas: 0/1`.
    pub message: String,
}

impl Readiness {
    pub(crate) fn new(status: Status, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
        }
    }

    pub(crate) fn current(message: impl Into<String>) -> Self {
        Self::new(Status::Current, message)
    }

    pub(crate) fn in_progress(message: impl Into<String>) -> Self {
        Self::new(Status::InProgress, message)
    }

    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self::new(Status::Failed, message)
    }

    /// The state of an object that the server does not have.
    pub fn not_found() -> Self {
        Self::new(Status::NotFound, "Resource not found")
    }

    /// The state of an object that has not been seen yet, or that makes no sense.
    pub fn unknown() -> Self {
        Self::new(Status::Unknown, "")
    }

    /// What Helm 4.3.1 says about an object that was not ready in time:
    /// `resource Deployment/ns/web not ready. status: InProgress, message: Replicas: 0/1`.
    pub fn not_ready(&self, identity: &Identity) -> String {
        let Self { status, message } = self;
        format!("resource {identity} not ready. status: {status}, message: {message}")
    }

    /// What Helm 4.3.1 says about an object that was not deleted in time:
    /// `resource ConfigMap/ns/a still exists. status: Terminating, message: Resource scheduled for deletion`.
    pub fn still_exists(&self, identity: &Identity) -> String {
        let Self { status, message } = self;
        format!("resource {identity} still exists. status: {status}, message: {message}")
    }
}

/// Why the state of an object cannot be told. Helm shows such an object as `Unknown` with an empty message.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadinessError {
    /// A field that a rule looks at has another type than the API says.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// A Pod is in a phase that Kubernetes does not have.
    #[error("unknown phase {0}")]
    Phase(String),
}

/// The state of a live object, as `helm --wait` sees it.
///
/// `object` is the whole object with its status. `now` is for the one rule that depends on time: a Pod that cannot be
/// scheduled has failed 15 seconds after its creation. Kinds without rules of their own are ready unless their
/// conditions say otherwise.
///
/// Unlike kstatus, an `observedGeneration` that is a string (Argo Rollouts) is compared if it is a number and otherwise
/// passed over; kstatus calls such an object `Unknown` for ever.
///
/// ```
/// use std::time::SystemTime;
///
/// use serde_json::json;
/// use skeg_kubernetes::{Status, readiness};
///
/// let object = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"generation": 1}});
/// let readiness = readiness(&object, SystemTime::UNIX_EPOCH)?;
/// assert_eq!(readiness.status, Status::InProgress);
/// assert_eq!(readiness.message, "Replicas: 0/1");
/// # Ok::<(), skeg_kubernetes::ReadinessError>(())
/// ```
pub fn readiness(object: &Value, now: SystemTime) -> Result<Readiness, ReadinessError> {
    if let Some(decided) = generic::by_properties(object)? {
        return Ok(decided);
    }
    if let Some(decided) = by_kind(object, now)? {
        return Ok(decided);
    }
    if let Some(decided) = generic::by_ready_condition(object)? {
        return Ok(decided);
    }
    Ok(Readiness::current("Resource is current"))
}

/// Whether `helm --wait` waits for an object: for all but paused Deployments.
///
/// `object` is what the manifest says, not the live object.
pub fn is_waited_for(object: &Value) -> bool {
    let paused = matches!(find(object, &["spec", "paused"]), Ok(Some(Value::Bool(true))));
    !(paused && type_of(object) == ("apps", "v1", "Deployment"))
}

fn by_kind(object: &Value, now: SystemTime) -> Result<Option<Readiness>, ReadinessError> {
    let (group, _, kind) = type_of(object);
    Ok(Some(match (group, kind) {
        ("", "Service") => kinds::service(object),
        ("", "Pod") => pods::pod(object, now)?,
        ("", "Secret" | "ConfigMap") | ("batch", "CronJob") => Readiness::current("Resource is always ready"),
        ("", "PersistentVolumeClaim") => kinds::volume_claim(object),
        ("apps", "StatefulSet") => workloads::stateful_set(object),
        ("apps" | "extensions", "DaemonSet") => workloads::daemon_set(object)?,
        ("apps" | "extensions", "Deployment") => workloads::deployment(object, &conditions(object)?),
        ("apps" | "extensions", "ReplicaSet") => workloads::replica_set(object, &conditions(object)?),
        ("policy", "PodDisruptionBudget") => Readiness::current("AllowedDisruptions has been computed."),
        ("batch", "Job") => kinds::job(object, &conditions(object)?),
        ("apiextensions.k8s.io", "CustomResourceDefinition") => {
            kinds::resource_definition(&conditions(object)?)
        }
        _ => return Ok(None),
    }))
}

#[cfg(test)]
mod tests;
