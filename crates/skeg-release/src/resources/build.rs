//! Objects of a manifest matched with the kinds of the server.

use serde_json::{Value, json};
use skeg_cluster::{Cluster, ClusterError, Discovery, Freshness, ResourceType};

use super::document::{metadata_mistake, objects};
use super::{Resource, aggregate};
use crate::operations::Operator;

/// Whether objects without a kind are complained of as Helm's validation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Validation {
    Done,
    /// `--disable-openapi-validation`, and manifests that were installed once.
    Skipped,
}

/// A manifest names something that cannot be on this server.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BuildError {
    #[error("{0}")]
    Manifest(String),
    #[error(transparent)]
    Cluster(#[from] ClusterError),
}

/// The objects of a manifest in its order.
pub(crate) async fn build(
    cluster: &Cluster,
    manifest: &str,
    namespace: &str,
    validation: Validation,
) -> Result<Vec<Resource>, BuildError> {
    let (resources, mistakes) = build_known(cluster, manifest, namespace, validation).await?;
    if mistakes.is_empty() {
        return Ok(resources);
    }
    Err(BuildError::Manifest(aggregate(&mistakes)))
}

/// The objects of a manifest whose kinds the server has, and what is to be said of the others.
pub(crate) async fn build_known(
    cluster: &Cluster,
    manifest: &str,
    namespace: &str,
    validation: Validation,
) -> Result<(Vec<Resource>, Vec<String>), BuildError> {
    let found = objects(manifest).map_err(BuildError::Manifest)?;
    if found.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let (resources, mistakes) = {
        let discovery = cluster.discovery(Freshness::Cached).await?;
        resolve(&found, &discovery, namespace, validation)
    };
    if mistakes.is_empty() {
        return Ok((resources, mistakes));
    }
    // What was not there some hours ago may be there now.
    let discovery = cluster.discovery(Freshness::Checked).await?;
    Ok(resolve(&found, &discovery, namespace, validation))
}

/// The objects of a manifest that was installed once. A kind that the server does not have any more has no objects; if it has
/// it in another version, the objects are found there. Helm gives up.
pub(crate) async fn build_former(
    operator: &Operator<'_>,
    manifest: &str,
    namespace: &str,
) -> Result<Vec<Resource>, BuildError> {
    let (mut resources, mistakes) =
        build_known(operator.cluster, manifest, namespace, Validation::Skipped).await?;
    if mistakes.is_empty() {
        return Ok(resources);
    }
    let discovery = operator.cluster.discovery(Freshness::Cached).await?;
    let found = objects(manifest).map_err(BuildError::Manifest)?;
    let moved = found.iter().flat_map(flatten).filter_map(|mut object| {
        let version = object.get("apiVersion")?.as_str()?;
        let kind = object.get("kind")?.as_str()?;
        if discovery.find(version, kind).is_some() {
            return None;
        }
        let group = version.split_once('/').map_or("", |(group, _)| group);
        let is_same = |known: &&ResourceType| known.group == group && known.kind == kind;
        let known = discovery.resources().iter().find(is_same)?;
        object["apiVersion"] = json!(known.api_version());
        resource(object, &discovery, namespace).ok()
    });
    let moved: Vec<Resource> = moved.collect();
    for mistake in mistakes.iter().skip(moved.len()) {
        operator.warn(
            "the server does not have a kind of the former manifest any more, so there is nothing to change or delete",
            &[("error", mistake.clone())],
        );
    }
    resources.extend(moved);
    Ok(resources)
}

fn resolve(
    found: &[Value],
    discovery: &Discovery,
    namespace: &str,
    validation: Validation,
) -> (Vec<Resource>, Vec<String>) {
    let mut resources = Vec::new();
    let mut mistakes = Vec::new();
    for object in found {
        match validate(object, validation) {
            Ok(()) => {}
            Err(mistake) => {
                mistakes.push(mistake);
                continue;
            }
        }
        for object in flatten(object) {
            match resource(object, discovery, namespace) {
                Ok(resource) => resources.push(resource),
                Err(mistake) => mistakes.push(mistake),
            }
        }
    }
    (resources, mistakes)
}

/// Helm 4.3.1: with validation the kind is looked for first, in words of its own.
fn validate(object: &Value, validation: Validation) -> Result<(), String> {
    let mistakes: Vec<String> = ["apiVersion", "kind"]
        .into_iter()
        .filter_map(|key| match object.get(key) {
            None | Some(Value::Null) => Some(format!("{key} not set")),
            Some(Value::String(text)) if text.is_empty() => Some(format!("{key} not set")),
            Some(Value::String(_)) => None,
            Some(_) => Some(format!("{key} isn't string type")),
        })
        .collect();
    if mistakes.is_empty() {
        return Ok(());
    }
    Err(match validation {
        Validation::Done => format!(
            "error validating \"\": error validating data: {}",
            aggregate(&mistakes)
        ),
        Validation::Skipped => format!("unable to decode \"\": Object 'Kind' is missing in '{object}'"),
    })
}

/// The objects of a list, or the object.
fn flatten(object: &Value) -> Vec<Value> {
    let kind = object.get("kind").and_then(Value::as_str).unwrap_or_default();
    let Some(items) = object.get("items").and_then(Value::as_array) else {
        return vec![object.clone()];
    };
    let complete = |item: &Value| {
        let mut item = item.clone();
        if let (Some(item_kind), true) = (kind.strip_suffix("List"), item.is_object())
            && item.get("kind").is_none()
            && !item_kind.is_empty()
        {
            item["kind"] = json!(item_kind);
            item["apiVersion"] = object.get("apiVersion").cloned().unwrap_or_default();
        }
        item
    };
    items
        .iter()
        .map(complete)
        .flat_map(|item| flatten(&item))
        .collect()
}

fn resource(mut object: Value, discovery: &Discovery, namespace: &str) -> Result<Resource, String> {
    if let Some(mistake) = metadata_mistake(&object) {
        return Err(format!("unable to decode \"\": {mistake}"));
    }
    let text = |pointer: &str| {
        let text = object.pointer(pointer).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    let (api_version, kind) = (text("/apiVersion"), text("/kind"));
    let (name, own_namespace) = (text("/metadata/name"), text("/metadata/namespace"));
    let Some(typed) = discovery.find(&api_version, &kind) else {
        let error = ClusterError::NoSuchKind { api_version, kind };
        return Err(format!(
            "resource mapping not found for name: \"{name}\" namespace: \"{own_namespace}\" from \"\": {error}\nensure CRDs are installed first"
        ));
    };
    let namespace = match (typed.is_namespaced, own_namespace.is_empty()) {
        (false, _) => String::new(),
        (true, false) => own_namespace,
        (true, true) => {
            set_namespace(&mut object, namespace);
            namespace.to_owned()
        }
    };
    Ok(Resource {
        typed: typed.clone(),
        namespace,
        name,
        object,
    })
}

fn set_namespace(object: &mut Value, namespace: &str) {
    if !object["metadata"].is_object() {
        object["metadata"] = json!({});
    }
    object["metadata"]["namespace"] = json!(namespace);
}
