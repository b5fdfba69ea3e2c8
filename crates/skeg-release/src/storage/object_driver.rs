//! Records in Secrets and `ConfigMap`s.
//!
//! Helm 4.3.1, `pkg/storage/driver/secrets.go` and `cfgmaps.go`: the same names, labels, types and texts of errors.
//! Unlike Helm it asks for metadata first, and a record that was read is not written over what others wrote since.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::sync::Arc;
use std::thread;

use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};
use skeg_go::base64;

use super::driver::{HeadOutcome, Index, Kept, ReleaseDriver};
use super::entry::{RecordEntry, record_key};
use super::error::{ObjectError, ObjectErrorReason, StorageError};
use super::objects::{ObjectQuery, ObjectStore};
use crate::record::{
    DecodeReleaseError, Release, ReleaseHead, decode_base64, decode_release, encode_release,
};

/// The selector of all records.
const ALL: &str = "owner=helm";

/// Requests at the same time.
const CONCURRENCY: usize = 8;

/// Threads that decode at the same time.
const MAX_THREADS: usize = 4;

/// Fewer records than these are not worth a thread.
const MIN_SHARE: usize = 4;

/// How many objects are asked for at first.
const FIRST_PAGE: usize = 16;

/// About as many bytes are asked for at once after that.
const PAGE_BYTES: usize = 8 << 20;

const MAX_PAGE: usize = 500;

/// The kind of object that holds records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKind {
    /// Secrets, which is the default of Helm.
    Secret,
    /// `ConfigMap`s.
    ConfigMap,
}

/// Records in the Secrets or `ConfigMap`s of a cluster.
#[derive(Clone, Debug)]
pub struct ObjectDriver {
    kind: RecordKind,
    objects: Arc<dyn ObjectStore>,
    namespace: Option<String>,
}

/// What a record is decoded to.
type Decode<T> = fn(&[u8]) -> Result<T, DecodeReleaseError>;

type Outcomes<T> = Vec<(RecordEntry, Result<T, DecodeReleaseError>)>;

impl ObjectDriver {
    /// Records in one namespace; `None` is all of them, where nothing can be written.
    pub fn new(kind: RecordKind, objects: Arc<dyn ObjectStore>, namespace: Option<&str>) -> Self {
        Self {
            kind,
            objects,
            namespace: namespace.map(str::to_owned),
        }
    }

    fn namespace(&self) -> &str {
        self.namespace.as_deref().unwrap_or_default()
    }

    /// An error in Helm's words: those of `ConfigMap`s have no prefix.
    fn failed(&self, action: &str, source: ObjectError) -> StorageError {
        StorageError::Request {
            action: match self.kind {
                RecordKind::Secret => action.to_owned(),
                RecordKind::ConfigMap => String::new(),
            },
            source,
        }
    }

    fn object(&self, release: &Release, stamp: (&str, i64)) -> (Value, usize) {
        let encoded = encode_release(release);
        let size = encoded.len();
        let mut metadata = json!({
            "name": record_key(&release.name, release.version),
            "namespace": self.namespace(),
            "labels": labels(release, stamp),
        });
        if let Some(version) = &release.resource_version {
            metadata["resourceVersion"] = version.as_str().into();
        }
        let object = match self.kind {
            RecordKind::Secret => json!({
                "apiVersion": "v1",
                "kind": "Secret",
                "metadata": metadata,
                "type": "helm.sh/release.v1",
                "data": {"release": base64::encode(encoded.as_bytes())},
            }),
            RecordKind::ConfigMap => json!({
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": metadata,
                "data": {"release": encoded},
            }),
        };
        (object, size)
    }

    async fn write(&self, release: &mut Release, now: i64, is_new: bool) -> Result<(), StorageError> {
        let key = record_key(&release.name, release.version);
        let written = if is_new {
            release.resource_version = None;
            let (object, size) = self.object(release, ("createdAt", now));
            let created = self.objects.create(self.namespace(), object).await;
            created.map_err(|error| (error, size, "create: failed to create: "))
        } else {
            let (object, size) = self.object(release, ("modifiedAt", now));
            let replaced = self.objects.replace(self.namespace(), &key, object).await;
            replaced.map_err(|error| (error, size, "update: failed to update: "))
        };
        match written {
            Ok(object) => {
                release.resource_version = RecordEntry::new(&object).resource_version;
                Ok(())
            }
            Err((source, size, action)) => Err(match source.reason() {
                ObjectErrorReason::AlreadyExists => StorageError::AlreadyExists,
                ObjectErrorReason::Conflict => StorageError::Conflict { key },
                ObjectErrorReason::TooLarge => StorageError::TooLarge {
                    action: match self.kind {
                        RecordKind::Secret => action,
                        RecordKind::ConfigMap => "",
                    },
                    source,
                    size,
                    parts: release.sizes(),
                },
                _ => self.failed(action, source),
            }),
        }
    }

