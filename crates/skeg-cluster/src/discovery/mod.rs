//! What the server has: its kinds, and where their objects are.

mod cache;
mod model;

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::ClusterError;
use crate::resource::ResourceType;
use crate::transport::{Answer, Call, Requester};
use cache::Cached;
use model::Half;

/// Both forms of aggregated discovery, and the form of servers before 1.27.
const ACCEPT: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,\
application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

/// How long discovery on disk is taken as true by those who do not insist on more, as in `kubectl`.
const TIME_TO_LIVE: Duration = Duration::from_hours(6);

/// How old an answer may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Freshness {
    /// From disk if it was asked for in the last six hours.
    Cached,
    /// As the server says now; what did not change is not sent again.
    Checked,
}

/// What the server has.
#[derive(Clone, Debug)]
pub struct Discovery {
    /// In the order of the server.
    resources: Vec<ResourceType>,
    /// All versions of groups, those without a kind too: `v1`, `apps/v1`.
    group_versions: Vec<String>,
    /// The groups that the server could not ask.
    stale: Vec<String>,
    by_kind: HashMap<(String, String), usize>,
    freshness: Freshness,
}

/// The two answers that discovery consists of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Parts {
    pub(crate) core: Half,
    pub(crate) groups: Half,
}

impl Discovery {
    fn new(parts: Parts, freshness: Freshness) -> Self {
        let Parts { core, groups } = parts;
        let mut resources = core.resources;
        resources.extend(groups.resources);
        let mut by_kind = HashMap::new();
        for (index, resource) in resources.iter().enumerate() {
            by_kind
                .entry((resource.api_version(), resource.kind.clone()))
                .or_insert(index);
        }
        Self {
            resources,
            group_versions: [core.group_versions, groups.group_versions].concat(),
            stale: [core.stale, groups.stale].concat(),
            by_kind,
            freshness,
        }
    }

    /// The kind, or none if the server does not have it.
    pub fn find(&self, api_version: &str, kind: &str) -> Option<&ResourceType> {
        let index = self.by_kind.get(&(api_version.to_owned(), kind.to_owned()))?;
        self.resources.get(*index)
    }

    /// What `.Capabilities.APIVersions` of a chart has: `v1`, `apps/v1`, `apps/v1/Deployment`, …; sorted.
    pub fn api_versions(&self) -> Vec<String> {
        let kinds = self.resources.iter();
        let kinds = kinds.map(|resource| format!("{}/{}", resource.api_version(), resource.kind));
        let mut all: Vec<String> = self.group_versions.iter().cloned().chain(kinds).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// All kinds.
    pub fn resources(&self) -> &[ResourceType] {
        &self.resources
    }

    /// The versions of groups whose servers did not answer: `metrics.k8s.io/v1beta1`.
    pub fn stale(&self) -> &[String] {
        &self.stale
    }

    pub(crate) fn is_at_least(&self, freshness: Freshness) -> bool {
        self.freshness >= freshness
    }
}

/// Asks disk and server.
pub(crate) async fn fetch(
    requester: &Requester,
    directory: Option<&Path>,
    freshness: Freshness,
) -> Result<Discovery, ClusterError> {
    let place = directory.map(|directory| cache::path(directory, requester.server()));
    let cached = place.as_deref().and_then(cache::read);
    if freshness == Freshness::Cached
        && let Some(cached) = &cached
        && cached.age().is_some_and(|age| age < TIME_TO_LIVE)
    {
        return Ok(Discovery::new(cached.parts.clone(), Freshness::Cached));
    }
    let known = cached.map(|cached| cached.parts).unwrap_or_default();
    let (core, groups) = tokio::try_join!(
        half(requester, "/api", known.core),
        half(requester, "/apis", known.groups)
    )?;
    let parts = Parts { core, groups };
    if let Some(place) = place {
        cache::write(&place, &Cached::now(parts.clone()));
    }
    Ok(Discovery::new(parts, Freshness::Checked))
}

async fn half(requester: &Requester, path: &str, known: Half) -> Result<Half, ClusterError> {
    let mut call = Call::get(path).accept(ACCEPT);
    call.if_none_match.clone_from(&known.etag);
    let answer = requester.send(&call).await?;
    if answer.status == http::StatusCode::NOT_MODIFIED {
        return Ok(known);
    }
    let etag = etag(&answer);
    let mut half = match model::aggregated(&answer)? {
        Some(half) => half,
        None => one_by_one(requester, path, &answer).await?,
    };
    // What a server could not say completely is asked for again the next time.
    half.etag = etag.filter(|_| half.stale.is_empty());
    Ok(half)
}

fn etag(answer: &Answer) -> Option<String> {
    let tag = answer.headers.get(http::header::ETAG)?;
    tag.to_str().ok().map(str::to_owned)
}

/// What servers before 1.27 need: a request for each version of each group, all at the same time.
async fn one_by_one(requester: &Requester, path: &str, answer: &Answer) -> Result<Half, ClusterError> {
    let versions = model::versions(path, answer)?;
    let ask = |(prefix, version): (String, String)| async move {
        let found = requester.send(&Call::get(prefix)).await;
        (version, found)
    };
    let answers = futures_util::future::join_all(versions.into_iter().map(ask)).await;
    let mut half = Half::default();
    for (version, answer) in answers {
        half.group_versions.push(version.clone());
        match answer {
            Ok(answer) => half.resources.extend(model::resources(&version, &answer)?),
            Err(error) if error.status().is_some() => half.stale.push(version),
            Err(error) => return Err(error),
        }
    }
    Ok(half)
}
