//! The tests of a release: hooks at the event `test`.

use std::time::Duration;

use serde_json::Value;
use skeg_cluster::{ObjectLocation, ResourceType};

use super::hooks::{HookOptions, HooksRun, finish_hooks, run_hooks_only};
use super::logs::output_of;
use super::{OperationError, Operator};
use crate::record::{HookRecord, Release};
use crate::waiting::{WaitOptions, WaitStrategy};

const EVENT: &str = "test";

/// Which tests are run.
#[derive(Clone, Debug, Default)]
pub struct TestFilter {
    /// Only these, unless there are none here.
    pub only: Vec<String>,
    /// Not these.
    pub except: Vec<String>,
}

impl TestFilter {
    /// Whether a test is run.
    pub fn admits(&self, name: &str) -> bool {
        let is_named = |names: &[String]| names.iter().any(|named| named == name);
        !is_named(&self.except) && (self.only.is_empty() || is_named(&self.only))
    }
}

/// How the tests of a release are run.
#[derive(Clone, Debug)]
pub struct TestOptions {
    /// Which.
    pub filter: TestFilter,
    /// How long each may take.
    pub timeout: Duration,
}

/// Tests that were run, and whose objects are still there.
pub struct TestRun {
    release: Release,
    hooks: HooksRun,
    options: HookOptions,
    filter: TestFilter,
}

impl TestRun {
    /// Runs the tests of the last revision, and records how they went.
    ///
    /// # Errors
    /// There is no such release, or its record cannot be written.
    pub async fn run(
        operator: &Operator<'_>,
        name: &str,
        options: &TestOptions,
    ) -> Result<Self, OperationError> {
        let mut release = operator.last(name).await?;
        // Helm puts those that are passed over in front.
        let admits = |hook: &HookRecord| options.filter.admits(&hook.name);
        let (run, skipped): (Vec<_>, Vec<_>) =
            std::mem::take(&mut release.hooks).into_iter().partition(admits);
        release.hooks = run;
        let wait = WaitOptions {
            strategy: WaitStrategy::Watcher,
            timeout: options.timeout,
        };
        let hook_options = HookOptions::new(wait, release.apply_method.is_server_side());
        let mut hooks = run_hooks_only(operator, &mut release, EVENT, hook_options).await;
        hooks.shift(skipped.len());
        release.hooks.splice(0..0, skipped);
        let recorded = operator.update(&mut release).await;
        if hooks.error().is_none() {
            recorded?;
        }
        Ok(Self {
            release,
            hooks,
            options: hook_options,
            filter: options.filter.clone(),
        })
    }

    /// The revision with what became of its tests.
    pub fn release(&self) -> &Release {
        &self.release
    }

    /// Why not all tests ended well.
    pub fn error(&self) -> Option<&OperationError> {
        self.hooks.error()
    }

    /// What the pods of the tests printed, each with a heading; and what could not be had.
    ///
    /// # Errors
    /// A pod is not there.
    pub async fn logs(&self, operator: &Operator<'_>) -> (Vec<u8>, Result<(), OperationError>) {
        let mut text = Vec::new();
        let mut hooks: Vec<&HookRecord> = self.release.hooks.iter().collect();
        hooks.sort_by_key(|hook| (hook.weight, &hook.name));
        let is_shown = |hook: &&HookRecord| {
            hook.has_event(EVENT) && hook.kind == "Pod" && self.filter.admits(&hook.name)
        };
        for hook in hooks.into_iter().filter(is_shown) {
            if let Err(error) = self.pod_logs(operator, &hook.name, &mut text).await {
                return (text, Err(error));
            }
        }
        (text, Ok(()))
    }

    async fn pod_logs(
        &self,
        operator: &Operator<'_>,
        name: &str,
        text: &mut Vec<u8>,
    ) -> Result<(), OperationError> {
        let pods = ResourceType::core("Pod", "pods");
        let namespace = &self.release.namespace;
        let location = ObjectLocation {
            resource: &pods,
            namespace,
            name,
        };
        let missing = |reason: String| OperationError::Other(format!("unable to get pod {name}: {reason}"));
        let pod = operator
            .cluster
            .get(&location)
            .await
            .map_err(|error| missing(error.to_string()))?;
        let Some(pod) = pod else {
            return Err(missing(format!("pods \"{name}\" not found")));
        };
        let mut errors = Vec::new();
        for container in containers(&pod) {
            match output_of(operator, namespace, name, container.clone()).await {
                Ok(output) => {
                    text.extend_from_slice(format!("POD LOGS: {name} ({container})\n").as_bytes());
                    text.extend_from_slice(&output);
                    text.push(b'\n');
                }
                Err(error) => errors.push(format!(
                    "unable to get logs for pod {name}, container {container}: {error}"
                )),
            }
        }
        if errors.is_empty() {
            return Ok(());
        }
        Err(OperationError::Other(errors.join("\n")))
    }

    /// Removes the objects of the tests as their policies say; the error of the tests, if there was one.
    ///
    /// # Errors
    /// A test failed, or something cannot be removed.
    pub async fn finish(self, operator: &Operator<'_>) -> Result<(), OperationError> {
        finish_hooks(operator, &self.release, self.hooks, self.options).await
    }
}

/// The names of all containers of a pod, those first that prepare it.
fn containers(pod: &Value) -> Vec<String> {
    let lists = ["/spec/initContainers", "/spec/containers"];
    let all = lists
        .into_iter()
        .filter_map(|list| pod.pointer(list)?.as_array())
        .flatten();
    let names = all.filter_map(|container| container["name"].as_str());
    names.map(str::to_owned).collect()
}
