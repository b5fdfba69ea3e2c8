//! Hooks: run one after the other at their events, removed by their policies.

use skeg_cluster::Propagation;

use super::error::explained;
use super::logs::{print_logs, wants_logs};
use super::{OperationError, Operator};
use crate::apply::{Method, create_all, delete_all, join};
use crate::progress::Event;
use crate::record::{HookRecord, HookRun, Release};
use crate::resources::{Validation, build};
use crate::waiting::{WaitFor, WaitOptions, wait};

const BEFORE_CREATION: &str = "before-hook-creation";
const SUCCEEDED: &str = "hook-succeeded";
const FAILED: &str = "hook-failed";
/// Of a kind that is never removed, since what it defines would go with it.
const DEFINITION: &str = "CustomResourceDefinition";

/// How hooks are run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HookOptions {
    pub(crate) wait: WaitOptions,
    pub(crate) server_side: bool,
}

impl HookOptions {
    pub(crate) fn new(wait: WaitOptions, server_side: bool) -> Self {
        Self { wait, server_side }
    }
}

/// Runs the hooks of an event, and removes them as their policies say.
pub(crate) async fn run_hooks(
    operator: &Operator<'_>,
    release: &mut Release,
    event: &str,
    options: HookOptions,
) -> Result<(), OperationError> {
    let hooks = run_hooks_only(operator, release, event, options).await;
    finish_hooks(operator, release, hooks, options).await
}

/// What came of the hooks of an event; their removal is still to be done.
pub(crate) struct HooksRun {
    /// The places of those that ended well, in the order in which they were run.
    succeeded: Vec<usize>,
    /// The place of the one that failed, and why.
    failed: Option<(usize, OperationError)>,
    error: Option<OperationError>,
}

impl HooksRun {
    /// Why not all ended well.
    pub(crate) fn error(&self) -> Option<&OperationError> {
        let failed = self.failed.as_ref().map(|(_, error)| error);
        self.error.as_ref().or(failed)
    }

    /// Moves all places, after something was put in front of the hooks.
    pub(crate) fn shift(&mut self, count: usize) {
        for index in &mut self.succeeded {
            *index += count;
        }
        if let Some((index, _)) = &mut self.failed {
            *index += count;
        }
    }
}

/// Runs the hooks of an event up to the first that fails.
pub(crate) async fn run_hooks_only(
    operator: &Operator<'_>,
    release: &mut Release,
    event: &str,
    options: HookOptions,
) -> HooksRun {
    let mut run = HooksRun {
        succeeded: Vec::new(),
        failed: None,
        error: None,
    };
    for index in in_order(&release.hooks, event) {
        match run_hook(operator, release, index, event, options).await {
            Ok(()) => run.succeeded.push(index),
            Err(Step::NotRun(error)) => {
                run.error = Some(error);
                break;
            }
            Err(Step::Failed(error)) => {
                run.failed = Some((index, error));
                break;
            }
        }
    }
    run
}

/// The places of the hooks of an event: by weight, then by name.
fn in_order(hooks: &[HookRecord], event: &str) -> Vec<usize> {
    let mut places: Vec<usize> = (0..hooks.len())
        .filter(|index| hooks[*index].has_event(event))
        .collect();
    places.sort_by(|left, right| {
        let key = |index: usize| (hooks[index].weight, &hooks[index].name);
        key(*left).cmp(&key(*right))
    });
    places
}

/// How a hook may fail.
enum Step {
    /// It did not begin.
    NotRun(OperationError),
    /// It ended badly.
    Failed(OperationError),
}

