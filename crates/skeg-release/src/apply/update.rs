//! From one manifest to another.

use futures_util::{StreamExt as _, stream};
use serde_json::Value;
use skeg_cluster::{FIELD_MANAGER, PatchKind, Propagation, WriteOptions};
use skeg_kubernetes::{Patch, three_way_merge_patch, upgrade_managed_fields as upgrade_managed_fields_patch};

use super::create::short_name;
use super::write::{apply_server_side, create_client_side, patch as send_patch, replace};
use super::{AT_ONCE, ApplyError, Method, Tools, delete_one, runs};
use crate::progress::{Event, Outcome};
use crate::resources::{Resource, is_kept, look_up};

/// What is changed into what, and how.
#[derive(Clone, Copy)]
pub(crate) struct UpdatePlan<'a> {
    /// The objects of the manifest before, and those that are adopted.
    pub(crate) originals: &'a [Resource],
    /// The objects of the manifest after.
    pub(crate) targets: &'a [Resource],
    pub(crate) method: Method,
    /// Whether fields that were applied from the client's side become those of server-side apply.
    pub(crate) upgrades_managed_fields: bool,
    /// Whether objects of foreign kinds are merged with what is on the server too.
    pub(crate) merges_three_ways: bool,
}

/// What was done up to the end or to an error.
#[derive(Default)]
pub(crate) struct UpdateOutcome {
    /// The objects that are new, for `--cleanup-on-fail`.
    pub(crate) created: Vec<Resource>,
    pub(crate) error: Option<ApplyError>,
}

impl UpdateOutcome {
    /// Nothing was done, since what was asked for is a contradiction.
    pub(crate) fn refused(reason: String) -> Self {
        Self {
            created: Vec::new(),
            error: Some(ApplyError::Other(reason)),
        }
    }
}

/// What became of one object.
enum Step {
    Created,
    Updated,
    /// It could not be changed; the others are.
    Failed(ApplyError),
    /// Something is so wrong that nothing more is begun.
    Stop(ApplyError),
}

/// Brings the objects from one manifest to another: those of one kind at the same time, kind after kind; then those that
/// are in the manifest no more are deleted, unless something failed.
pub(crate) async fn update_all(tools: Tools<'_>, plan: UpdatePlan<'_>) -> UpdateOutcome {
    let mut outcome = UpdateOutcome::default();
    let count = plan.targets.len();
    tools.observer.observe(&Event::Applying { count });
    let mut live = match live_objects(tools, plan).await {
        Ok(live) => live.into_iter(),
        Err(error) => {
            outcome.error = Some(error);
            return outcome;
        }
    };
    let mut errors = Vec::new();
    for run in runs(plan.targets) {
        let steps = run
            .iter()
            .map(|target| update_one(tools, plan, target, live.next().flatten()));
        let steps: Vec<Step> = stream::iter(steps).buffered(AT_ONCE).collect().await;
        let mut stop = None;
        for (target, step) in run.iter().zip(steps) {
            match step {
                Step::Created => outcome.created.push(target.clone()),
                Step::Updated => {}
                Step::Failed(error) => errors.push(error),
                Step::Stop(error) => {
                    // Helm counts it among the created ones, which it tries to remove.
                    outcome.created.push(target.clone());
                    stop = stop.or(Some(error));
                }
            }
        }
        if stop.is_some() {
            outcome.error = stop;
            return outcome;
        }
    }
    if errors.is_empty() {
        errors = delete_gone(tools, plan).await;
    }
    outcome.error = ApplyError::all(errors, " && ").err();
    outcome
}

/// The objects as they are, for those methods that must know before; the server tells the others.
async fn live_objects(tools: Tools<'_>, plan: UpdatePlan<'_>) -> Result<Vec<Option<Value>>, ApplyError> {
    let is_server_side = matches!(plan.method, Method::ServerSide { .. });
    if !is_server_side || !plan.upgrades_managed_fields {
        return Ok(Vec::new());
    }
    let found = look_up(tools.cluster, plan.targets).await;
    found
        .into_iter()
        .collect::<Result<_, _>>()
        .map_err(ApplyError::Get)
}

