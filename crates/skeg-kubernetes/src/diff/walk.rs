//! Three objects member by member.

use serde_json::{Map, Value};

use crate::diff::path;
use crate::diff::same::{is_same_scalar, is_zero};
use crate::diff::secret::{hidden, is_hidden, without_hidden};
use crate::diff::{Change, Shown};
use crate::patch::schema::Node;

/// Members of an object that no manifest decides about.
const NOT_COMPARED: [&str; 3] = ["apiVersion", "kind", "status"];
/// Members of the metadata that no manifest decides about.
const NOT_COMPARED_METADATA: [&str; 8] = [
    "name",
    "namespace",
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "managedFields",
    "selfLink",
];

static MISSING: Value = Value::Null;

/// One place in the three objects.
#[derive(Clone, Copy)]
pub(super) struct Sides<'a> {
    /// What the manifest before says.
    pub(super) previous: Option<&'a Value>,
    /// What the manifest says.
    pub(super) wanted: &'a Value,
    /// What is there; null if nothing is.
    pub(super) live: &'a Value,
}

/// Where the walk is, and what it has found.
pub(super) struct Walk {
    pub(super) changes: Vec<Change>,
    /// The place as text.
    pub(super) path: String,
    /// The members above, without elements of lists.
    pub(super) names: Vec<String>,
    is_secret: bool,
    /// Whether the object is of a type of Kubernetes, whose values the server writes in its own way.
    pub(super) is_typed: bool,
}

impl Walk {
    pub(super) fn new(is_secret: bool, is_typed: bool) -> Self {
        Self {
            changes: Vec::new(),
            path: String::new(),
            names: Vec::new(),
            is_secret,
            is_typed,
        }
    }

    /// Compares maps that are there.
    pub(super) fn maps(&mut self, node: Node, sides: &Sides<'_>) {
        let nothing = Map::new();
        let wanted = sides.wanted.as_object().unwrap_or(&nothing);
        let live = sides.live.as_object().unwrap_or(&nothing);
        let previous = sides.previous.and_then(Value::as_object).unwrap_or(&nothing);
        for (name, wanted) in wanted.iter().filter(|(_, wanted)| !wanted.is_null()) {
            let sides = Sides {
                previous: previous.get(name),
                wanted,
                live: live.get(name).unwrap_or(&MISSING),
            };
            self.within(name, |walk| walk.member(node, name, &sides));
        }
        for (name, previous) in previous.iter().filter(|(_, previous)| !previous.is_null()) {
            let is_gone = wanted.get(name).is_none_or(Value::is_null);
            if let (true, Some(live)) = (is_gone, live.get(name)) {
                self.within(name, |walk| walk.removed(previous, live));
            }
        }
    }

    fn within(&mut self, name: &str, walk: impl FnOnce(&mut Self)) {
        let path = path::member(&self.path, name);
        let outer = std::mem::replace(&mut self.path, path);
        self.names.push(name.to_owned());
        if self.is_compared() {
            walk(self);
        }
        self.names.pop();
        self.path = outer;
    }

    fn is_compared(&self) -> bool {
        match self.names.as_slice() {
            [name] => !NOT_COMPARED.contains(&name.as_str()),
            [metadata, name] if metadata == "metadata" => !NOT_COMPARED_METADATA.contains(&name.as_str()),
            _ => true,
        }
    }

    fn member(&mut self, node: Node, name: &str, sides: &Sides<'_>) {
        let Sides { wanted, live, .. } = *sides;
        if live.is_null() {
            // The server leaves out what says nothing, but not from maps of labels and the like.
            let may_be_left_out = matches!(node, Node::Struct(_)) && is_zero(wanted);
            if !may_be_left_out {
                self.change(None, Some(wanted));
            }
            return;
        }
        match wanted {
            Value::Object(_) => {
                let node = node.map(name).map_or(Node::Other, |field| field.node);
                self.value(node, sides);
            }
            Value::Array(_) => self.lists(node.list(name).ok(), sides),
            _ => self.value(Node::Other, sides),
        }
    }

    /// Compares values that are there, but for lists that are members.
    pub(super) fn value(&mut self, node: Node, sides: &Sides<'_>) {
        let Sides { wanted, live, .. } = *sides;
        match (wanted, live) {
            (Value::Object(_), Value::Object(_)) => self.maps(node, sides),
            (Value::Array(_), Value::Array(_)) => self.lists(None, sides),
            (Value::Object(_) | Value::Array(_), _) | (_, Value::Object(_) | Value::Array(_)) => {
                self.change(Some(live), Some(wanted));
            }
            _ => {
                let names: &[String] = if self.is_typed { &self.names } else { &[] };
                if !is_same_scalar(wanted, live, names) {
                    self.change(Some(live), Some(wanted));
                }
            }
        }
    }

    /// What the manifest before has set and this one does not. What others have put beside it stays.
    pub(super) fn removed(&mut self, previous: &Value, live: &Value) {
        let (Value::Object(set), Value::Object(there)) = (previous, live) else {
            return self.change(Some(live), None);
        };
        if there.keys().all(|name| set.contains_key(name)) {
            return self.change(Some(live), None);
        }
        for (name, previous) in set {
            if let Some(live) = there.get(name) {
                self.within(name, |walk| walk.removed(previous, live));
            }
        }
    }

    pub(super) fn change(&mut self, from: Option<&Value>, to: Option<&Value>) {
        let is_data = self.names.first().is_some_and(|name| name == "data");
        if self.is_secret && self.names.len() == 1 && is_data {
            return self.change_members(from, to);
        }
        let show = |value: &Value| match self.is_secret {
            true if is_hidden(&self.names) => hidden(value, is_data),
            true => Shown::Value(without_hidden(value, &self.names)),
            false => Shown::Value(value.clone()),
        };
        let change = Change {
            path: self.path.clone(),
            from: from.map(show),
            to: to.map(show),
        };
        self.changes.push(change);
    }

    /// A change of all data of a Secret, value by value, so that none is shown.
    fn change_members(&mut self, from: Option<&Value>, to: Option<&Value>) {
        let names = |side: Option<&Value>| -> Vec<String> {
            let members = side.and_then(Value::as_object).into_iter().flatten();
            members.map(|(name, _)| name.clone()).collect()
        };
        let mut all = names(to);
        let more: Vec<String> = names(from)
            .into_iter()
            .filter(|name| !all.contains(name))
            .collect();
        all.extend(more);
        for name in all {
            let of = |side: Option<&Value>| side.and_then(|side| side.get(&name)).cloned();
            let (from, to) = (of(from), of(to));
            self.within(&name, |walk| walk.change(from.as_ref(), to.as_ref()));
        }
    }
}
