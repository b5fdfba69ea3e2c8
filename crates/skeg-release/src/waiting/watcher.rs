//! Waiting by watching: objects of one kind and namespace are listed once and then followed.

use std::time::{Duration, SystemTime};

use serde_json::Value;
use skeg_cluster::{Cluster, ClusterError, ListOptions, WatchEvent};
use skeg_kubernetes::{
    Identity, Readiness, ReadinessError, Status, hook_readiness, readiness, readiness_with_jobs,
    readiness_with_pods,
};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::{DEADLINE, WaitError, WaitFor};
use crate::apply::Tools;
use crate::progress::{Event, Pending};
use crate::resources::Resource;

/// How often somebody is told what is waited for.
const TICK: Duration = Duration::from_secs(1);
/// The pause before a watch that broke is begun anew.
const PAUSE: Duration = Duration::from_millis(200);
/// How often in a row a watch may break.
const MOST_BREAKS: u32 = 5;

/// What was seen of an object: how it is now, or that it is gone.
struct Seen {
    index: usize,
    object: Option<Value>,
}

type News = Result<Seen, ClusterError>;

/// The objects that are waited for, and what is known of them.
struct Watched<'a> {
    resources: &'a [&'a Resource],
    what: WaitFor,
    states: Vec<Readiness>,
}

/// Waits until all are as they should be, or one of those that can still become so is not in time.
pub(super) async fn wait(
    tools: Tools<'_>,
    resources: &[&Resource],
    what: WaitFor,
    timeout: Duration,
) -> Result<(), WaitError> {
    let mut watched = Watched {
        resources,
        what,
        states: vec![Readiness::unknown(); resources.len()],
    };
    let (sender, receiver) = mpsc::channel(64);
    let mut tasks = tokio::task::JoinSet::new();
    for group in groups(resources) {
        tasks.spawn(follow(tools.cluster.clone(), group, sender.clone()));
    }
    drop(sender);
    let is_over = watched.follow(tools, receiver, timeout).await;
    tasks.abort_all();
    let is_in_time = is_over.map_err(|error| WaitError::of_server(&error))?;
    watched.outcome(is_in_time)
}

impl Watched<'_> {
    /// Takes news until there is nothing more to wait for; whether that was in time.
    async fn follow(
        &mut self,
        tools: Tools<'_>,
        mut news: mpsc::Receiver<News>,
        timeout: Duration,
    ) -> Result<bool, ClusterError> {
        let begun = Instant::now();
        let deadline = tokio::time::sleep(timeout);
        tokio::pin!(deadline);
        let mut tick = tokio::time::interval_at(begun + TICK, TICK);
        loop {
            if self.is_over() {
                return Ok(true);
            }
            tokio::select! {
                biased;
                () = &mut deadline => return Ok(false),
                found = news.recv() => match found {
                    Some(Ok(seen)) => self.take(tools, seen).await,
                    Some(Err(error)) => return Err(error),
                    None => return Ok(false),
                },
                _ = tick.tick() => {
                    self.ask_pods_again(tools).await;
                    tools.observer.observe(&Event::Waiting {
                        pending: self.pending(),
                        elapsed: begun.elapsed(),
                    });
                }
            }
        }
    }

    async fn take(&mut self, tools: Tools<'_>, seen: Seen) {
        let index = seen.index;
        let before = self.states[index].status;
        self.states[index] = match seen.object {
            None => Readiness::not_found(),
            Some(object) => self.judge(tools, index, &object).await,
        };
        if before != self.wanted() && self.states[index].status == self.wanted() {
            let resource = self.resources[index];
            let object = format!("{}/{}", resource.kind(), resource.name);
            tools.observer.observe(&Event::Ready { object });
        }
    }

    async fn judge(&self, tools: Tools<'_>, index: usize, object: &Value) -> Readiness {
        // In lists objects have no kind.
        let mut object = object.clone();
        let typed = &self.resources[index].typed;
        object["kind"] = typed.kind.clone().into();
        object["apiVersion"] = typed.api_version().into();
        let now = now();
        let judged = match self.what {
            WaitFor::HookEnd => hook_readiness(&object),
            WaitFor::ReadyWithJobs if is_job(&object) => readiness_with_jobs(&object, now),
            _ => {
                let pods = pods_of(tools.cluster, &object).await;
                match pods {
                    Some(pods) => readiness_with_pods(&object, &pods, now),
                    None => readiness(&object, now),
                }
            }
        };
        judged.unwrap_or_else(|error: ReadinessError| {
            let mut unknown = Readiness::unknown();
            unknown.message = error.to_string();
            unknown
        })
    }

    /// Pods may fail without a change of what they belong to.
    async fn ask_pods_again(&mut self, tools: Tools<'_>) {
        for index in 0..self.resources.len() {
            let is_owner = matches!(self.resources[index].kind(), "ReplicaSet" | "StatefulSet");
            let is_ready_waited = matches!(self.what, WaitFor::Ready | WaitFor::ReadyWithJobs);
            if !is_ready_waited || !is_owner || self.states[index].status != Status::InProgress {
                continue;
            }
            if let Ok(Some(object)) = tools.cluster.get(&self.resources[index].location()).await {
                let object = Some(object);
                self.take(tools, Seen { index, object }).await;
            }
        }
    }

    fn wanted(&self) -> Status {
        match self.what {
            WaitFor::Deleted => Status::NotFound,
            _ => Status::Current,
        }
    }

    /// What has failed for good is not waited for, and neither is what nobody knows, if it is to go.
    fn is_over(&self) -> bool {
        let wanted = self.wanted();
        let is_done = |state: &Readiness| {
            state.status == wanted || (state.status == Status::Failed && wanted == Status::Current)
        };
        self.states.iter().all(is_done)
    }

    fn pending(&self) -> Vec<Pending> {
        let wanted = self.wanted();
        let states = self.resources.iter().zip(&self.states);
        let pending = states.filter(|(_, state)| state.status != wanted);
        pending
            .map(|(resource, state)| Pending {
                object: format!("{}/{}", resource.kind(), resource.name),
                reason: state.message.clone(),
            })
            .collect()
    }

    fn outcome(&self, is_in_time: bool) -> Result<(), WaitError> {
        let wanted = self.wanted();
        let mut lines = Vec::new();
        let mut unready = Vec::new();
        for (resource, state) in self.resources.iter().zip(&self.states) {
            let is_unknown_gone = self.what == WaitFor::Deleted && state.status == Status::Unknown;
            if state.status == wanted || is_unknown_gone {
                continue;
            }
            let identity = identity(resource);
            lines.push(match self.what {
                WaitFor::Deleted => state.still_exists(&identity),
                _ => state.not_ready(&identity),
            });
            unready.push((*resource).clone());
        }
        if !is_in_time {
            lines.push(DEADLINE.to_owned());
        }
        if lines.is_empty() {
            return Ok(());
        }
        Err(WaitError::new(lines.join("\n"), unready))
    }
}

