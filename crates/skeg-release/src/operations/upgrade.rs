//! A new revision of a release.

use std::collections::BTreeMap;

use super::error::{Failed, explained};
use super::hooks::{HookOptions, run_hooks};
use super::install::{adopted, with_rollback};
use super::{
    ChangeOptions, OperationError, Operator, Rollback, RollbackOptions, ServerSide, apply_method, until,
};
use crate::apply::{UpdateOutcome, UpdatePlan, delete_all, join, update_all};
use crate::record::{Release, Status};
use crate::resources::{Resource, Validation, build, build_former, mark_as_owned, named};
use crate::storage::{RecordEntry, StorageError};
use crate::waiting::{WaitFor, wait};
use skeg_cluster::Propagation;

/// How a release is upgraded.
#[derive(Clone, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are switches of the command line, each on its own"
)]
pub struct UpgradeOptions {
    /// What `history` is to say of it, instead of `Upgrade complete`.
    pub description: Option<String>,
    /// Labels of the record, laid over those of the last revision; `null` takes one away.
    pub labels: BTreeMap<String, String>,
    /// How many revisions are kept; 0 keeps all.
    pub history_max: usize,
    /// Whether objects of others become those of the release.
    pub take_ownership: bool,
    /// Who applies.
    pub server_side: ServerSide,
    /// Whether the release goes back to the last revision that was well when something fails.
    pub rollback_on_failure: bool,
    /// Whether what is new is deleted when something fails.
    pub cleanup_on_fail: bool,
    /// Whether kinds are checked in the words of Helm's validation.
    pub skip_validation: bool,
    /// Whether nothing is to change.
    pub dry_run: bool,
    /// What all operations have.
    pub change: ChangeOptions,
}

/// A release that is about to be upgraded.
#[derive(Debug)]
pub struct Upgrade {
    /// The last revision.
    last: Release,
    /// The revision that counts as installed: the last one that was deployed.
    current: Release,
    options: UpgradeOptions,
}

/// What is changed into what.
pub(super) struct Plan {
    /// What was there, and what is adopted.
    pub(super) originals: Vec<Resource>,
    pub(super) targets: Vec<Resource>,
    server_side: bool,
}

impl Upgrade {
    /// Finds the revision that is to be upgraded.
    ///
    /// # Errors
    /// There is none, or another operation is under way.
    pub async fn begin(
        operator: &Operator<'_>,
        name: &str,
        mut options: UpgradeOptions,
    ) -> Result<Self, OperationError> {
        options.change = with_rollback(options.change, options.rollback_on_failure);
        let revisions = operator.revisions(name).await?;
        if revisions.is_empty() {
            return Err(OperationError::NoDeployedReleases {
                name: name.to_owned(),
                status: None,
            });
        }
        let last = operator.last(name).await?;
        if last.info.status.is_pending() {
            return Err(OperationError::Pending {
                status: last.info.status.to_string(),
            });
        }
        let current = if last.info.status == Status::Deployed {
            last.clone()
        } else {
            let stands_in = matches!(last.info.status, Status::Failed | Status::Superseded);
            match operator.store.deployed(name).await {
                Err(StorageError::NoDeployed { .. }) if stands_in => last.clone(),
                Err(StorageError::NoDeployed { name }) => {
                    let status = Some(last.info.status.to_string());
                    return Err(OperationError::NoDeployedReleases { name, status });
                }
                other => other?,
            }
        };
        Ok(Self {
            last,
            current,
            options,
        })
    }

    /// The revision that counts as installed.
    pub fn current(&self) -> &Release {
        &self.current
    }

    /// The number of the new revision.
    pub fn revision(&self) -> i64 {
        self.last.version + 1
    }

    /// Checks what was rendered against the server without changing anything: `--dry-run=server`.
    ///
    /// # Errors
    /// The server does not have a kind, or an object belongs to somebody else.
    pub async fn check(&self, operator: &Operator<'_>, release: &Release) -> Result<(), OperationError> {
        self.plan(operator, release).await.map(drop)
    }

    /// Fills in what the new revision has of the former ones.
    pub fn complete(&self, release: &mut Release) {
        release.version = self.revision();
        release.namespace.clone_from(&self.current.namespace);
        release.info.first_deployed = self.current.info.first_deployed;
        let mut labels = self.last.user_labels();
        labels.extend(self.options.labels.clone());
        labels.retain(|_, value| value != "null");
        release.labels = labels;
        let server_side = self.options.server_side.decide(&self.last.apply_method);
        release.apply_method = apply_method(server_side);
        release.set_status(Status::PendingUpgrade, "Preparing upgrade");
    }

    /// Says of a revision that it was only tried out.
    pub fn describe_dry_run(&self, release: &mut Release) {
        let description = self
            .options
            .description
            .as_deref()
            .filter(|text| !text.is_empty());
        description
            .unwrap_or("Dry run complete")
            .clone_into(&mut release.info.description);
    }

    /// Brings what was rendered to the server as a new revision. When `stop` ends first, the revision has failed.
    ///
    /// # Errors
    /// The server refuses, objects belong to others, a hook fails, or something is not ready in time.
    pub async fn run(
        mut self,
        operator: &Operator<'_>,
        mut release: Release,
        stop: impl Future<Output = ()>,
    ) -> Result<Release, Failed> {
        self.complete(&mut release);
        let plan = self.plan(operator, &release).await?;
        operator.create(&mut release, self.options.history_max).await?;
        let mut created = Vec::new();
        let work = self.perform(operator, &mut release, &plan, &mut created);
        let outcome = until(stop, work).await.unwrap_or(Err(OperationError::Cancelled));
        if let Err(error) = outcome {
            return Err(Box::pin(self.fail(operator, release, created, error)).await);
        }
        self.current.info.status = Status::Superseded;
        operator.record(&mut self.current).await;
        let description = self
            .options
            .description
            .as_deref()
            .filter(|text| !text.is_empty());
        release.set_status(Status::Deployed, description.unwrap_or("Upgrade complete"));
        operator.update(&mut release).await?;
        Ok(release)
    }

