//! Waiting until objects are ready, have ended, or are gone.

mod diagnosis;
mod legacy;
mod watcher;

use std::time::Duration;

pub(crate) use diagnosis::explain;

use skeg_cluster::ClusterError;

use crate::apply::Tools;
use crate::resources::Resource;

/// How it is found out whether objects are ready: `--wait`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WaitStrategy {
    /// Only hooks are waited for.
    #[default]
    HookOnly,
    /// By watching, with the rules of kstatus.
    Watcher,
    /// By asking every two seconds, with the rules of Helm 3.
    Legacy,
}

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WaitFor {
    /// That the objects are what their manifests ask for.
    Ready,
    /// The same, and that jobs have ended.
    ReadyWithJobs,
    /// That jobs and pods have ended; others are not waited for.
    HookEnd,
    /// That the objects are gone.
    Deleted,
}

/// How long, and in which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitOptions {
    /// In which way.
    pub strategy: WaitStrategy,
    /// For each phase; zero is 30 seconds, or for ever with the old rules.
    pub timeout: Duration,
}

/// What was waited for did not happen; the text is Helm's.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct WaitError {
    message: String,
    /// The objects that were not as they should be, for an explanation.
    pub(crate) unready: Vec<Resource>,
}

impl WaitError {
    fn new(message: impl Into<String>, unready: Vec<Resource>) -> Self {
        Self {
            message: message.into(),
            unready,
        }
    }

    fn of_server(error: &ClusterError) -> Self {
        Self::new(error.to_string(), Vec::new())
    }
}

const DEADLINE: &str = "context deadline exceeded";
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// Waits, if the strategy has it so.
pub(crate) async fn wait(
    tools: Tools<'_>,
    resources: &[Resource],
    what: WaitFor,
    options: WaitOptions,
) -> Result<(), WaitError> {
    let is_general = what != WaitFor::HookEnd;
    let waited_for: Vec<&Resource> = resources
        .iter()
        .filter(|resource| !resource.name.is_empty() && is_waited_for(resource, what, options.strategy))
        .collect();
    match options.strategy {
        _ if waited_for.is_empty() => Ok(()),
        WaitStrategy::HookOnly if is_general => Ok(()),
        WaitStrategy::HookOnly | WaitStrategy::Watcher => {
            let timeout = match options.timeout {
                Duration::ZERO => DEFAULT_TIMEOUT,
                timeout => timeout,
            };
            watcher::wait(tools, &waited_for, what, timeout).await
        }
        WaitStrategy::Legacy => legacy::wait(tools, &waited_for, what, options.timeout).await,
    }
}

/// Helm watches hooks of all kinds, although only jobs and pods have an end; here the others are not asked about.
fn is_waited_for(resource: &Resource, what: WaitFor, strategy: WaitStrategy) -> bool {
    match what {
        WaitFor::HookEnd => matches!(resource.kind(), "Job" | "Pod"),
        WaitFor::Ready | WaitFor::ReadyWithJobs => {
            strategy == WaitStrategy::Legacy || skeg_kubernetes::is_waited_for(&resource.object)
        }
        WaitFor::Deleted => true,
    }
}
