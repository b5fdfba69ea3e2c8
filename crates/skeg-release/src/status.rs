//! The objects of a release as they are on the cluster.
//!
//! Helm 4.3.1, `pkg/kube/client.go`: those of the manifest, and the pods that their selectors find. What is not there is left
//! out. Helm asks for one object after the other, and gives up if the server does not have one of the kinds any more.

use std::time::SystemTime;

use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};
use skeg_cluster::{Cluster, ClusterError, List, ListOptions, ResourceType};
use skeg_kubernetes::{label_set, resources_text};

use crate::apply::AT_ONCE;
use crate::resources::{BuildError, Resource, Validation, build_known};

/// Kinds whose pods belong to the picture.
const WITH_PODS: [&str; 6] = [
    "ReplicaSet",
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "Job",
    "ReplicationController",
];

/// How objects are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectForm {
    /// As tables of the server, for people.
    Table,
    /// Whole.
    Whole,
}

/// The objects of a release.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReleaseObjects {
    /// The objects, or their tables, by version and kind: `v1/Secret`; and `v1/Pod(related)`.
    pub groups: Vec<(String, Vec<Value>)>,
    /// What is to be said about objects that were not found out about.
    pub mistakes: Vec<String>,
}

/// The objects of a manifest cannot be found out about.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReleaseObjectsError {
    /// The manifest cannot be read.
    #[error("unable to build kubernetes objects from release manifest: {0}")]
    Manifest(String),
    /// The cluster cannot be asked.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
}

impl ReleaseObjects {
    /// Asks for the objects of a manifest. `namespace` is that of objects which name none.
    ///
    /// # Errors
    /// The manifest cannot be read, or the cluster cannot be asked what it has.
    pub async fn fetch(
        cluster: &Cluster,
        manifest: &str,
        namespace: &str,
        form: ObjectForm,
    ) -> Result<Self, ReleaseObjectsError> {
        let built = build_known(cluster, manifest, namespace, Validation::Skipped).await;
        let (resources, mistakes) = built.map_err(|error| match error {
            BuildError::Manifest(message) => ReleaseObjectsError::Manifest(message),
            BuildError::Cluster(error) => ReleaseObjectsError::Cluster(error),
        })?;
        let mut objects = Self {
            mistakes,
            ..Self::default()
        };
        let found = get_all(cluster, &resources, form).await;
        let mut seen = Vec::new();
        for (resource, object) in resources.iter().zip(found) {
            if !objects.take(resource, object) {
                continue;
            }
            if let Some(selector) = selector(resource).filter(|selector| !seen.contains(selector)) {
                objects
                    .add_pods(cluster, &resource.namespace, &selector, form)
                    .await;
                seen.push(selector);
            }
        }
        Ok(objects)
    }

    /// Takes in what the server answered; whether there is such an object.
    fn take(&mut self, resource: &Resource, answer: Result<Option<Value>, ClusterError>) -> bool {
        match answer {
            Ok(Some(object)) => {
                self.add(&group_of(&resource.typed), object);
                true
            }
            Ok(None) => false,
            Err(error) => {
                let (kind, name) = (resource.kind(), &resource.name);
                self.mistakes.push(format!("{kind}/{name}: {error}"));
                false
            }
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// All of them as `status` prints them for people at a time.
    pub fn to_text(&self, now: SystemTime) -> String {
        resources_text(&self.groups, now)
    }

    /// All of them as a JSON object, as `status` prints it.
    pub fn to_json(&self) -> String {
        let groups = self.groups.iter().map(|(group, objects)| {
            let objects = objects.iter().cloned().map(skeg_values::Value::from);
            (group.as_str(), skeg_values::Value::List(objects.collect()))
        });
        let groups: skeg_values::Map = groups.collect();
        skeg_values::json::to_string(&groups.into())
    }

    fn add(&mut self, group: &str, object: Value) {
        match self.groups.iter_mut().find(|(found, _)| found == group) {
            Some((_, objects)) => objects.push(object),
            None => self.groups.push((group.to_owned(), vec![object])),
        }
    }

    async fn add_pods(&mut self, cluster: &Cluster, namespace: &str, selector: &str, form: ObjectForm) {
        const GROUP: &str = "v1/Pod(related)";
        let pods = ResourceType::core("Pod", "pods");
        let found = match form {
            ObjectForm::Table => {
                let table = cluster.list_table(&pods, namespace, selector).await;
                table.map(|table| vec![table])
            }
            ObjectForm::Whole => {
                let options = ListOptions {
                    label_selector: Some(selector.to_owned()),
                    ..ListOptions::default()
                };
                let list = cluster.list(&pods, Some(namespace), &options).await;
                list.map(|list| vec![pod_list(list)])
            }
        };
        match found {
            Ok(found) => found.into_iter().for_each(|object| self.add(GROUP, object)),
            Err(error) => self
                .mistakes
                .push(format!("get the relation pod is failed: {error}")),
        }
    }
}

async fn get_all(
    cluster: &Cluster,
    resources: &[Resource],
    form: ObjectForm,
) -> Vec<Result<Option<Value>, ClusterError>> {
    let work = resources.iter().map(|resource| async move {
        let location = resource.location();
        match form {
            ObjectForm::Table => cluster.get_table(&location).await,
            ObjectForm::Whole => cluster.get(&location).await,
        }
    });
    stream::iter(work).buffered(AT_ONCE).collect().await
}

/// Helm 4.3.1: a list of pods is one object. In lists of the server an object does not say of what kind it is.
fn pod_list(list: List) -> Value {
    let pods = list.items.into_iter().map(|mut pod| {
        pod["apiVersion"] = json!("v1");
        pod["kind"] = json!("Pod");
        pod
    });
    json!({
        "apiVersion": "v1",
        "items": pods.collect::<Vec<Value>>(),
        "kind": "PodList",
        "metadata": {"resourceVersion": list.resource_version},
    })
}

/// Helm 4.3.1: `apps/v1` is `v1`, too.
fn group_of(resource: &ResourceType) -> String {
    format!("{}/{}", resource.version, resource.kind)
}

/// The pods of an object, as a selector.
fn selector(resource: &Resource) -> Option<String> {
    let kind = resource.kind();
    if !WITH_PODS.contains(&kind) {
        return None;
    }
    let path = match kind {
        "ReplicationController" => "/spec/selector",
        _ => "/spec/selector/matchLabels",
    };
    label_set(resource.object.pointer(path)?).ok()
}
