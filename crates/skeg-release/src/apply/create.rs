//! New objects.

use futures_util::{StreamExt as _, stream};

use super::write::{apply_server_side, create_client_side};
use super::{AT_ONCE, ApplyError, Method, Tools, runs};
use crate::progress::{Event, Outcome};
use crate::resources::Resource;

/// Creates objects, those of one kind at the same time, kind after kind. Whatever fails, the others are created, as by Helm.
pub(crate) async fn create_all(
    tools: Tools<'_>,
    resources: &[Resource],
    method: Method,
) -> Result<(), ApplyError> {
    let mut errors = Vec::new();
    for run in runs(resources) {
        let outcomes = stream::iter(run.iter().map(|resource| create_one(tools, resource, method)));
        let outcomes: Vec<_> = outcomes.buffered(AT_ONCE).collect().await;
        errors.extend(outcomes.into_iter().filter_map(Result::err));
    }
    ApplyError::all(errors, "\n")
}

async fn create_one(tools: Tools<'_>, resource: &Resource, method: Method) -> Result<(), ApplyError> {
    let written = match method {
        Method::ServerSide { force_conflicts } => apply_server_side(tools, resource, force_conflicts).await?,
        Method::ClientSide | Method::Replace => create_client_side(tools, resource).await?,
    };
    let outcome = if written.was_created {
        Outcome::Created
    } else {
        Outcome::Updated
    };
    tools.observer.observe(&Event::Applied {
        object: short_name(resource),
        outcome,
    });
    Ok(())
}

/// `Deployment/web`
pub(super) fn short_name(resource: &Resource) -> String {
    let name = match resource.generate_name() {
        Some(prefix) => format!("{prefix}*"),
        None => resource.name.clone(),
    };
    format!("{}/{name}", resource.kind())
}
