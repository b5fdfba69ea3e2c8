//! `lookup` in templates: the cluster is asked.

use std::fmt;
use std::sync::Arc;

use serde_json::Value as Json;
use skeg_cluster::{ClusterError, Discovery, ListOptions, ObjectLocation, ResourceType};
use skeg_engine::ClusterLookup;
use skeg_go::{CallError, GoValue};

use super::Session;

/// A cluster that templates may ask.
pub(crate) struct Lookup {
    session: Arc<Session>,
    discovery: Arc<Discovery>,
}

impl Lookup {
    pub(crate) fn new(session: Arc<Session>, discovery: Arc<Discovery>) -> Self {
        Self { session, discovery }
    }

    fn ask(&self, resource: &ResourceType, namespace: &str, name: &str) -> Result<Json, ClusterError> {
        let cluster = self.session.cluster();
        self.session.block_on(async {
            if name.is_empty() {
                let list = cluster
                    .list(resource, Some(namespace), &ListOptions::default())
                    .await?;
                return Ok(list_object(resource, list.items, &list.resource_version));
            }
            let location = ObjectLocation {
                resource,
                namespace,
                name,
            };
            let found = cluster.get(&location).await?;
            Ok(found.unwrap_or_else(|| Json::Object(serde_json::Map::new())))
        })
    }
}

/// Helm 4.3.1: the list as an object, each of its items with its kind.
fn list_object(resource: &ResourceType, mut items: Vec<Json>, resource_version: &str) -> Json {
    let api_version = resource.api_version();
    for item in &mut items {
        if item.get("kind").is_none() {
            item["kind"] = resource.kind.clone().into();
            item["apiVersion"] = api_version.clone().into();
        }
    }
    serde_json::json!({
        "apiVersion": api_version,
        "kind": format!("{}List", resource.kind),
        "metadata": {"resourceVersion": resource_version},
        "items": items,
    })
}

impl fmt::Debug for Lookup {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Lookup").finish_non_exhaustive()
    }
}

impl ClusterLookup for Lookup {
    fn lookup(
        &self,
        api_version: &str,
        kind: &str,
        namespace: &str,
        name: &str,
    ) -> Result<GoValue, CallError> {
        let Some(resource) = self.discovery.find(api_version, kind) else {
            return Err(CallError::new(format!(
                "unable to get apiresource from unstructured: {}, Kind={kind}: no matches for kind \"{kind}\" in version \"{api_version}\"",
                group_version(api_version)
            )));
        };
        match self.ask(resource, namespace, name) {
            Ok(found) => Ok(GoValue::from(&skeg_values::Value::from(found))),
            Err(error) => Err(CallError::new(error.to_string())),
        }
    }
}

/// As Go prints it: `/v1` for the core.
fn group_version(api_version: &str) -> String {
    if api_version.contains('/') {
        api_version.to_owned()
    } else {
        format!("/{api_version}")
    }
}
