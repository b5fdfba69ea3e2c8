//! A release that is new.

mod definitions;

use std::collections::BTreeMap;

use serde_json::json;
use skeg_cluster::ResourceType;
use skeg_engine::Crd;

use super::error::{Failed, explained};
use super::hooks::{HookOptions, run_hooks};
use super::{ChangeOptions, OperationError, Operator, apply_method, until};
use crate::apply::{Method, UpdatePlan, create_all, update_all};
use crate::record::{Release, Status};
use crate::resources::{Resource, Validation, build, check_ownership, look_up, mark_as_owned};
use crate::waiting::{WaitFor, WaitStrategy, wait};

/// How a release is installed.
#[derive(Clone, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are switches of the command line, each on its own"
)]
pub struct InstallOptions {
    /// What `history` is to say of it, instead of `Install complete`.
    pub description: Option<String>,
    /// Labels of the record.
    pub labels: BTreeMap<String, String>,
    /// Whether the namespace is made if it is not there.
    pub create_namespace: bool,
    /// Whether the name of a release that failed or was uninstalled may be used again.
    pub replace: bool,
    /// Whether objects of others become those of the release.
    pub take_ownership: bool,
    /// Whether the server applies.
    pub server_side: bool,
    /// Whether everything is taken away again when something fails.
    pub rollback_on_failure: bool,
    /// Whether kinds are checked in the words of Helm's validation.
    pub skip_validation: bool,
    /// Whether nothing is to change.
    pub dry_run: bool,
    /// What all operations have.
    pub change: ChangeOptions,
}

/// A release that is being installed.
#[derive(Clone, Copy)]
pub struct Install<'a> {
    operator: Operator<'a>,
    options: &'a InstallOptions,
}

/// What is to be brought to the server.
struct Plan {
    resources: Vec<Resource>,
    /// Those that are there already.
    adopted: Vec<Resource>,
}

impl<'a> Install<'a> {
    /// Nothing happens yet.
    pub fn new(operator: Operator<'a>, options: &'a InstallOptions) -> Self {
        Self { operator, options }
    }

    /// Checks that the name is free. Records that cannot be read are no obstacle here, as with Helm; they are later.
    ///
    /// # Errors
    /// A release of this name is there.
    pub async fn check_name(&self, name: &str) -> Result<(), OperationError> {
        if self.options.dry_run {
            return Ok(());
        }
        let revisions = self.operator.revisions(name).await.unwrap_or_default();
        let Some(last) = revisions.last() else {
            return Ok(());
        };
        let status = Status::from(last.status().unwrap_or_default());
        let is_over = matches!(status, Status::Uninstalled | Status::Failed);
        if self.options.replace && is_over {
            return Ok(());
        }
        Err(OperationError::InUse {
            status: status.to_string(),
        })
    }

    /// Brings the definitions of kinds to the server, and waits until it has them.
    ///
    /// # Errors
    /// A file is broken, or the server refuses.
    pub async fn install_definitions(&self, crds: &[Crd]) -> Result<(), OperationError> {
        definitions::install(&self.operator, self.options, crds).await
    }

    /// Checks what was rendered against the server without changing anything: `--dry-run=server`.
    ///
    /// # Errors
    /// The server does not have a kind, or an object belongs to somebody else.
    pub async fn check(&self, release: &Release) -> Result<(), OperationError> {
        self.plan(release).await.map(drop)
    }

    /// Installs what was rendered. When `stop` ends first, the release has failed.
    ///
    /// # Errors
    /// The server refuses, objects belong to others, a hook fails, or something is not ready in time.
    pub async fn run(self, mut release: Release, stop: impl Future<Output = ()>) -> Result<Release, Failed> {
        let plan = self.plan(&release).await?;
        if self.options.create_namespace {
            self.create_namespace(&release.namespace).await?;
        }
        if self.options.replace {
            self.replace_former(&mut release).await?;
        }
        release.labels.clone_from(&self.options.labels);
        release.apply_method = apply_method(self.options.server_side);
        release.set_status(Status::PendingInstall, "Initial install underway");
        self.operator.create(&mut release, 0).await?;
        let work = self.perform(&mut release, &plan);
        let outcome = until(stop, work).await;
        match outcome.unwrap_or(Err(OperationError::Cancelled)) {
            Ok(()) => {}
            Err(error) => return Err(self.fail(release, error).await),
        }
        let description = self
            .options
            .description
            .as_deref()
            .filter(|text| !text.is_empty());
        release.set_status(Status::Deployed, description.unwrap_or("Install complete"));
        // Helm only logs that, and says that all is well.
        match self.operator.update(&mut release).await {
            Ok(()) => Ok(release),
            Err(error) => Err(Failed::after(
                OperationError::Unrecorded { source: error },
                release,
            )),
        }
    }

    async fn plan(&self, release: &Release) -> Result<Plan, OperationError> {
        let validation = if self.options.skip_validation {
            Validation::Skipped
        } else {
            Validation::Done
        };
        let cluster = self.operator.cluster;
        let built = build(cluster, &release.manifest, &release.namespace, validation).await;
        let mut resources = built.map_err(|error| {
            OperationError::from(error).context("unable to build kubernetes objects from release manifest")
        })?;
        for resource in &mut resources {
            mark_as_owned(&mut resource.object, &release.name, &release.namespace);
        }
        let adopted = adopted(&self.operator, &resources, release, self.options.take_ownership).await;
        let adopted = adopted.map_err(|error| error.context("unable to continue with install"))?;
        Ok(Plan { resources, adopted })
    }