async fn update_one(tools: Tools<'_>, plan: UpdatePlan<'_>, target: &Resource, live: Option<Value>) -> Step {
    let step = match plan.method {
        Method::ServerSide { force_conflicts } => {
            server_side(tools, plan, target, live, force_conflicts).await
        }
        Method::ClientSide => client_side(tools, plan, target).await,
        Method::Replace => in_its_place(tools, target).await,
    };
    let outcome = match &step {
        Step::Created => Outcome::Created,
        Step::Updated => Outcome::Updated,
        Step::Failed(_) | Step::Stop(_) => return step,
    };
    tools.observer.observe(&Event::Applied {
        object: short_name(target),
        outcome,
    });
    step
}

/// Applies, and learns from the answer whether the object was there. Helm asks for each object before.
async fn server_side(
    tools: Tools<'_>,
    plan: UpdatePlan<'_>,
    target: &Resource,
    live: Option<Value>,
    force_conflicts: bool,
) -> Step {
    if let Some(live) = live
        && let Err(error) = upgrade_managed_fields(tools, target, live).await
    {
        return Step::Failed(error);
    }
    match apply_server_side(tools, target, force_conflicts).await {
        Ok(written) if written.was_created => Step::Created,
        Ok(_) => {
            warn_of_foreign(tools, plan, target);
            Step::Updated
        }
        Err(error) if target.name.is_empty() => Step::Stop(ApplyError::Create(Box::new(error))),
        Err(error) => match tools.cluster.get(&target.location()).await {
            Ok(Some(_)) => Step::Failed(error),
            Ok(None) => Step::Stop(ApplyError::Create(Box::new(error))),
            Err(get) => Step::Stop(ApplyError::Get(get)),
        },
    }
}

/// Fields that this manager had set from the client's side become those of server-side apply.
async fn upgrade_managed_fields(
    tools: Tools<'_>,
    target: &Resource,
    mut live: Value,
) -> Result<(), ApplyError> {
    for _ in 0..5 {
        let made = upgrade_managed_fields_patch(&live, FIELD_MANAGER).map_err(|error| {
            let object = target.applied_as();
            ApplyError::Other(format!(
                "failed to upgrade managed fields for object {object}: {error}"
            ))
        })?;
        let Some(patch) = made else { return Ok(()) };
        let location = target.location();
        let options = WriteOptions {
            is_strict: true,
            ..WriteOptions::default()
        };
        let patched = tools
            .cluster
            .patch(&location, PatchKind::Json, patch, options)
            .await;
        let Err(error) = patched else { return Ok(()) };
        if !error.is_conflict() {
            let object = target.applied_as();
            return Err(ApplyError::Other(format!(
                "failed to patch object to upgrade CSA field manager {object}: {error}"
            )));
        }
        match tools.cluster.get(&location).await.map_err(ApplyError::Get)? {
            Some(now) => live = now,
            None => return Ok(()),
        }
    }
    Ok(())
}

async fn client_side(tools: Tools<'_>, plan: UpdatePlan<'_>, target: &Resource) -> Step {
    if target.generate_name().is_some() {
        return created(create_client_side(tools, target).await.map(drop));
    }
    let live = match tools.cluster.get(&target.location()).await {
        Ok(Some(live)) => live,
        Ok(None) => return created(create_client_side(tools, target).await.map(drop)),
        Err(error) => return Step::Stop(ApplyError::Get(error)),
    };
    let original = plan
        .originals
        .iter()
        .find(|original| original.is_same_object(target));
    let original = if let Some(original) = original {
        &original.object
    } else {
        warn_of_foreign(tools, plan, target);
        &live
    };
    let made = make_patch(plan, original, target, &live);
    let outcome = match made {
        Ok(None) => Ok(()),
        Ok(Some((kind, patch))) => send_patch(tools, target, kind, patch).await,
        Err(error) => Err(error),
    };
    outcome.map_or_else(Step::Failed, |()| Step::Updated)
}

