//! Which objects are on the server already.
//!
//! Helm asks for each object by itself, one after the other. Here objects of one kind and namespace are asked for
//! together: their metadata in one list, unless the namespace has so many others of the kind that this costs more than it
//! saves, or the user may not list them.

use std::collections::HashMap;

use futures_util::{StreamExt as _, stream};
use serde_json::Value;
use skeg_cluster::{Cluster, ClusterError, Form, ListOptions};

use super::Resource;
use crate::apply::AT_ONCE;

/// From how many objects of one kind on a list is cheaper than asking for each.
const WORTH_A_LIST: usize = 4;
/// How many objects a list may have for each that is looked for.
const MOST_FOREIGN: usize = 50;

/// What is known of an object: how it is on the server, its metadata at least; none if it is not there.
pub(crate) type Found = Result<Option<Value>, ClusterError>;

/// Looks for objects, in their order; those whose name the server is to make up are not there.
pub(crate) async fn look_up(cluster: &Cluster, resources: &[Resource]) -> Vec<Found> {
    let groups = groups(resources);
    let work = groups
        .into_iter()
        .map(|group| look_up_group(cluster, resources, group));
    let found: Vec<_> = stream::iter(work).buffered(AT_ONCE).collect().await;
    let mut all: Vec<Found> = resources.iter().map(|_| Ok(None)).collect();
    for (index, one) in found.into_iter().flatten() {
        all[index] = one;
    }
    all
}

/// As [`look_up`], with all of each object.
pub(crate) async fn look_up_whole(cluster: &Cluster, resources: &[Resource]) -> Vec<Found> {
    let ask = |resource: &'_ Resource| {
        let location = (!resource.name.is_empty()).then(|| resource.clone());
        async move {
            match location {
                Some(resource) => cluster.get(&resource.location()).await,
                None => Ok(None),
            }
        }
    };
    stream::iter(resources.iter().map(ask))
        .buffered(AT_ONCE)
        .collect()
        .await
}

/// The places of resources of one kind and namespace, in the order of their first.
fn groups(resources: &[Resource]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut places = HashMap::new();
    let named = resources
        .iter()
        .enumerate()
        .filter(|(_, resource)| !resource.name.is_empty());
    for (index, resource) in named {
        let key = (&resource.typed, &resource.namespace);
        let place = *places.entry(key).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[place].push(index);
    }
    groups
}

async fn look_up_group(cluster: &Cluster, resources: &[Resource], group: Vec<usize>) -> Vec<(usize, Found)> {
    if group.len() >= WORTH_A_LIST
        && let Some(listed) = list(cluster, resources, &group).await
    {
        return listed
            .into_iter()
            .map(|(index, object)| (index, Ok(Some(object))))
            .collect();
    }
    let ask = |index: usize| async move { (index, cluster.get(&resources[index].location()).await) };
    stream::iter(group.into_iter().map(ask))
        .buffered(AT_ONCE)
        .collect()
        .await
}

/// The objects of a group out of a list; none if the list failed or has too many others.
async fn list(cluster: &Cluster, resources: &[Resource], group: &[usize]) -> Option<Vec<(usize, Value)>> {
    let first = &resources[*group.first()?];
    let names: HashMap<&str, usize> = group
        .iter()
        .map(|index| (&*resources[*index].name, *index))
        .collect();
    let options = ListOptions {
        form: Form::Metadata,
        most: Some(group.len() * MOST_FOREIGN),
        ..ListOptions::default()
    };
    let namespace = Some(first.namespace.as_str()).filter(|namespace| !namespace.is_empty());
    let list = cluster.list(&first.typed, namespace, &options).await.ok()?;
    if !list.is_complete {
        return None;
    }
    let place = |object: &Value| names.get(object.pointer("/metadata/name")?.as_str()?).copied();
    let found = list.items.into_iter();
    Some(
        found
            .filter_map(|object| Some((place(&object)?, object)))
            .collect(),
    )
}
