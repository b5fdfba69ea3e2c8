//! Waiting by asking every two seconds, with the rules of Helm 3: `--wait=legacy`.

use std::time::Duration;

use serde_json::Value;
use skeg_cluster::{Cluster, ClusterError, ListOptions, ResourceType};
use skeg_kubernetes::{LegacyNeeds, legacy_hook_ended, legacy_needs, legacy_ready};
use tokio::time::Instant;

use super::{DEADLINE, WaitError, WaitFor};
use crate::apply::Tools;
use crate::progress::{Event, Pending};
use crate::resources::Resource;

const PERIOD: Duration = Duration::from_secs(2);
/// How often in a row an object may not be readable.
const MOST_ERRORS: u32 = 30;
/// Helm 3's words for a hook that takes too long.
const TIMED_OUT: &str = "timed out waiting for the condition";

/// What came of one look at an object.
enum Look {
    Done,
    NotYet,
    /// The server could not say; it may be able to the next time.
    Unreadable(ClusterError),
    Failed(String),
}

/// Waits until all are as they should be; zero is for ever.
pub(super) async fn wait(
    tools: Tools<'_>,
    resources: &[&Resource],
    what: WaitFor,
    timeout: Duration,
) -> Result<(), WaitError> {
    let begun = Instant::now();
    let mut errors = 0;
    let mut first = 0;
    loop {
        // Helm looks at them in order, and no further than the first that is not ready.
        while let Some(resource) = resources.get(first) {
            match look(tools.cluster, resource, what).await {
                Look::Done => {
                    errors = 0;
                    first += 1;
                }
                Look::NotYet => break,
                Look::Unreadable(error) => {
                    errors += 1;
                    if errors > MOST_ERRORS {
                        return Err(WaitError::of_server(&error));
                    }
                    break;
                }
                Look::Failed(message) => {
                    return Err(WaitError::new(message, vec![(*resource).clone()]));
                }
            }
        }
        let Some(resource) = resources.get(first) else {
            return Ok(());
        };
        tools.observer.observe(&Event::Waiting {
            pending: vec![Pending {
                object: format!("{}/{}", resource.kind(), resource.name),
                reason: String::new(),
            }],
            elapsed: begun.elapsed(),
        });
        let left = timeout.saturating_sub(begun.elapsed());
        if timeout > Duration::ZERO && left.is_zero() {
            let words = if what == WaitFor::HookEnd {
                TIMED_OUT
            } else {
                DEADLINE
            };
            return Err(WaitError::new(words, vec![(*resource).clone()]));
        }
        let pause = if timeout > Duration::ZERO {
            PERIOD.min(left)
        } else {
            PERIOD
        };
        tokio::time::sleep(pause).await;
    }
}

async fn look(cluster: &Cluster, resource: &Resource, what: WaitFor) -> Look {
    let object = match cluster.get(&resource.location()).await {
        Ok(object) => object,
        Err(error) => return unreadable(error),
    };
    match (what, object) {
        // A hook that somebody removes has ended.
        (WaitFor::Deleted | WaitFor::HookEnd, None) => Look::Done,
        (WaitFor::Deleted, Some(_)) | (WaitFor::Ready | WaitFor::ReadyWithJobs, None) => Look::NotYet,
        (WaitFor::HookEnd, Some(object)) => match legacy_hook_ended(&object) {
            Ok(true) => Look::Done,
            Ok(false) => Look::NotYet,
            Err(message) => Look::Failed(message),
        },
        (WaitFor::Ready | WaitFor::ReadyWithJobs, Some(object)) => {
            is_ready(cluster, &object, what == WaitFor::ReadyWithJobs).await
        }
    }
}

async fn is_ready(cluster: &Cluster, object: &Value, with_jobs: bool) -> Look {
    let owned = match legacy_needs(object) {
        Ok(LegacyNeeds::Nothing) => Ok(Vec::new()),
        Ok(LegacyNeeds::Pods(selector)) => {
            let pods = ResourceType::core("Pod", "pods");
            list(cluster, &pods, object, selector).await
        }
        Ok(LegacyNeeds::ReplicaSets(selector)) => {
            let sets = ResourceType {
                group: "apps".to_owned(),
                ..ResourceType::core("ReplicaSet", "replicasets")
            };
            list(cluster, &sets, object, selector).await
        }
        Err(error) => return Look::Failed(error.to_string()),
    };
    match owned {
        Err(error) => unreadable(error),
        Ok(owned) => match legacy_ready(object, &owned, with_jobs) {
            Ok(true) => Look::Done,
            Ok(false) => Look::NotYet,
            Err(error) => Look::Failed(error.to_string()),
        },
    }
}

async fn list(
    cluster: &Cluster,
    resource: &ResourceType,
    owner: &Value,
    selector: String,
) -> Result<Vec<Value>, ClusterError> {
    let options = ListOptions {
        label_selector: Some(selector),
        ..ListOptions::default()
    };
    let namespace = owner["metadata"]["namespace"].as_str();
    Ok(cluster.list(resource, namespace, &options).await?.items)
}

/// An overload or a lost connection passes; a refusal does not.
fn unreadable(error: ClusterError) -> Look {
    match error.status().map(|status| status.code) {
        None | Some(0 | 429 | 500 | 502..) => Look::Unreadable(error),
        Some(_) => Look::Failed(error.to_string()),
    }
}
