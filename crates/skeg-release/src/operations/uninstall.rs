//! A release that goes.

use skeg_cluster::{ClusterError, Propagation};
use skeg_values::yaml;

use super::hooks::{HookOptions, run_hooks};
use super::{OperationError, Operator};
use crate::apply::{delete_all, join};
use crate::record::{Release, Status};
use crate::resources::{Resource, build_former, check_ownership, look_up, made_of};
use crate::storage::{RecordEntry, StorageError};
use crate::waiting::{WaitFor, WaitOptions, wait};

/// How a release is uninstalled.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are switches of the command line, each on its own"
)]
pub struct UninstallOptions {
    /// Whether no hooks are run.
    pub disable_hooks: bool,
    /// Whether the records stay.
    pub keep_history: bool,
    /// Whether a release that is not there is as good as one that is uninstalled.
    pub ignore_not_found: bool,
    /// Whether nothing is to change.
    pub dry_run: bool,
    /// What happens to what belongs to the objects.
    pub propagation: Propagation,
    /// What `history` is to say of it, instead of `Uninstallation complete`.
    pub description: Option<String>,
    /// How long is waited until the objects are gone.
    pub wait: WaitOptions,
}

impl Default for UninstallOptions {
    fn default() -> Self {
        Self {
            disable_hooks: false,
            keep_history: false,
            ignore_not_found: false,
            dry_run: false,
            propagation: Propagation::default(),
            description: None,
            wait: super::ChangeOptions::default().wait,
        }
    }
}

/// What was uninstalled.
#[derive(Clone, Debug, Default)]
pub struct UninstallOutcome {
    /// The last revision; none if there was no release.
    pub release: Option<Release>,
    /// What is left and why, in Helm's words; empty if nothing is.
    pub info: String,
    /// The objects that are deleted, or would be: `ConfigMap/x`.
    pub deleted: Vec<String>,
}

/// Deletes the objects of a release, and its records.
///
/// # Errors
/// There is no such release, a hook fails, or objects cannot be deleted.
pub async fn uninstall(
    operator: &Operator<'_>,
    name: &str,
    options: &UninstallOptions,
) -> Result<UninstallOutcome, OperationError> {
    let revisions = match operator.store.revisions(name).await {
        Ok(revisions) => revisions,
        Err(_) if options.ignore_not_found => return Ok(UninstallOutcome::default()),
        Err(error) if options.dry_run => return Err(error.into()),
        Err(error) => {
            return Err(OperationError::NotLoaded {
                name: name.to_owned(),
                source: error,
            });
        }
    };
    let last = match operator.last(name).await {
        Err(StorageError::NoRevision { .. }) => {
            return Err(OperationError::Other("no release provided".to_owned()));
        }
        other => other?,
    };
    let versions: Vec<i64> = revisions.iter().map(RecordEntry::version).collect();
    if options.dry_run {
        return would_uninstall(operator, last).await;
    }
    if last.info.status == Status::Uninstalled {
        if options.keep_history {
            return Err(OperationError::AlreadyDeleted {
                name: name.to_owned(),
            });
        }
        purge(operator, name, &versions).await?;
        return Ok(UninstallOutcome {
            release: Some(last),
            ..UninstallOutcome::default()
        });
    }
    Uninstall {
        operator,
        options,
        versions,
        release: last,
    }
    .run()
    .await
}

struct Uninstall<'a> {
    operator: &'a Operator<'a>,
    options: &'a UninstallOptions,
    versions: Vec<i64>,
    release: Release,
}

