//! Lists: by key, as sets, or place by place.

use serde_json::Value;

use crate::diff::path;
use crate::diff::walk::{Sides, Walk};
use crate::patch::schema::{Field, Node, Strategy};

impl Walk {
    /// Compares lists of which the API says `field`, if it says anything.
    pub(super) fn lists(&mut self, field: Option<Field<'_>>, sides: &Sides<'_>) {
        let (Value::Array(wanted), Value::Array(live)) = (sides.wanted, sides.live) else {
            return self.change(Some(sides.live), Some(sides.wanted));
        };
        let previous = sides.previous.and_then(Value::as_array);
        let previous = previous.map(Vec::as_slice).unwrap_or_default();
        match field {
            Some(field) if field.strategy == Strategy::Merge && field.merge_key.is_empty() => {
                self.sets(previous, wanted, live);
            }
            Some(field) if field.strategy == Strategy::Merge => self.keyed(field, (previous, wanted, live)),
            field => self.places(field.map_or(Node::Other, |field| field.node), wanted, live),
        }
    }

    fn sets(&mut self, previous: &[Value], wanted: &[Value], live: &[Value]) {
        for value in wanted.iter().filter(|value| !live.contains(value)) {
            self.element("+", |walk| walk.change(None, Some(value)));
        }
        for value in previous
            .iter()
            .filter(|value| !wanted.contains(value) && live.contains(value))
        {
            self.element("-", |walk| walk.change(Some(value), None));
        }
    }

    fn keyed(&mut self, field: Field<'_>, (previous, wanted, live): (&[Value], &[Value], &[Value])) {
        let key = field.merge_key;
        let mut rest: Vec<&Value> = live.iter().collect();
        for element in wanted {
            let label = label(element, key, wanted);
            let before = previous.iter().find(|other| is_same_element(element, other, key));
            let found = rest
                .iter()
                .position(|other| {
                    is_same_element(element, other, key) && other["protocol"] == element["protocol"]
                })
                .or_else(|| rest.iter().position(|other| is_same_element(element, other, key)));
            self.element(&label, |walk| match found {
                Some(at) => walk.value(
                    field.node,
                    &Sides {
                        previous: before,
                        wanted: element,
                        live: rest.remove(at),
                    },
                ),
                None => walk.change(None, Some(element)),
            });
        }
        for element in previous {
            let is_wanted = wanted.iter().any(|other| is_same_element(element, other, key));
            let found = rest.iter().position(|other| is_same_element(element, other, key));
            if let (false, Some(at)) = (is_wanted, found) {
                let gone = rest.remove(at);
                self.element(&label(element, key, previous), |walk| {
                    walk.change(Some(gone), None);
                });
            }
        }
    }

    /// A list that is replaced as a whole: what is more on the server goes.
    fn places(&mut self, node: Node, wanted: &[Value], live: &[Value]) {
        let are_maps = |list: &[Value]| list.iter().all(Value::is_object);
        if !are_maps(wanted) || !are_maps(live) {
            if !self.is_same_list(wanted, live) {
                let list = |items: &[Value]| Value::Array(items.to_vec());
                self.change(Some(&list(live)), Some(&list(wanted)));
            }
            return;
        }
        for at in 0..wanted.len().max(live.len()) {
            self.element(&at.to_string(), |walk| match (wanted.get(at), live.get(at)) {
                (Some(wanted), Some(live)) => walk.value(
                    node,
                    &Sides {
                        previous: None,
                        wanted,
                        live,
                    },
                ),
                (wanted, live) => walk.change(live, wanted),
            });
        }
    }

    /// Whether lists that are shown as a whole are the same.
    fn is_same_list(&mut self, wanted: &[Value], live: &[Value]) -> bool {
        let before = self.changes.len();
        for (wanted, live) in wanted.iter().zip(live) {
            self.value(
                Node::Other,
                &Sides {
                    previous: None,
                    wanted,
                    live,
                },
            );
        }
        let is_same = self.changes.len() == before && wanted.len() == live.len();
        self.changes.truncate(before);
        is_same
    }

    fn element(&mut self, label: &str, walk: impl FnOnce(&mut Self)) {
        let path = path::element(&self.path, label);
        let outer = std::mem::replace(&mut self.path, path);
        walk(self);
        self.path = outer;
    }
}

fn is_same_element(one: &Value, other: &Value, key: &str) -> bool {
    one.get(key).is_some() && one.get(key) == other.get(key)
}

/// What an element is called: its key, with the protocol where several have the same.
fn label(element: &Value, key: &str, list: &[Value]) -> String {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    };
    let label = element.get(key).map(text).unwrap_or_default();
    let count = list
        .iter()
        .filter(|other| is_same_element(element, other, key))
        .count();
    match element.get("protocol") {
        Some(protocol) if count > 1 => format!("{label}/{}", text(protocol)),
        _ => label,
    }
}