    async fn read(&self, name: &str, version: i64) -> Result<Release, StorageError> {
        let key = record_key(name, version);
        let object = match self.objects.get(self.namespace(), &key).await {
            Ok(object) => object,
            Err(error) if error.reason() == ObjectErrorReason::NotFound => {
                return Err(StorageError::NotFound);
            }
            Err(error) => {
                let action = format!("get: failed to get {}: ", skeg_go::quote::quote(&key));
                return Err(self.failed(&action, error));
            }
        };
        let decoded = self.decode(&object, decode_release);
        let release = decoded.map_err(|source| StorageError::Decode {
            key,
            is_prefixed: self.kind == RecordKind::Secret,
            source: source.into(),
        })?;
        Ok(labelled(release, &RecordEntry::new(&object)))
    }

    fn decode<T>(&self, object: &Value, decode: Decode<T>) -> Result<T, DecodeReleaseError> {
        let data = object["data"]["release"].as_str().unwrap_or_default();
        let data = match self.kind {
            RecordKind::Secret => Cow::Owned(decode_base64(data.as_bytes())?),
            RecordKind::ConfigMap => Cow::Borrowed(data.as_bytes()),
        };
        decode(&data)
    }

    /// Decodes records on as many threads as there are processors.
    fn decode_all<T: Send>(&self, mut objects: Vec<(RecordEntry, &Value)>, decode: Decode<T>) -> Outcomes<T> {
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        let share = objects.len().div_ceil(threads.min(MAX_THREADS)).max(MIN_SHARE);
        thread::scope(|scope| {
            let mut workers = Vec::new();
            while !objects.is_empty() {
                let rest = objects.split_off(share.min(objects.len()));
                let part = std::mem::replace(&mut objects, rest);
                workers.push(scope.spawn(move || {
                    let outcomes = part
                        .into_iter()
                        .map(|(entry, object)| (entry, self.decode(object, decode)));
                    outcomes.collect::<Outcomes<T>>()
                }));
            }
            let outcomes = workers
                .into_iter()
                .map(|worker| worker.join().unwrap_or_default());
            outcomes.flatten().collect()
        })
    }

    async fn list_metadata(&self, name: Option<&str>) -> Result<Vec<RecordEntry>, StorageError> {
        let selector = selector(name);
        let page = self.objects.list(ObjectQuery {
            namespace: self.namespace.as_deref(),
            selector: &selector,
            metadata_only: true,
            ..ObjectQuery::default()
        });
        let page = page.await.map_err(|error| self.failed(listing(name), error))?;
        Ok(page.items.iter().map(RecordEntry::new).collect())
    }

    /// Records one by one, several at a time.
    async fn one_by_one<T: Send>(
        &self,
        wanted: Vec<RecordEntry>,
        decode: Decode<T>,
    ) -> Result<Outcomes<T>, StorageError> {
        let requests = wanted.into_iter().map(|entry| async move {
            let object = self.objects.get(&entry.namespace, &entry.key).await;
            (entry, object)
        });
        let mut answers = stream::iter(requests).buffered(CONCURRENCY);
        let mut outcomes = Vec::new();
        while let Some((entry, object)) = answers.next().await {
            match object {
                Ok(object) => {
                    let entry = RecordEntry::new(&object);
                    outcomes.push((entry, self.decode(&object, decode)));
                }
                Err(error) if error.reason() == ObjectErrorReason::NotFound => {}
                Err(error) => {
                    let action = format!("get: failed to get {}: ", skeg_go::quote::quote(&entry.key));
                    return Err(self.failed(&action, error));
                }
            }
        }
        Ok(outcomes)
    }

