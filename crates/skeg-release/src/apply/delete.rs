//! Objects that go.

use futures_util::{StreamExt as _, stream};
use skeg_cluster::{ClusterError, DeleteOptions, Propagation};

use super::create::short_name;
use super::write::repeat;
use super::{AT_ONCE, Tools, runs};
use crate::progress::{Event, Outcome};
use crate::resources::Resource;

/// Deletes objects, those of one kind at the same time, kind after kind; what is gone already is no error. Whatever
/// fails, the others are deleted.
pub(crate) async fn delete_all(
    tools: Tools<'_>,
    resources: &[Resource],
    propagation: Propagation,
) -> Vec<ClusterError> {
    let mut errors = Vec::new();
    for run in runs(resources) {
        let outcomes = stream::iter(
            run.iter()
                .map(|resource| delete_one(tools, resource, propagation)),
        );
        let outcomes: Vec<_> = outcomes.buffered(AT_ONCE).collect().await;
        errors.extend(outcomes.into_iter().filter_map(Result::err));
    }
    errors
}

/// Deletes an object; whether it was there.
pub(crate) async fn delete_one(
    tools: Tools<'_>,
    resource: &Resource,
    propagation: Propagation,
) -> Result<bool, ClusterError> {
    let options = DeleteOptions {
        propagation,
        dry_run: false,
    };
    let location = resource.location();
    let was_there = repeat(ClusterError::is_conflict, || {
        tools.cluster.delete(&location, options)
    })
    .await?;
    if was_there {
        tools.observer.observe(&Event::Applied {
            object: short_name(resource),
            outcome: Outcome::Deleted,
        });
    }
    Ok(was_there)
}