impl Uninstall<'_> {
    async fn run(mut self) -> Result<UninstallOutcome, OperationError> {
        let operator = self.operator;
        let before = self.release.clone();
        let release = &mut self.release;
        release.info.deleted = Some(operator.time());
        release.set_status(Status::Uninstalling, "Deletion in progress (or silently failed)");
        // Both hooks are applied by the server, whatever the release is, as with Helm 4.3.1.
        let hooks = HookOptions::new(self.options.wait, true);
        if !self.options.disable_hooks
            && let Err(error) = run_hooks(operator, release, "pre-delete", hooks).await
        {
            restore(operator, before, release, &error).await;
            return Err(error);
        }
        let is_recorded = operator.update(release).await;
        if let Err(error) = is_recorded {
            tracing::debug!("uninstall: the updated release is not stored: {error}");
        }
        let remains = delete_objects(operator, &self.release, self.options).await?;
        let mut errors: Vec<String> = Vec::new();
        if let Err(error) = wait(
            operator.tools(),
            &remains.deleted,
            WaitFor::Deleted,
            self.options.wait,
        )
        .await
        {
            errors.push(error.to_string());
        }
        if !self.options.disable_hooks
            && let Err(error) = run_hooks(operator, &mut self.release, "post-delete", hooks).await
        {
            errors.push(error.to_string());
        }
        let description = self
            .options
            .description
            .as_deref()
            .filter(|text| !text.is_empty());
        let description = description.unwrap_or("Uninstallation complete");
        self.release.set_status(Status::Uninstalled, description);
        self.close(&mut errors).await?;
        if !errors.is_empty() {
            let (count, errors) = (errors.len(), join(&errors, "; "));
            return Err(OperationError::Other(format!(
                "uninstallation completed with {count} error(s): {errors}"
            )));
        }
        Ok(UninstallOutcome {
            release: Some(self.release),
            info: remains.info,
            deleted: names(&remains.deleted),
        })
    }

    /// Removes the records, or marks them.
    async fn close(&mut self, errors: &mut Vec<String>) -> Result<(), OperationError> {
        let operator = self.operator;
        if !self.options.keep_history {
            if let Err(error) = purge(operator, &self.release.name, &self.versions).await {
                errors.push(format!("uninstall: Failed to purge the release: {error}"));
            }
            return Ok(());
        }
        if let Err(error) = operator.update(&mut self.release).await {
            tracing::debug!("uninstall: the updated release is not stored: {error}");
        }
        operator
            .supersede_others(&self.release.name, self.release.version)
            .await?;
        Ok(())
    }
}

/// Nothing was deleted: the release is what it was, and says what went wrong. Helm leaves it `uninstalling`.
async fn restore(operator: &Operator<'_>, before: Release, hooked: &Release, error: &OperationError) {
    let mut release = before;
    release.hooks.clone_from(&hooked.hooks);
    // Running hooks has written the record.
    release.resource_version.clone_from(&hooked.resource_version);
    release.info.description = format!("Uninstallation failed: {error}");
    operator.record(&mut release).await;
}

async fn purge(operator: &Operator<'_>, name: &str, versions: &[i64]) -> Result<(), StorageError> {
    for version in versions {
        operator.store.delete(name, *version).await?;
    }
    Ok(())
}

/// What becomes of the objects of a manifest.
#[derive(Default)]
struct Remains {
    deleted: Vec<Resource>,
    info: String,
}

/// The objects by what is to become of them.
#[derive(Default)]
struct Sorted {
    kept: Vec<Resource>,
    owned: Vec<Resource>,
    foreign: Vec<Resource>,
    unverified: Vec<(Resource, ClusterError)>,
}

async fn delete_objects(
    operator: &Operator<'_>,
    release: &Release,
    options: &UninstallOptions,
) -> Result<Remains, OperationError> {
    let sorted = sort(operator, release).await?;
    for resource in &sorted.foreign {
        warn_of_skipped(
            operator,
            release,
            resource,
            "skipping delete of resource not owned by this release",
            None,
        );
    }
    for (resource, error) in &sorted.unverified {
        let text = "skipping delete of resource because ownership could not be verified";
        warn_of_skipped(operator, release, resource, text, Some(error));
    }
    let errors = delete_all(operator.tools(), &sorted.owned, options.propagation).await;
    if !errors.is_empty() {
        return Err(OperationError::Explained {
            message: format!("failed to delete release: {}", release.name),
            explanation: errors.iter().map(ToString::to_string).collect(),
        });
    }
    Ok(Remains {
        info: info(&sorted),
        deleted: sorted.owned,
    })
}

fn warn_of_skipped(
    operator: &Operator<'_>,
    release: &Release,
    resource: &Resource,
    text: &str,
    error: Option<&ClusterError>,
) {
    let mut fields = vec![
        ("kind", resource.kind().to_owned()),
        ("name", resource.name.clone()),
        ("namespace", resource.namespace.clone()),
        ("release", release.name.clone()),
    ];
    fields.extend(error.map(|error| ("error", error.to_string())));
    operator.warn(text, &fields);
}

