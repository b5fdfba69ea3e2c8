//! The Secrets or `ConfigMap`s of a real cluster.

use serde_json::Value;
use skeg_cluster::{
    Cluster, ClusterError, DeleteOptions, Form, ListOptions, ObjectLocation, ResourceType, WriteOptions,
};

use super::RecordKind;
use super::error::{ObjectError, ObjectErrorReason};
use super::objects::{Answer, ObjectPage, ObjectQuery, ObjectStore};

/// As how many objects a page is asked for that may have any number.
const PAGE: u32 = 500;

/// The manager of records: Helm's own client calls itself so.
const OPTIONS: WriteOptions = WriteOptions {
    dry_run: false,
    is_strict: false,
    manager: Some("Helm"),
};

/// The Secrets or `ConfigMap`s of a real cluster.
#[derive(Clone, Debug)]
pub struct ClusterObjects {
    cluster: Cluster,
    resource: ResourceType,
}

impl ClusterObjects {
    /// Those of a kind.
    pub fn new(cluster: Cluster, kind: RecordKind) -> Self {
        let resource = match kind {
            RecordKind::Secret => ResourceType::core("Secret", "secrets"),
            RecordKind::ConfigMap => ResourceType::core("ConfigMap", "configmaps"),
        };
        Self { cluster, resource }
    }

    fn location<'a>(&'a self, namespace: &'a str, name: &'a str) -> ObjectLocation<'a> {
        ObjectLocation {
            resource: &self.resource,
            namespace,
            name,
        }
    }

    fn missing(&self, name: &str) -> ObjectError {
        let plural = &self.resource.plural;
        ObjectError::new(
            ObjectErrorReason::NotFound,
            format!("{plural} \"{name}\" not found"),
        )
    }
}

impl ObjectStore for ClusterObjects {
    fn create<'a>(&'a self, namespace: &'a str, object: Value) -> Answer<'a, Value> {
        Box::pin(async move {
            let created = self
                .cluster
                .create(&self.resource, namespace, &object, OPTIONS)
                .await;
            created.map_err(answer)
        })
    }

    fn replace<'a>(&'a self, namespace: &'a str, name: &'a str, object: Value) -> Answer<'a, Value> {
        Box::pin(async move {
            let location = self.location(namespace, name);
            let replaced = self.cluster.replace(&location, &object, OPTIONS).await;
            replaced.map_err(answer)
        })
    }

    fn get<'a>(&'a self, namespace: &'a str, name: &'a str) -> Answer<'a, Value> {
        Box::pin(async move {
            let found = self.cluster.get(&self.location(namespace, name)).await;
            found.map_err(answer)?.ok_or_else(|| self.missing(name))
        })
    }

    fn list<'a>(&'a self, query: ObjectQuery<'a>) -> Answer<'a, ObjectPage> {
        Box::pin(async move {
            let options = ListOptions {
                label_selector: Some(query.selector.to_owned()).filter(|selector| !selector.is_empty()),
                form: if query.metadata_only {
                    Form::Metadata
                } else {
                    Form::Whole
                },
                ..ListOptions::default()
            };
            if query.limit.is_none() && query.continue_token.is_none() {
                let list = self.cluster.list(&self.resource, query.namespace, &options).await;
                return Ok(ObjectPage {
                    items: list.map_err(answer)?.items,
                    continue_token: None,
                });
            }
            let limit = query
                .limit
                .and_then(|limit| u32::try_from(limit).ok())
                .unwrap_or(PAGE);
            let bounds = (limit, query.continue_token);
            let page = self
                .cluster
                .list_page(&self.resource, query.namespace, &options, bounds)
                .await;
            let page = page.map_err(answer)?;
            Ok(ObjectPage {
                items: page.items,
                continue_token: page.next,
            })
        })
    }

    fn delete<'a>(&'a self, namespace: &'a str, name: &'a str) -> Answer<'a, ()> {
        Box::pin(async move {
            let location = self.location(namespace, name);
            let was_there = self.cluster.delete(&location, DeleteOptions::default()).await;
            if was_there.map_err(answer)? {
                Ok(())
            } else {
                Err(self.missing(name))
            }
        })
    }
}

fn answer(error: ClusterError) -> ObjectError {
    let text = error.to_string();
    let is_large =
        text.contains("Too long: may not be more than") || text.contains("Request entity too large");
    let reason = match () {
        () if error.is_already_exists() => ObjectErrorReason::AlreadyExists,
        () if error.is_not_found() => ObjectErrorReason::NotFound,
        () if error.is_conflict() => ObjectErrorReason::Conflict,
        () if is_large || error.status().is_some_and(|status| status.code == 413) => {
            ObjectErrorReason::TooLarge
        }
        () => ObjectErrorReason::Other,
    };
    ObjectError::new(reason, error)
}
