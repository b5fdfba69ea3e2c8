//! One object written in one of the ways that there are.

use std::time::Duration;

use serde_json::Value;
use skeg_cluster::{ApplyOptions, ClusterError, PatchKind, WriteOptions};

use super::{ApplyError, Tools};
use crate::resources::Resource;

/// How often a write is repeated that met another one.
const MOST_REPEATS: u32 = 5;
const PAUSE: Duration = Duration::from_millis(10);

/// The server checks fields strictly, whatever flags say, as with Helm 4.3.1.
const STRICT: WriteOptions = WriteOptions {
    dry_run: false,
    is_strict: true,
    manager: None,
};

/// The words of Kubernetes' client for a request that it does not even send.
const NO_NAME: &str = "resource name may not be empty";

/// What the server did.
pub(super) struct Written {
    pub(super) was_created: bool,
}

/// Applies an object on the side of the server. An object whose name is up to the server is created.
pub(super) async fn apply_server_side(
    tools: Tools<'_>,
    resource: &Resource,
    force_conflicts: bool,
) -> Result<Written, ApplyError> {
    if resource.generate_name().is_some() {
        return create_client_side(tools, resource).await;
    }
    if resource.name.is_empty() {
        let object = resource.applied_as();
        return Err(ApplyError::Other(format!(
            "server-side apply failed for object {object}: {NO_NAME}"
        )));
    }
    let options = ApplyOptions {
        write: STRICT,
        force_conflicts,
    };
    let location = resource.location();
    let applied = repeat(is_quota_conflict, || {
        tools.cluster.apply(&location, &resource.object, options)
    });
    match applied.await {
        Ok(applied) => Ok(Written {
            was_created: applied.was_created,
        }),
        Err(error) => Err(ApplyError::server_side(resource, error)),
    }
}

/// Creates an object by `POST`.
pub(super) async fn create_client_side(tools: Tools<'_>, resource: &Resource) -> Result<Written, ApplyError> {
    let Resource {
        typed,
        namespace,
        object,
        ..
    } = resource;
    let created = repeat(ClusterError::is_conflict, || {
        tools
            .cluster
            .create(typed, namespace, object, WriteOptions::default())
    });
    created.await.map_err(ApplyError::Server)?;
    Ok(Written { was_created: true })
}

/// Patches an object.
pub(super) async fn patch(
    tools: Tools<'_>,
    resource: &Resource,
    kind: PatchKind,
    patch: Vec<u8>,
) -> Result<(), ApplyError> {
    let patched = tools
        .cluster
        .patch(&resource.location(), kind, patch, WriteOptions::default())
        .await;
    patched.map(drop).map_err(|source| ApplyError::Patch {
        name: resource.name.clone(),
        kind: resource.kind().to_owned(),
        source,
    })
}

/// Puts an object in the place of the one that is there.
pub(super) async fn replace(tools: Tools<'_>, resource: &Resource, live: &Value) -> Result<(), ApplyError> {
    let mut object = resource.object.clone();
    if let Some(version) = live.pointer("/metadata/resourceVersion") {
        object["metadata"]["resourceVersion"] = version.clone();
    }
    let replaced = tools.cluster.replace(&resource.location(), &object, STRICT).await;
    replaced.map(drop).map_err(ApplyError::Replace)
}

/// Repeats what met something else that was done at the same time.
pub(super) async fn repeat<T, F: Future<Output = Result<T, ClusterError>>>(
    is_passing: impl Fn(&ClusterError) -> bool,
    work: impl Fn() -> F,
) -> Result<T, ClusterError> {
    let mut pause = PAUSE;
    for _ in 1..MOST_REPEATS {
        match work().await {
            Err(error) if is_passing(&error) => tokio::time::sleep(pause).await,
            outcome => return outcome,
        }
        pause *= 2;
    }
    work().await
}

/// Two objects were counted at the same time.
fn is_quota_conflict(error: &ClusterError) -> bool {
    const WORDS: [&str; 2] = [
        "Operation cannot be fulfilled on resourcequotas",
        "the object has been modified",
    ];
    let text = error.to_string();
    error.is_conflict() && WORDS.iter().all(|words| text.contains(words))
}