    async fn create_namespace(&self, namespace: &str) -> Result<(), OperationError> {
        let resource = Resource {
            typed: ResourceType {
                is_namespaced: false,
                ..ResourceType::core("Namespace", "namespaces")
            },
            namespace: String::new(),
            name: namespace.to_owned(),
            object: json!({
                "apiVersion": "v1",
                "kind": "Namespace",
                "metadata": {"name": namespace, "labels": {"name": namespace}},
                "spec": {},
                "status": {},
            }),
        };
        let created = create_all(self.operator.tools(), &[resource], self.creation()).await;
        match created {
            Err(error)
                if error
                    .cluster_error()
                    .is_some_and(skeg_cluster::ClusterError::is_already_exists) =>
            {
                Ok(())
            }
            other => Ok(other?),
        }
    }

    /// The revision takes the place of one that failed or was uninstalled.
    async fn replace_former(&self, release: &mut Release) -> Result<(), OperationError> {
        let revisions = self.operator.revisions(&release.name).await;
        if revisions.unwrap_or_default().is_empty() {
            return Ok(());
        }
        let mut last = self.operator.last(&release.name).await?;
        release.version = last.version + 1;
        if last.info.status != Status::Failed {
            last.set_status(Status::Superseded, "superseded by new release");
            self.operator.update(&mut last).await?;
        }
        Ok(())
    }

    /// How objects that are new are written.
    fn creation(&self) -> Method {
        if self.options.server_side {
            Method::ServerSide {
                force_conflicts: false,
            }
        } else {
            Method::ClientSide
        }
    }

    async fn perform(&self, release: &mut Release, plan: &Plan) -> Result<(), OperationError> {
        let change = self.options.change;
        let tools = self.operator.tools();
        let hooks = HookOptions::new(change.wait, self.options.server_side);
        if !change.disable_hooks {
            let run = run_hooks(&self.operator, release, "pre-install", hooks).await;
            run.map_err(|error| error.context("failed pre-install"))?;
        }
        if plan.adopted.is_empty() {
            create_all(tools, &plan.resources, self.creation()).await?;
        } else {
            let update = UpdatePlan {
                originals: &plan.adopted,
                targets: &plan.resources,
                method: change.method(self.options.server_side)?,
                upgrades_managed_fields: true,
                merges_three_ways: self.options.take_ownership && !self.options.server_side,
            };
            update_all(tools, update).await.error.map_or(Ok(()), Err)?;
        }
        let what = if change.wait_for_jobs {
            WaitFor::ReadyWithJobs
        } else {
            WaitFor::Ready
        };
        if let Err(error) = wait(tools, &plan.resources, what, change.wait).await {
            return Err(explained(self.operator.cluster, error).await);
        }
        if !change.disable_hooks {
            let run = run_hooks(&self.operator, release, "post-install", hooks).await;
            run.map_err(|error| error.context("failed post-install"))?;
        }
        Ok(())
    }

    async fn fail(&self, mut release: Release, error: OperationError) -> Failed {
        let reason = error.to_string();
        let name = release.name.clone();
        release.set_status(Status::Failed, format!("Release \"{name}\" failed: {reason}"));
        if !self.options.rollback_on_failure {
            self.operator.record(&mut release).await;
            return Failed::after(error, release);
        }
        let options = super::UninstallOptions {
            disable_hooks: self.options.change.disable_hooks,
            wait: self.options.change.wait,
            ..super::UninstallOptions::default()
        };
        let uninstalled = super::uninstall(&self.operator, &name, &options).await;
        let error = match uninstalled {
            Ok(_) => error.context(&format!(
                "release {name} failed, and has been uninstalled due to rollback-on-failure being set"
            )),
            Err(uninstall) => OperationError::Other(format!(
                "an error occurred while uninstalling the release. original install error: {reason}: {uninstall}"
            )),
        };
        Failed::after(error, release)
    }
}

/// The strategy when everything is taken back on failure: then it must be known whether something failed.
pub(super) fn with_rollback(mut change: ChangeOptions, rollback_on_failure: bool) -> ChangeOptions {
    if rollback_on_failure && change.wait.strategy == WaitStrategy::HookOnly {
        change.wait.strategy = WaitStrategy::Watcher;
    }
    change
}

/// The objects that are there already and may become those of the release.
pub(super) async fn adopted(
    operator: &Operator<'_>,
    resources: &[Resource],
    release: &Release,
    take_ownership: bool,
) -> Result<Vec<Resource>, OperationError> {
    if let Some(twice_named) = resources.iter().find(|resource| {
        let generated = resource
            .object
            .pointer("/metadata/generateName")
            .and_then(serde_json::Value::as_str);
        !resource.name.is_empty() && generated.is_some_and(|prefix| !prefix.is_empty())
    }) {
        return Err(OperationError::Named {
            message: "metadata.name and metadata.generateName cannot both be set".to_owned(),
            object: twice_named.to_string(),
        });
    }
    let mut adopted = Vec::new();
    let found = look_up(operator.cluster, resources).await;
    for (resource, found) in resources.iter().zip(found) {
        if resource.name.is_empty() && resource.generate_name().is_none() {
            return Err(OperationError::Other(format!(
                "could not get information about the resource {resource}: resource name may not be empty"
            )));
        }
        let live = found.map_err(|error| {
            OperationError::Other(format!(
                "could not get information about the resource {resource}: {error}"
            ))
        })?;
        let Some(live) = live else { continue };
        if !take_ownership {
            check_ownership(&live, &release.name, &release.namespace).map_err(|error| {
                OperationError::Foreign(format!(
                    "{resource} exists and cannot be imported into the current release: {error}"
                ))
            })?;
        }
        adopted.push(resource.clone());
    }
    Ok(adopted)
}