    /// Records out of a list of all, page by page.
    async fn page_by_page<T: Send>(
        &self,
        wanted: &[RecordEntry],
        name: Option<&str>,
        decode: Decode<T>,
    ) -> Result<Outcomes<T>, StorageError> {
        let names = wanted.iter().map(|entry| (&*entry.namespace, &*entry.key));
        let names: BTreeSet<(&str, &str)> = names.collect();
        let selector = selector(name);
        let mut outcomes = BTreeMap::new();
        let mut limit = FIRST_PAGE;
        let mut continue_token: Option<String> = None;
        loop {
            let page = self.objects.list(ObjectQuery {
                namespace: self.namespace.as_deref(),
                selector: &selector,
                limit: Some(limit),
                continue_token: continue_token.as_deref(),
                metadata_only: false,
            });
            let page = page.await.map_err(|error| self.failed(listing(name), error))?;
            limit = next_limit(&page.items);
            let entries = page.items.iter().map(|object| (RecordEntry::new(object), object));
            let found = entries.filter(|(entry, _)| names.contains(&(&*entry.namespace, &*entry.key)));
            for outcome in self.decode_all(found.collect(), decode) {
                let entry = &outcome.0;
                outcomes.insert((entry.namespace.clone(), entry.key.clone()), outcome);
            }
            continue_token = page.continue_token;
            if continue_token.is_none() {
                break;
            }
        }
        let places = wanted
            .iter()
            .map(|entry| (entry.namespace.clone(), entry.key.clone()));
        Ok(places.filter_map(|place| outcomes.remove(&place)).collect())
    }
}

impl ReleaseDriver for ObjectDriver {
    fn create<'a>(&'a self, release: &'a mut Release, now: i64) -> Kept<'a, ()> {
        Box::pin(self.write(release, now, true))
    }

    fn update<'a>(&'a self, release: &'a mut Release, now: i64) -> Kept<'a, ()> {
        Box::pin(self.write(release, now, false))
    }

    fn get<'a>(&'a self, name: &'a str, version: i64) -> Kept<'a, Release> {
        Box::pin(self.read(name, version))
    }

    fn delete<'a>(&'a self, name: &'a str, version: i64) -> Kept<'a, ()> {
        Box::pin(async move {
            let key = record_key(name, version);
            let deleted = self.objects.delete(self.namespace(), &key).await;
            deleted.map_err(|error| match error.reason() {
                ObjectErrorReason::NotFound => StorageError::NotFound,
                _ => self.failed("", error),
            })
        })
    }

    fn index<'a>(&'a self, name: Option<&'a str>) -> Kept<'a, Vec<RecordEntry>> {
        Box::pin(self.list_metadata(name))
    }

    fn heads<'a>(&'a self, wanted: Vec<RecordEntry>, index: Index<'a>) -> Kept<'a, Vec<HeadOutcome>> {
        Box::pin(async move {
            if wanted.len() > 1 && wanted.len() * 2 > index.size {
                return self.page_by_page(&wanted, index.name, ReleaseHead::decode).await;
            }
            self.one_by_one(wanted, ReleaseHead::decode).await
        })
    }

    fn records(
        &self,
        wanted: Vec<RecordEntry>,
    ) -> Kept<'_, Vec<(RecordEntry, Result<Release, DecodeReleaseError>)>> {
        Box::pin(async move {
            let mut outcomes = self.one_by_one(wanted, decode_release).await?;
            for (entry, outcome) in &mut outcomes {
                if let Ok(release) = outcome {
                    *release = labelled(std::mem::take(release), entry);
                }
            }
            Ok(outcomes)
        })
    }
}

/// A release with what its object says about it.
fn labelled(mut release: Release, entry: &RecordEntry) -> Release {
    release.labels.clone_from(&entry.labels);
    release.resource_version.clone_from(&entry.resource_version);
    release
}

/// The labels of a record: those of the user, and those that say what it is.
fn labels(release: &Release, (stamp, now): (&str, i64)) -> BTreeMap<String, String> {
    let mut labels = release.user_labels();
    labels.insert(stamp.to_owned(), now.to_string());
    labels.insert("name".to_owned(), release.name.clone());
    labels.insert("owner".to_owned(), "helm".to_owned());
    labels.insert("status".to_owned(), release.info.status.to_string());
    labels.insert("version".to_owned(), release.version.to_string());
    labels
}

fn selector(name: Option<&str>) -> String {
    name.map_or_else(|| ALL.to_owned(), |name| format!("name={name},{ALL}"))
}

fn listing(name: Option<&str>) -> &'static str {
    match name {
        None => "list: failed to list: ",
        Some(_) => "query: failed to query with labels: ",
    }
}

/// How many objects make a page, going by those of the last one.
fn next_limit(items: &[Value]) -> usize {
    let size = |object: &Value| object["data"]["release"].as_str().map_or(0, str::len);
    let total: usize = items.iter().map(size).sum();
    let average = total / items.len().max(1);
    (PAGE_BYTES / average.max(1)).clamp(1, MAX_PAGE)
}
