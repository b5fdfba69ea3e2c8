//! A revision as it was before.

use super::error::{Failed, explained};
use super::hooks::{HookOptions, run_hooks};
use super::{ChangeOptions, OperationError, Operator, ServerSide, apply_method, until};
use crate::apply::{UpdateOutcome, UpdatePlan, delete_all, join, update_all};
use crate::progress::Event;
use crate::record::{Release, Status};
use crate::resources::{Resource, Validation, build, build_former, mark_as_owned, named};
use crate::storage::RecordEntry;
use crate::waiting::{WaitFor, wait};
use skeg_cluster::Propagation;

/// The longest description that Helm takes, in characters.
const LONGEST_DESCRIPTION: usize = 256;

/// How a release is rolled back.
#[derive(Clone, Debug, Default)]
pub struct RollbackOptions {
    /// The revision to go back to; 0 is the one before the last.
    pub revision: i64,
    /// What `history` is to say of it, instead of `Rollback to N`.
    pub description: Option<String>,
    /// How many revisions are kept; 0 keeps all.
    pub history_max: usize,
    /// Who applies.
    pub server_side: ServerSide,
    /// Whether what is new is deleted when something fails.
    pub cleanup_on_fail: bool,
    /// What all operations have.
    pub change: ChangeOptions,
}

/// A release that is about to be rolled back.
#[derive(Debug)]
pub struct Rollback {
    current: Release,
    target: Release,
    options: RollbackOptions,
}

impl Rollback {
    /// Finds the revision to go back to.
    ///
    /// # Errors
    /// There is no such release or revision, or the description is too long.
    pub async fn begin(
        operator: &Operator<'_>,
        name: &str,
        options: RollbackOptions,
    ) -> Result<Self, OperationError> {
        let length = options
            .description
            .as_deref()
            .map_or(0, |text| text.chars().count());
        if length > LONGEST_DESCRIPTION {
            return Err(OperationError::Other(format!(
                "description must be {LONGEST_DESCRIPTION} characters or less, got {length}"
            )));
        }
        if options.revision < 0 {
            return Err(OperationError::Other("invalid release revision".to_owned()));
        }
        let revisions = operator.store.revisions(name).await?;
        let current = operator.last(name).await?;
        let revision = match options.revision {
            0 => current.version - 1,
            revision => revision,
        };
        let known: Vec<i64> = revisions.iter().map(RecordEntry::version).collect();
        if !known.contains(&revision) {
            return Err(OperationError::NoSuchRevision { revision, known });
        }
        let former = operator.store.get(name, revision).await?;
        let server_side = options.server_side.decide(&former.apply_method);
        let description = options.description.clone().filter(|text| !text.is_empty());
        let labels = former.user_labels();
        let mut target = former;
        target.version = current.version + 1;
        target.namespace.clone_from(&current.namespace);
        target.labels = labels;
        target.apply_method = apply_method(server_side);
        target.info.first_deployed = current.info.first_deployed;
        target.info.last_deployed = Some(operator.time());
        target.info.deleted = None;
        target.info.rollback_revision = revision;
        target.set_status(
            Status::PendingRollback,
            description.unwrap_or_else(|| format!("Rollback to {revision}")),
        );
        Ok(Self {
            current,
            target,
            options,
        })
    }

    /// The revision as it will be recorded.
    pub fn target(&self) -> &Release {
        &self.target
    }

    /// Brings the objects back as a new revision. When `stop` ends first, the revision has failed.
    ///
    /// # Errors
    /// The server refuses, a hook fails, or something is not ready in time. Whatever it is, the revision is recorded as failed;
    /// Helm leaves some pending for ever.
    pub async fn run(
        mut self,
        operator: &Operator<'_>,
        stop: impl Future<Output = ()>,
    ) -> Result<Release, Failed> {
        let namespace = self.target.namespace.clone();
        let originals = build_former(operator, &self.current.manifest, &namespace).await?;
        let originals = named(operator.cluster, originals, &self.current).await?;
        let manifest = &self.target.manifest;
        let built = build(operator.cluster, manifest, &namespace, Validation::Skipped).await;
        let mut targets = built.map_err(|error| {
            OperationError::from(error)
                .context("unable to build kubernetes objects from new release manifest")
        })?;
        for target in &mut targets {
            mark_as_owned(&mut target.object, &self.target.name, &namespace);
        }
        let history_max = self.options.history_max;
        operator.create(&mut self.target, history_max).await?;
        let outcome = until(stop, self.perform(operator, &originals, &targets)).await;
        if let Err(error) = outcome.unwrap_or(Err(OperationError::Cancelled)) {
            return Err(self.fail(operator, error).await);
        }
        let Self { mut target, .. } = self;
        operator.supersede_others(&target.name, target.version).await?;
        target.info.status = Status::Deployed;
        operator.update(&mut target).await?;
        Ok(target)
    }

    async fn perform(
        &mut self,
        operator: &Operator<'_>,
        originals: &[Resource],
        targets: &[Resource],
    ) -> Result<(), OperationError> {
        let change = self.options.change;
        let tools = operator.tools();
        let server_side = self.target.apply_method.is_server_side();
        let hooks = HookOptions::new(change.wait, server_side);
        if !change.disable_hooks {
            run_hooks(operator, &mut self.target, "pre-rollback", hooks).await?;
        }
        let update = |method| UpdatePlan {
            originals,
            targets,
            method,
            upgrades_managed_fields: true,
            merges_three_ways: false,
        };
        let outcome = match change.method(server_side) {
            Ok(method) => update_all(tools, update(method)).await,
            Err(error) => UpdateOutcome::refused(error.to_string()),
        };
        if let Some(error) = outcome.error {
            let text = format!("Rollback \"{}\" failed: {error}", self.target.name);
            operator.observer.observe(&Event::Warning {
                text,
                fields: Vec::new(),
            });
            self.current.info.status = Status::Superseded;
            operator.record(&mut self.current).await;
            if self.options.cleanup_on_fail {
                let errors = delete_all(tools, &outcome.created, Propagation::Background).await;
                if !errors.is_empty() {
                    let errors = join(&errors, ", ");
                    return Err(OperationError::Other(format!(
                        "an error occurred while cleaning up resources. original rollback error: unable to cleanup resources: {errors}"
                    )));
                }
            }
            return Err(error.into());
        }
        let what = if change.wait_for_jobs {
            WaitFor::ReadyWithJobs
        } else {
            WaitFor::Ready
        };
        if let Err(error) = wait(tools, targets, what, change.wait).await {
            operator.record(&mut self.current).await;
            let name = self.target.name.clone();
            return Err(explained(operator.cluster, error)
                .await
                .context(&format!("release {name} failed")));
        }
        if !change.disable_hooks {
            run_hooks(operator, &mut self.target, "post-rollback", hooks).await?;
        }
        Ok(())
    }

    async fn fail(mut self, operator: &Operator<'_>, error: OperationError) -> Failed {
        let name = &self.target.name;
        let reason = error.to_string();
        // Helm: what was waited for in vain is told in the words of an installation.
        let prefix = format!("release {name} failed: ");
        let description = match reason.strip_prefix(&prefix) {
            Some(reason) => format!("Release \"{name}\" failed: {reason}"),
            None => format!("Rollback \"{name}\" failed: {reason}"),
        };
        self.target.set_status(Status::Failed, description);
        operator.record(&mut self.target).await;
        Failed::after(error, self.target)
    }
}