fn created(outcome: Result<(), ApplyError>) -> Step {
    outcome.map_or_else(
        |error| Step::Stop(ApplyError::Create(Box::new(error))),
        |()| Step::Created,
    )
}

/// The patch that turns an object into what the manifest says; none if there is nothing to change.
fn make_patch(
    plan: UpdatePlan<'_>,
    original: &Value,
    target: &Resource,
    live: &Value,
) -> Result<Option<(PatchKind, Vec<u8>)>, ApplyError> {
    let wrong = |error: skeg_kubernetes::PatchError| ApplyError::MakePatch(error.to_string());
    let mut patch = Patch::between(original, &target.object, live).map_err(wrong)?;
    if plan.merges_three_ways && matches!(patch, Patch::Merge(_)) {
        patch = Patch::Merge(three_way_merge_patch(original, &target.object, live).map_err(wrong)?);
    }
    let kind = match &patch {
        Patch::Strategic(_) => PatchKind::Strategic,
        Patch::Merge(_) => PatchKind::Merge,
    };
    Ok((!patch.is_empty()).then(|| (kind, patch.to_json().into_bytes())))
}

async fn in_its_place(tools: Tools<'_>, target: &Resource) -> Step {
    match tools.cluster.get(&target.location()).await {
        Ok(Some(live)) => {
            let replaced = replace(tools, target, &live).await;
            replaced.map_or_else(Step::Failed, |()| Step::Updated)
        }
        Ok(None) => created(create_client_side(tools, target).await.map(drop)),
        Err(error) => Step::Stop(ApplyError::Get(error)),
    }
}

fn warn_of_foreign(tools: Tools<'_>, plan: UpdatePlan<'_>, target: &Resource) {
    let is_known = plan
        .originals
        .iter()
        .any(|original| original.is_same_object(target));
    if !is_known {
        tools.observer.observe(&Event::Warning {
            text: "resource exists on cluster but not in original release, using cluster state as baseline"
                .to_owned(),
            fields: vec![
                ("namespace", target.namespace.clone()),
                ("name", target.name.clone()),
                ("kind", target.kind().to_owned()),
            ],
        });
    }
}

/// Deletes what is in the manifest no more.
async fn delete_gone(tools: Tools<'_>, plan: UpdatePlan<'_>) -> Vec<ApplyError> {
    let is_target = |original: &&Resource| plan.targets.iter().any(|target| target.is_same_object(original));
    let gone: Vec<Resource> = plan
        .originals
        .iter()
        .filter(|original| !is_target(original) && !original.name.is_empty())
        .cloned()
        .collect();
    let mut errors = Vec::new();
    for run in runs(&gone) {
        let outcomes = stream::iter(run.iter().map(|resource| delete_unless_kept(tools, resource)));
        let outcomes: Vec<_> = outcomes.buffered(AT_ONCE).collect().await;
        errors.extend(outcomes.into_iter().filter_map(Result::err));
    }
    errors
}

async fn delete_unless_kept(tools: Tools<'_>, resource: &Resource) -> Result<(), ApplyError> {
    // What cannot be read is left alone, as by Helm.
    let Ok(Some(live)) = tools.cluster.get(&resource.location()).await else {
        return Ok(());
    };
    if is_kept(&live) {
        tools.observer.observe(&Event::Applied {
            object: short_name(resource),
            outcome: Outcome::Kept,
        });
        return Ok(());
    }
    let deleted = delete_one(tools, resource, Propagation::Background).await;
    deleted.map(drop).map_err(|error| {
        let Resource { namespace, name, .. } = resource;
        let kind = resource.kind();
        ApplyError::Other(format!(
            "failed to delete resource namespace={namespace}, name={name}, kind={kind}: {error}"
        ))
    })
}
