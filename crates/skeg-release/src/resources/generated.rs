//! Objects whose names the server makes up: `generateName`.

use skeg_cluster::{Cluster, ClusterError, Form, ListOptions};

use super::{Resource, check_ownership};
use crate::record::Release;

/// The objects that the server has made for one object of the manifest of a release.
pub(crate) async fn made_of(
    cluster: &Cluster,
    resource: &Resource,
    release: &Release,
) -> Result<Vec<Resource>, ClusterError> {
    let prefix = resource.generate_name().unwrap_or_default();
    let options = ListOptions {
        label_selector: Some("app.kubernetes.io/managed-by=Helm".to_owned()),
        form: Form::Metadata,
        ..ListOptions::default()
    };
    let namespace = Some(resource.namespace.as_str()).filter(|namespace| !namespace.is_empty());
    let list = cluster.list(&resource.typed, namespace, &options).await?;
    let made = list.items.into_iter().filter(|live| {
        live["metadata"]["generateName"] == prefix
            && check_ownership(live, &release.name, &release.namespace).is_ok()
    });
    Ok(made
        .filter_map(|live| {
            let name = live["metadata"]["name"].as_str()?.to_owned();
            Some(Resource {
                name,
                ..resource.clone()
            })
        })
        .collect())
}

/// The objects of a former manifest by the names that they have on the server, so that those of which the next manifest makes new
/// ones are deleted then. Helm leaves them behind.
pub(crate) async fn named(
    cluster: &Cluster,
    resources: Vec<Resource>,
    release: &Release,
) -> Result<Vec<Resource>, ClusterError> {
    let mut found: Vec<Resource> = Vec::new();
    for resource in resources {
        if resource.generate_name().is_none() {
            found.push(resource);
            continue;
        }
        for made in made_of(cluster, &resource, release).await? {
            if !found.iter().any(|known| known.is_same_object(&made)) {
                found.push(made);
            }
        }
    }
    Ok(found)
}
