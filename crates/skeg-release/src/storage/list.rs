//! What releases there are.
//!
//! Helm 4.3.1, `pkg/action/list.go`. Of a release only the newest revision is read.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

use super::driver::Index;
use super::entry::RecordEntry;
use super::error::StorageError;
use super::selector::Selector;
use super::store::ReleaseStore;
use crate::record::{RecordTime, ReleaseHead, Status};

/// Which releases are listed, and in what order.
pub struct ListOptions<'a> {
    /// Which names; `None` for all.
    pub name: Option<&'a (dyn Fn(&str) -> bool + Send + Sync)>,
    /// Which states. If that is `superseded` alone, old revisions are listed; otherwise the newest of each release.
    pub states: Vec<Status>,
    /// What the labels must be like.
    pub selector: Selector,
    /// The order.
    pub order: ListOrder,
    /// Whether the order is turned around.
    pub is_reversed: bool,
    /// How many are passed over.
    pub offset: usize,
    /// The most that are listed; 0 for all.
    pub limit: usize,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ListOrder {
    /// By name, and by namespace.
    #[default]
    Name,
    /// The oldest deployment first, by seconds.
    Date,
}

/// A release in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedRelease {
    /// What its record says.
    pub head: ReleaseHead,
    /// The labels of its record.
    pub labels: BTreeMap<String, String>,
}

/// All that Helm lists.
pub const LISTED_STATES: [Status; 8] = [
    Status::Deployed,
    Status::Uninstalled,
    Status::Uninstalling,
    Status::PendingInstall,
    Status::PendingUpgrade,
    Status::PendingRollback,
    Status::Superseded,
    Status::Failed,
];

impl Default for ListOptions<'_> {
    fn default() -> Self {
        Self {
            name: None,
            states: LISTED_STATES.to_vec(),
            selector: Selector::default(),
            order: ListOrder::default(),
            is_reversed: false,
            offset: 0,
            limit: 0,
        }
    }
}

impl fmt::Debug for ListOptions<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ListOptions")
            .field("filters_names", &self.name.is_some())
            .field("states", &self.states)
            .field("selector", &self.selector)
            .field("order", &self.order)
            .field("is_reversed", &self.is_reversed)
            .field("offset", &self.offset)
            .field("limit", &self.limit)
            .finish()
    }
}

impl ListOptions<'_> {
    fn wants_old(&self) -> bool {
        self.states == [Status::Superseded]
    }

    fn wants_name(&self, name: &str) -> bool {
        self.name.is_none_or(|wanted| wanted(name))
    }

    fn compare(&self, left: &ListedRelease, right: &ListedRelease) -> Ordering {
        let name = |listed: &ListedRelease| {
            let head = &listed.head;
            (head.name.clone(), head.namespace.clone(), head.version)
        };
        let date = |listed: &ListedRelease| listed.head.info.last_deployed.map_or(i64::MIN, RecordTime::unix);
        let order = match self.order {
            ListOrder::Name => Ordering::Equal,
            ListOrder::Date => date(left).cmp(&date(right)),
        };
        let order = order.then_with(|| name(left).cmp(&name(right)));
        if self.is_reversed { order.reverse() } else { order }
    }
}

impl ReleaseStore {
    /// Lists releases.
    ///
    /// # Errors
    /// The cluster refuses, or cannot be reached. Records that cannot be read are reported and passed over.
    pub async fn list(&self, options: &ListOptions<'_>) -> Result<Vec<ListedRelease>, StorageError> {
        let entries = self.driver.index(None).await?;
        let size = entries.len();
        let mut listed = if options.wants_old() {
            self.read_superseded(entries, size).await?
        } else {
            self.read_newest(entries, size, options).await?
        };
        listed.retain(|listed| {
            options.wants_name(&listed.head.name)
                && options.states.contains(&listed.head.info.status)
                && options.selector.matches(&listed.labels)
        });
        listed.sort_by(|left, right| options.compare(left, right));
        let limit = if options.limit == 0 { size } else { options.limit };
        Ok(listed.into_iter().skip(options.offset).take(limit).collect())
    }

    async fn read_superseded(
        &self,
        mut entries: Vec<RecordEntry>,
        size: usize,
    ) -> Result<Vec<ListedRelease>, StorageError> {
        let superseded = Status::Superseded;
        entries.retain(|entry| entry.identity.is_none() || entry.status() == Some(superseded.as_str()));
        let read = self.read_heads(entries, size).await?;
        Ok(read.into_iter().filter_map(|(_, listed)| listed).collect())
    }

    /// Reads the newest revision of each release; of those that cannot be read the one before.
    async fn read_newest(
        &self,
        entries: Vec<RecordEntry>,
        size: usize,
        options: &ListOptions<'_>,
    ) -> Result<Vec<ListedRelease>, StorageError> {
        let (mut histories, mut wanted) = histories(entries, options);
        wanted.extend(histories.values_mut().filter_map(Vec::pop));
        let mut listed = Vec::new();
        while !wanted.is_empty() {
            let read = self.read_heads(std::mem::take(&mut wanted), size).await?;
            for (entry, outcome) in read {
                match outcome {
                    Some(found) => listed.push(found),
                    None => wanted.extend(place(&entry).and_then(|place| histories.get_mut(&place)?.pop())),
                }
            }
        }
        Ok(latest(listed))
    }

    async fn read_heads(
        &self,
        wanted: Vec<RecordEntry>,
        size: usize,
    ) -> Result<Vec<(RecordEntry, Option<ListedRelease>)>, StorageError> {
        let index = Index { name: None, size };
        let heads = self.driver.heads(wanted, index).await?.into_iter();
        let read = heads.map(|(entry, head)| {
            let listed = match head {
                Ok(head) => Some(ListedRelease {
                    head,
                    labels: entry.labels.clone(),
                }),
                Err(error) => {
                    self.report(&entry, &error);
                    None
                }
            };
            (entry, listed)
        });
        Ok(read.collect())
    }
}

type Place = (String, String);

fn place(entry: &RecordEntry) -> Option<Place> {
    let (name, _) = entry.identity.as_ref()?;
    Some((entry.namespace.clone(), name.clone()))
}

/// The revisions of each release whose newest one may be listed, the newest last; and those that do not say what they
/// are.
fn histories(
    entries: Vec<RecordEntry>,
    options: &ListOptions<'_>,
) -> (BTreeMap<Place, Vec<RecordEntry>>, Vec<RecordEntry>) {
    let mut histories: BTreeMap<Place, Vec<RecordEntry>> = BTreeMap::new();
    let mut others = Vec::new();
    for entry in entries {
        match place(&entry) {
            Some(place) if options.wants_name(&place.1) => histories.entry(place).or_default().push(entry),
            Some(_) => {}
            None => others.push(entry),
        }
    }
    for history in histories.values_mut() {
        history.sort_by_key(RecordEntry::version);
    }
    let is_selected = |entry: &RecordEntry| options.selector.matches(&entry.labels);
    histories.retain(|_, history| history.last().is_some_and(is_selected));
    (histories, others)
}

/// The newest revision of each release.
fn latest(listed: Vec<ListedRelease>) -> Vec<ListedRelease> {
    let mut latest: BTreeMap<Place, ListedRelease> = BTreeMap::new();
    for found in listed {
        let place = (found.head.namespace.clone(), found.head.name.clone());
        let is_newer = |other: &ListedRelease| other.head.version <= found.head.version;
        if latest.get(&place).is_none_or(is_newer) {
            latest.insert(place, found);
        }
    }
    latest.into_values().collect()
}