/// Finds out whose the objects are.
async fn sort(operator: &Operator<'_>, release: &Release) -> Result<Sorted, OperationError> {
    let manifest = in_order(&release.manifest)?;
    let resources = build_former(operator, &manifest, &release.namespace).await?;
    let mut sorted = Sorted::default();
    let (kept, others): (Vec<_>, Vec<_>) = resources
        .into_iter()
        .partition(|resource| crate::resources::is_kept(&resource.object));
    sorted.kept = kept;
    let (generated, named): (Vec<_>, Vec<_>) = others
        .into_iter()
        .partition(|resource| resource.generate_name().is_some());
    let found = look_up(operator.cluster, &named).await;
    for (resource, found) in named.into_iter().zip(found) {
        match found {
            Ok(None) => {}
            Ok(Some(live)) if check_ownership(&live, &release.name, &release.namespace).is_ok() => {
                sorted.owned.push(resource);
            }
            Ok(Some(_)) => sorted.foreign.push(resource),
            Err(error) => sorted.unverified.push((resource, error)),
        }
    }
    for resource in generated {
        sorted
            .owned
            .extend(made_of(operator.cluster, &resource, release).await?);
    }
    Ok(sorted)
}

/// The documents of a manifest in the order in which they are deleted.
fn in_order(manifest: &str) -> Result<String, OperationError> {
    let corrupted = |error: &dyn std::fmt::Display| OperationError::Explained {
        message: "corrupted release record. You must manually delete the resources".to_owned(),
        explanation: vec![error.to_string()],
    };
    let documents = skeg_engine::split_manifests(manifest.as_bytes());
    let mut named = Vec::new();
    for (index, document) in documents.into_iter().enumerate() {
        let head = yaml::head(document).map_err(|error| corrupted(&error))?;
        named.push((format!("manifest-{index}"), head.kind, document));
    }
    // Helm sorts by the number as text first.
    named.sort_by(|left, right| left.0.cmp(&right.0));
    named.sort_by(|left, right| skeg_engine::compare_for_uninstall(&left.1, &right.1));
    let mut text = String::new();
    for (_, _, document) in named {
        text.push_str("\n---\n");
        text.push_str(&String::from_utf8_lossy(document));
    }
    Ok(text)
}

/// What is left, in Helm's words.
fn info(sorted: &Sorted) -> String {
    let line = |resource: &Resource| format!("[{}] {}\n", resource.kind(), resource.name);
    let lines = |resources: &[Resource]| resources.iter().map(line).collect::<String>();
    let unverified = sorted.unverified.iter();
    let unverified = unverified.map(|(resource, error)| format!("{}: {error}\n", line(resource).trim_end()));
    let left =
        |count: usize, reason: &str| format!("{count} resource(s) were not deleted because {reason}:\n");
    let sections = [
        (
            "These resources were kept due to the resource policy:\n".to_owned(),
            lines(&sorted.kept),
        ),
        (
            left(sorted.foreign.len(), "they are not owned by this release"),
            lines(&sorted.foreign),
        ),
        (
            left(sorted.unverified.len(), "their ownership could not be verified"),
            unverified.collect(),
        ),
    ];
    let filled = sections.into_iter().filter(|(_, lines)| !lines.is_empty());
    let filled: Vec<String> = filled.map(|(title, lines)| title + &lines).collect();
    filled.join("\n")
}

fn names(resources: &[Resource]) -> Vec<String> {
    let names = resources
        .iter()
        .map(|resource| format!("{}/{}", resource.kind(), resource.name));
    names.collect()
}

async fn would_uninstall(
    operator: &Operator<'_>,
    release: Release,
) -> Result<UninstallOutcome, OperationError> {
    let sorted = sort(operator, &release).await.unwrap_or_default();
    let warn = |resource: &Resource, text: &str, error: Option<&ClusterError>| {
        let mut fields = vec![
            ("kind", resource.kind().to_owned()),
            ("name", resource.name.clone()),
            ("namespace", resource.namespace.clone()),
        ];
        fields.extend(error.map(|error| ("error", error.to_string())));
        operator.warn(text, &fields);
    };
    let count = |text: &str, count: usize| {
        if count > 0 {
            let fields = [("release", release.name.clone()), ("count", count.to_string())];
            operator.warn(text, &fields);
        }
    };
    count(
        "dry-run: resources would be skipped because they are not owned by this release",
        sorted.foreign.len(),
    );
    for resource in &sorted.foreign {
        warn(resource, "dry-run: would skip resource", None);
    }
    count(
        "dry-run: resources would be skipped because their ownership could not be verified",
        sorted.unverified.len(),
    );
    for (resource, error) in &sorted.unverified {
        let text = "dry-run: would skip resource (ownership could not be verified)";
        warn(resource, text, Some(error));
    }
    let only_kept = Sorted {
        kept: sorted.kept,
        ..Sorted::default()
    };
    Ok(UninstallOutcome {
        release: Some(release),
        info: info(&only_kept),
        deleted: names(&sorted.owned),
    })
}
