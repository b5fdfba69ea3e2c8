//! What an upgrade would change on the server, and what somebody else has changed there since.

use skeg_cluster::ClusterError;
use skeg_kubernetes::{Change, changes};

use super::{OperationError, Operator, Upgrade};
use crate::record::Release;
use crate::resources::{Resource, build_former, is_kept, look_up_whole, mark_as_owned};

/// An object that is, or would be, other than it is on the server.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectDifference {
    /// `apps/v1`
    pub api_version: String,
    /// `Deployment`
    pub kind: String,
    /// Empty for kinds that are in no namespace.
    pub namespace: String,
    /// Its name; of one that the server is to make up, the beginning with `*`.
    pub name: String,
    /// In which way.
    pub status: DifferenceStatus,
    /// Field by field; values of Secrets are hidden.
    pub changes: Vec<Change>,
}

/// In which way an object differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DifferenceStatus {
    /// It would be new.
    Added,
    /// It would be, or was, changed.
    Changed,
    /// It would be deleted.
    Removed,
    /// It is not there although it should be.
    Missing,
}

impl DifferenceStatus {
    /// In one word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Removed => "removed",
            Self::Missing => "missing",
        }
    }
}

impl ObjectDifference {
    fn new(resource: &Resource, status: DifferenceStatus, changes: Vec<Change>) -> Self {
        let name = match resource.generate_name() {
            Some(prefix) => format!("{prefix}*"),
            None => resource.name.clone(),
        };
        Self {
            api_version: resource.typed.api_version(),
            kind: resource.kind().to_owned(),
            namespace: resource.namespace.clone(),
            name,
            status,
            changes,
        }
    }
}

impl Upgrade {
    /// What the upgrade would change on the server: from what is there, which may be other than what was installed, to what
    /// was rendered.
    ///
    /// # Errors
    /// As those of [`Upgrade::check`]; objects cannot be read.
    pub async fn preview(
        &self,
        operator: &Operator<'_>,
        release: &Release,
    ) -> Result<Vec<ObjectDifference>, OperationError> {
        let plan = self.plan(operator, release).await?;
        let live = look_up_whole(operator.cluster, &plan.targets).await;
        let mut differences = Vec::new();
        for (target, live) in plan.targets.iter().zip(live) {
            let original = plan
                .originals
                .iter()
                .find(|original| original.is_same_object(target));
            match live.map_err(|error| unreadable(target, &error))? {
                None => differences.push(ObjectDifference::new(target, DifferenceStatus::Added, Vec::new())),
                Some(live) => {
                    let found = changes(original.map(|original| &original.object), &target.object, &live);
                    if !found.is_empty() {
                        differences.push(ObjectDifference::new(target, DifferenceStatus::Changed, found));
                    }
                }
            }
        }
        let is_target =
            |original: &&Resource| plan.targets.iter().any(|target| target.is_same_object(original));
        let gone: Vec<Resource> = plan
            .originals
            .iter()
            .filter(|original| !is_target(original) && !original.name.is_empty())
            .cloned()
            .collect();
        let live = look_up_whole(operator.cluster, &gone).await;
        for (original, live) in gone.iter().zip(live) {
            let live = live.map_err(|error| unreadable(original, &error))?;
            if live.is_some_and(|live| !is_kept(&live)) {
                differences.push(ObjectDifference::new(
                    original,
                    DifferenceStatus::Removed,
                    Vec::new(),
                ));
            }
        }
        Ok(differences)
    }
}

/// What is other on the server than the manifest of a revision says. Fields that the manifest says nothing of do not count.
///
/// # Errors
/// There is no such release or revision, or objects cannot be read.
pub async fn drift(
    operator: &Operator<'_>,
    name: &str,
    revision: i64,
) -> Result<Vec<ObjectDifference>, OperationError> {
    let release = match revision {
        0 => operator.last(name).await?,
        revision => operator.store.get(name, revision).await?,
    };
    let mut resources = build_former(operator, &release.manifest, &release.namespace).await?;
    resources.retain(|resource| !resource.name.is_empty());
    for resource in &mut resources {
        mark_as_owned(&mut resource.object, &release.name, &release.namespace);
    }
    let live = look_up_whole(operator.cluster, &resources).await;
    let mut differences = Vec::new();
    for (resource, live) in resources.iter().zip(live) {
        match live.map_err(|error| unreadable(resource, &error))? {
            None => differences.push(ObjectDifference::new(
                resource,
                DifferenceStatus::Missing,
                Vec::new(),
            )),
            Some(live) => {
                let found = changes(None, &resource.object, &live);
                if !found.is_empty() {
                    differences.push(ObjectDifference::new(resource, DifferenceStatus::Changed, found));
                }
            }
        }
    }
    Ok(differences)
}

fn unreadable(resource: &Resource, error: &ClusterError) -> OperationError {
    OperationError::Other(format!(
        "could not get information about the resource {resource}: {error}"
    ))
}