fn identity(resource: &Resource) -> Identity {
    Identity {
        namespace: resource.namespace.clone(),
        ..Identity::of(&resource.object)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long a pod has been unschedulable is told by the clock of the server"
)]
fn now() -> SystemTime {
    SystemTime::now()
}

fn is_job(object: &Value) -> bool {
    object["kind"] == "Job"
}

/// The pods of an object whose readiness depends on them; none for the others.
async fn pods_of(cluster: &Cluster, object: &Value) -> Option<Vec<Value>> {
    if !matches!(object["kind"].as_str(), Some("ReplicaSet" | "StatefulSet")) {
        return None;
    }
    let selector = skeg_kubernetes::label_selector(&object["spec"]["selector"]).ok()?;
    let pods = skeg_cluster::ResourceType::core("Pod", "pods");
    let namespace = object["metadata"]["namespace"].as_str();
    let options = ListOptions {
        label_selector: Some(selector),
        ..ListOptions::default()
    };
    let list = cluster.list(&pods, namespace, &options).await.ok()?;
    Some(list.items)
}

/// Objects of one kind in one namespace: the first of them, and where each is in the list, by its name.
struct Group {
    example: Resource,
    members: Vec<(String, usize)>,
}

fn groups(resources: &[&Resource]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (index, resource) in resources.iter().enumerate() {
        let member = (resource.name.clone(), index);
        let same = |group: &&mut Group| {
            group.example.typed == resource.typed && group.example.namespace == resource.namespace
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.members.push(member),
            None => groups.push(Group {
                example: (*resource).clone(),
                members: vec![member],
            }),
        }
    }
    groups
}

/// Tells of every change of the members of a group, again and again.
async fn follow(cluster: Cluster, group: Group, news: mpsc::Sender<News>) {
    let mut breaks = 0;
    loop {
        match follow_once(&cluster, &group, &news).await {
            Ok(()) => breaks = 0,
            Err(error) => {
                let is_refusal = error
                    .status()
                    .is_some_and(|status| (400..500).contains(&status.code));
                let is_old = error.status().is_some_and(|status| status.code == 410);
                breaks += 1;
                if (is_refusal && !is_old) || breaks > MOST_BREAKS {
                    drop(news.send(Err(error)).await);
                    return;
                }
            }
        }
        if news.is_closed() {
            return;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn follow_once(
    cluster: &Cluster,
    group: &Group,
    news: &mpsc::Sender<News>,
) -> Result<(), ClusterError> {
    let Resource { typed, namespace, .. } = &group.example;
    let namespace = Some(namespace.as_str()).filter(|namespace| !namespace.is_empty());
    let field_selector = match group.members.as_slice() {
        [(name, _)] => Some(format!("metadata.name={name}")),
        _ => None,
    };
    let options = ListOptions {
        field_selector,
        ..ListOptions::default()
    };
    let list = cluster.list(typed, namespace, &options).await?;
    let name_of = |object: &Value| object["metadata"]["name"].as_str().unwrap_or_default().to_owned();
    for (name, index) in &group.members {
        let object = list.items.iter().find(|object| name_of(object) == *name).cloned();
        if news
            .send(Ok(Seen {
                index: *index,
                object,
            }))
            .await
            .is_err()
        {
            return Ok(());
        }
    }
    let mut watch = cluster
        .watch(typed, namespace, &options, &list.resource_version)
        .await?;
    while let Some(event) = watch.next().await? {
        let (object, is_there) = match event {
            WatchEvent::Applied(object) => (object, true),
            WatchEvent::Deleted(object) => (object, false),
            WatchEvent::Bookmark(_) => continue,
        };
        let name = name_of(&object);
        for (_, index) in group.members.iter().filter(|(member, _)| *member == name) {
            let object = is_there.then(|| object.clone());
            if news
                .send(Ok(Seen {
                    index: *index,
                    object,
                }))
                .await
                .is_err()
            {
                return Ok(());
            }
        }
    }
    Ok(())
}