async fn run_hook(
    operator: &Operator<'_>,
    release: &mut Release,
    index: usize,
    event: &str,
    options: HookOptions,
) -> Result<(), Step> {
    let namespace = release.namespace.clone();
    let hook = &mut release.hooks[index];
    if hook.delete_policies.is_empty() {
        hook.delete_policies = vec![BEFORE_CREATION.to_owned()];
    }
    let hook = hook.clone();
    delete_by_policy(operator, &hook, &namespace, BEFORE_CREATION, options.wait)
        .await
        .map_err(Step::NotRun)?;
    let built = build(operator.cluster, &hook.manifest, &namespace, Validation::Done).await;
    let resources = built.map_err(|error| {
        let path = &hook.path;
        Step::NotRun(OperationError::from(error).context(&format!(
            "unable to build kubernetes object for {event} hook {path}"
        )))
    })?;
    operator.observer.observe(&Event::Hook {
        event: event.to_owned(),
        object: format!("{}/{}", hook.kind, hook.name),
    });
    release.hooks[index].last_run = HookRun {
        started_at: Some(operator.time()),
        completed_at: None,
        phase: "Running".to_owned(),
    };
    operator.record(release).await;
    let method = if options.server_side {
        Method::ServerSide {
            force_conflicts: false,
        }
    } else {
        Method::ClientSide
    };
    if let Err(error) = create_all(operator.tools(), &resources, method).await {
        end_run(operator, release, index, "Failed");
        let path = &hook.path;
        let context = format!("warning: Hook {event} {path} failed");
        return Err(Step::NotRun(OperationError::from(error).context(&context)));
    }
    let waited = wait(operator.tools(), &resources, WaitFor::HookEnd, options.wait).await;
    match waited {
        Ok(()) => {
            end_run(operator, release, index, "Succeeded");
            Ok(())
        }
        Err(error) => {
            end_run(operator, release, index, "Failed");
            Err(Step::Failed(explained(operator.cluster, error).await))
        }
    }
}

fn end_run(operator: &Operator<'_>, release: &mut Release, index: usize, phase: &str) {
    let run = &mut release.hooks[index].last_run;
    run.completed_at = Some(operator.time());
    phase.clone_into(&mut run.phase);
}

/// Shows the output of the hooks and removes them, as their policies say.
pub(crate) async fn finish_hooks(
    operator: &Operator<'_>,
    release: &Release,
    run: HooksRun,
    options: HookOptions,
) -> Result<(), OperationError> {
    let namespace = &release.namespace;
    if let Some(error) = run.error {
        return Err(error);
    }
    if let Some((index, error)) = run.failed {
        let hook = &release.hooks[index];
        if wants_logs(hook, FAILED) {
            print_logs(operator, hook, namespace).await;
        }
        if let Err(delete) = delete_by_policy(operator, hook, namespace, FAILED, options.wait).await {
            operator.warn(
                "error deleting the hook resource on hook failure",
                &[("error", delete.to_string())],
            );
        }
        for index in run.succeeded {
            delete_by_policy(
                operator,
                &release.hooks[index],
                namespace,
                SUCCEEDED,
                options.wait,
            )
            .await?;
        }
        return Err(error);
    }
    for index in run.succeeded.into_iter().rev() {
        let hook = &release.hooks[index];
        if wants_logs(hook, SUCCEEDED) {
            print_logs(operator, hook, namespace).await;
        }
        delete_by_policy(operator, hook, namespace, SUCCEEDED, options.wait).await?;
    }
    Ok(())
}

async fn delete_by_policy(
    operator: &Operator<'_>,
    hook: &HookRecord,
    namespace: &str,
    policy: &str,
    options: WaitOptions,
) -> Result<(), OperationError> {
    let has_policy = hook.delete_policies.iter().any(|found| found == policy);
    if hook.kind == DEFINITION || !has_policy {
        return Ok(());
    }
    let built = build(operator.cluster, &hook.manifest, namespace, Validation::Skipped).await;
    let resources = built.map_err(|error| {
        let path = &hook.path;
        OperationError::from(error).context(&format!(
            "unable to build kubernetes object for deleting hook {path}"
        ))
    })?;
    let named: Vec<_> = resources
        .into_iter()
        .filter(|resource| !resource.name.is_empty())
        .collect();
    let errors = delete_all(operator.tools(), &named, Propagation::Background).await;
    if !errors.is_empty() {
        return Err(OperationError::Other(join(&errors, "; ")));
    }
    let gone = wait(operator.tools(), &named, WaitFor::Deleted, options).await;
    gone.map_err(|error| OperationError::Other(error.to_string()))
}