    pub(super) async fn plan(
        &self,
        operator: &Operator<'_>,
        release: &Release,
    ) -> Result<Plan, OperationError> {
        let server_side = release.apply_method.is_server_side();
        let namespace = &release.namespace;
        let validation = if self.options.skip_validation {
            Validation::Skipped
        } else {
            Validation::Done
        };
        let cluster = operator.cluster;
        let mut targets = build(cluster, &release.manifest, namespace, validation).await?;
        let originals = build_former(operator, &self.current.manifest, namespace).await?;
        let mut originals = named(cluster, originals, release).await?;
        for target in &mut targets {
            mark_as_owned(&mut target.object, &release.name, namespace);
        }
        let is_known = |target: &Resource| {
            let same =
                |original: &Resource| original.is_same_object(target) && original.typed == target.typed;
            originals.iter().any(same)
        };
        let new: Vec<Resource> = targets
            .iter()
            .filter(|target| !is_known(target))
            .cloned()
            .collect();
        let found = adopted(operator, &new, release, self.options.take_ownership).await;
        let found = found.map_err(|error| error.context("unable to continue with update"))?;
        originals.extend(found);
        Ok(Plan {
            originals,
            targets,
            server_side,
        })
    }

    async fn perform(
        &mut self,
        operator: &Operator<'_>,
        release: &mut Release,
        plan: &Plan,
        created: &mut Vec<Resource>,
    ) -> Result<(), OperationError> {
        let change = self.options.change;
        let tools = operator.tools();
        let hooks = HookOptions::new(change.wait, plan.server_side);
        if !change.disable_hooks {
            let run = run_hooks(operator, release, "pre-upgrade", hooks).await;
            run.map_err(|error| error.context("pre-upgrade hooks failed"))?;
        }
        let update = |method| UpdatePlan {
            originals: &plan.originals,
            targets: &plan.targets,
            method,
            upgrades_managed_fields: plan.server_side && !self.current.apply_method.is_server_side(),
            merges_three_ways: false,
        };
        let outcome = match change.method(plan.server_side) {
            Ok(method) => update_all(tools, update(method)).await,
            Err(error) => UpdateOutcome::refused(error.to_string()),
        };
        *created = outcome.created;
        if let Some(error) = outcome.error {
            operator.record(&mut self.current).await;
            return Err(error.into());
        }
        let what = if change.wait_for_jobs {
            WaitFor::ReadyWithJobs
        } else {
            WaitFor::Ready
        };
        if let Err(error) = wait(tools, &plan.targets, what, change.wait).await {
            operator.record(&mut self.current).await;
            return Err(explained(operator.cluster, error).await);
        }
        if !change.disable_hooks {
            let run = run_hooks(operator, release, "post-upgrade", hooks).await;
            run.map_err(|error| error.context("post-upgrade hooks failed"))?;
        }
        Ok(())
    }

    async fn fail(
        &self,
        operator: &Operator<'_>,
        mut release: Release,
        created: Vec<Resource>,
        error: OperationError,
    ) -> Failed {
        let name = release.name.clone();
        let reason = error.to_string();
        operator.warn(
            "upgrade failed",
            &[("name", name.clone()), ("error", reason.clone())],
        );
        release.set_status(Status::Failed, format!("Upgrade \"{name}\" failed: {reason}"));
        operator.record(&mut release).await;
        if self.options.cleanup_on_fail && !created.is_empty() {
            let errors = delete_all(operator.tools(), &created, Propagation::Background).await;
            if !errors.is_empty() {
                let deletions = join(&errors, ", ");
                let text = format!(
                    "an error occurred while cleaning up resources. original upgrade error: {reason}: unable to cleanup resources: {deletions}"
                );
                return Failed::after(OperationError::Other(text), release);
            }
        }
        if !self.options.rollback_on_failure {
            return Failed::after(error, release);
        }
        let error = match self.roll_back(operator, &name, &reason).await {
            Ok(()) => error.context(&format!(
                "release {name} failed, and has been rolled back due to rollback-on-failure being set"
            )),
            Err(rollback) => rollback,
        };
        Failed::after(error, release)
    }

    /// Goes back to the last revision that was well.
    async fn roll_back(
        &self,
        operator: &Operator<'_>,
        name: &str,
        reason: &str,
    ) -> Result<(), OperationError> {
        let wrong = |step: &str, error: &dyn std::fmt::Display| {
            OperationError::Other(format!(
                "an error occurred while {step}. original upgrade error: {reason}: {error}"
            ))
        };
        let revisions = operator.revisions(name).await;
        let revisions = revisions.map_err(|error| wrong("finding last successful release", &error))?;
        let was_well = |entry: &&RecordEntry| matches!(entry.status(), Some("superseded" | "deployed"));
        let Some(target) = revisions.iter().rev().find(was_well) else {
            return Err(OperationError::Other(format!(
                "unable to find a previously successful release when attempting to rollback. original upgrade error: {reason}"
            )));
        };
        let options = RollbackOptions {
            revision: target.version(),
            server_side: self.options.server_side,
            change: self.options.change,
            ..RollbackOptions::default()
        };
        let rollback = Rollback::begin(operator, name, options).await;
        let rollback = rollback.map_err(|error| wrong("rolling back the release", &error))?;
        let done = rollback.run(operator, std::future::pending()).await;
        done.map(drop)
            .map_err(|failed| wrong("rolling back the release", &failed.error))
    }
}
