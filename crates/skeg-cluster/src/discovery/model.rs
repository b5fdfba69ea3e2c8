//! The answers of discovery.

use serde::{Deserialize, Serialize};

use crate::error::ClusterError;
use crate::resource::ResourceType;
use crate::transport::Answer;

/// What one of the two answers says, `/api` for the core and `/apis` for the groups.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Half {
    pub(crate) etag: Option<String>,
    pub(crate) group_versions: Vec<String>,
    pub(crate) resources: Vec<ResourceType>,
    pub(crate) stale: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct GroupList {
    kind: String,
    items: Vec<Group>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Group {
    metadata: Metadata,
    versions: Vec<Version>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Metadata {
    name: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Version {
    #[serde(rename = "version")]
    name: String,
    resources: Vec<Resource>,
    freshness: String,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Resource {
    #[serde(rename = "resource")]
    plural: String,
    response_kind: Option<Kind>,
    scope: String,
    verbs: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Kind {
    group: String,
    version: String,
    #[serde(rename = "kind")]
    name: String,
}

/// The answer if it is an aggregated one.
pub(super) fn aggregated(answer: &Answer) -> Result<Option<Half>, ClusterError> {
    let list: GroupList = answer.decode()?;
    if list.kind != "APIGroupDiscoveryList" {
        return Ok(None);
    }
    let mut half = Half::default();
    for group in list.items {
        for version in group.versions {
            let api_version = join(&group.metadata.name, &version.name);
            if version.freshness == "Stale" {
                half.stale.push(api_version.clone());
            }
            half.group_versions.push(api_version);
            let resources = version.resources.into_iter();
            half.resources
                .extend(resources.filter_map(|found| resource(found, &group.metadata.name, &version.name)));
        }
    }
    Ok(Some(half))
}

fn resource(found: Resource, group: &str, version: &str) -> Option<ResourceType> {
    let kind = found.response_kind.unwrap_or_default();
    if kind.name.is_empty() {
        return None;
    }
    // The kind of an answer may be of another group, as that of `scale` is; an object of that kind is elsewhere.
    let is_own = (kind.group.is_empty() && kind.version.is_empty())
        || (kind.group == group && kind.version == version)
        || (kind.group.is_empty() && kind.version == version);
    is_own.then(|| ResourceType {
        group: group.to_owned(),
        version: version.to_owned(),
        kind: kind.name,
        plural: found.plural,
        is_namespaced: found.scope == "Namespaced",
        verbs: found.verbs,
    })
}

/// `GROUP/VERSION`, and `VERSION` for the core.
fn join(group: &str, version: &str) -> String {
    if group.is_empty() {
        version.to_owned()
    } else {
        format!("{group}/{version}")
    }
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Versions {
    versions: Vec<String>,
    groups: Vec<OldGroup>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct OldGroup {
    versions: Vec<OldVersion>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct OldVersion {
    group_version: String,
}

/// The paths of the versions that an old server has, each with its name.
pub(super) fn versions(path: &str, answer: &Answer) -> Result<Vec<(String, String)>, ClusterError> {
    let list: Versions = answer.decode()?;
    let of_groups = list.groups.into_iter().flat_map(|group| group.versions);
    let of_groups = of_groups.map(|version| version.group_version);
    let all = list.versions.into_iter().chain(of_groups);
    Ok(all
        .map(|version| (format!("{path}/{version}"), version))
        .collect())
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct OldResources {
    resources: Vec<OldResource>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct OldResource {
    name: String,
    kind: String,
    namespaced: bool,
    verbs: Vec<String>,
    group: String,
    version: String,
}

/// The kinds of one version of an old server.
pub(super) fn resources(api_version: &str, answer: &Answer) -> Result<Vec<ResourceType>, ClusterError> {
    let list: OldResources = answer.decode()?;
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    let is_own = |found: &OldResource| {
        !found.name.contains('/')
            && (found.version.is_empty() || (found.group == group && found.version == version))
    };
    let own = list.resources.into_iter().filter(is_own);
    Ok(own
        .map(|found| ResourceType {
            group: group.to_owned(),
            version: version.to_owned(),
            kind: found.kind,
            plural: found.name,
            is_namespaced: found.namespaced,
            verbs: found.verbs,
        })
        .collect())
}
