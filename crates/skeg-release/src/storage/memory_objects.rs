//! Objects in memory, which behave like those of a cluster as far as records need it. For tests.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use super::entry::RecordEntry;
use super::error::{ObjectError, ObjectErrorReason};
use super::objects::{Answer, ObjectPage, ObjectQuery, ObjectStore};
use super::selector::Selector;

/// Objects of one kind in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryObjects {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    objects: BTreeMap<(String, String), Value>,
    version: u64,
    /// What was asked for: `list metadata`, `get NAME`.
    requests: Vec<String>,
}

impl MemoryObjects {
    /// Puts an object there, whatever there was.
    pub fn put(&self, mut object: Value) {
        let mut state = self.lock();
        let place = place_of(&object);
        state.stamp(&mut object);
        state.objects.insert(place, object);
    }

    /// The object of a name.
    pub fn find(&self, namespace: &str, name: &str) -> Option<Value> {
        let place = (namespace.to_owned(), name.to_owned());
        self.lock().objects.get(&place).cloned()
    }

    /// What was asked for since the last time that this was asked.
    pub fn take_requests(&self) -> Vec<String> {
        std::mem::take(&mut self.lock().requests)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer<T: Send + 'static>(
        &self,
        request: String,
        act: impl FnOnce(&mut State) -> Result<T, ObjectError>,
    ) -> Answer<'_, T> {
        let mut state = self.lock();
        state.requests.push(request);
        let outcome = act(&mut state);
        Box::pin(async { outcome })
    }
}

impl State {
    /// Gives an object a new version.
    fn stamp(&mut self, object: &mut Value) {
        self.version += 1;
        object["metadata"]["resourceVersion"] = self.version.to_string().into();
    }

    fn page(&self, query: ObjectQuery<'_>) -> ObjectPage {
        let selector = Selector::parse(query.selector).unwrap_or_default();
        let start = query
            .continue_token
            .and_then(|token| token.parse().ok())
            .unwrap_or(0);
        let wanted = self.objects.iter().filter(|((namespace, _), object)| {
            query.namespace.is_none_or(|wanted| wanted == namespace)
                && selector.matches(&RecordEntry::new(object).labels)
        });
        let mut items: Vec<Value> = wanted
            .skip(start)
            .map(|(_, object)| {
                if query.metadata_only {
                    json!({"metadata": object["metadata"]})
                } else {
                    object.clone()
                }
            })
            .collect();
        let limit = query.limit.unwrap_or(usize::MAX);
        let continue_token = (items.len() > limit).then(|| (start + limit).to_string());
        items.truncate(limit);
        ObjectPage {
            items,
            continue_token,
        }
    }
}

fn place_of(object: &Value) -> (String, String) {
    let entry = RecordEntry::new(object);
    (entry.namespace, entry.key)
}

fn error(reason: ObjectErrorReason, name: &str) -> ObjectError {
    ObjectError::new(reason, format!("{reason:?}: {name}"))
}

impl ObjectStore for MemoryObjects {
    fn create<'a>(&'a self, _namespace: &'a str, mut object: Value) -> Answer<'a, Value> {
        let place = place_of(&object);
        self.answer(format!("create {}", place.1), |state| {
            if state.objects.contains_key(&place) {
                return Err(error(ObjectErrorReason::AlreadyExists, &place.1));
            }
            state.stamp(&mut object);
            state.objects.insert(place, object.clone());
            Ok(object)
        })
    }

    fn replace<'a>(&'a self, namespace: &'a str, name: &'a str, mut object: Value) -> Answer<'a, Value> {
        let place = (namespace.to_owned(), name.to_owned());
        self.answer(format!("replace {name}"), |state| {
            let Some(old) = state.objects.get(&place) else {
                return Err(error(ObjectErrorReason::NotFound, name));
            };
            let wanted = &object["metadata"]["resourceVersion"];
            if !wanted.is_null() && *wanted != old["metadata"]["resourceVersion"] {
                return Err(error(ObjectErrorReason::Conflict, name));
            }
            state.stamp(&mut object);
            state.objects.insert(place, object.clone());
            Ok(object)
        })
    }

    fn get<'a>(&'a self, namespace: &'a str, name: &'a str) -> Answer<'a, Value> {
        let place = (namespace.to_owned(), name.to_owned());
        self.answer(format!("get {name}"), |state| {
            let object = state.objects.get(&place).cloned();
            object.ok_or_else(|| error(ObjectErrorReason::NotFound, name))
        })
    }

    fn list<'a>(&'a self, query: ObjectQuery<'a>) -> Answer<'a, ObjectPage> {
        let what = if query.metadata_only {
            "metadata"
        } else {
            "objects"
        };
        self.answer(format!("list {what}"), |state| Ok(state.page(query)))
    }

    fn delete<'a>(&'a self, namespace: &'a str, name: &'a str) -> Answer<'a, ()> {
        let place = (namespace.to_owned(), name.to_owned());
        self.answer(format!("delete {name}"), |state| {
            match state.objects.remove(&place) {
                Some(_) => Ok(()),
                None => Err(error(ObjectErrorReason::NotFound, name)),
            }
        })
    }
}
