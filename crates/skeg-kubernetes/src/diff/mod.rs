//! Where a live object differs from what a manifest says.
//!
//! Only what the manifest sets is looked at, and what the manifest before it has set: what the server and others add is
//! none of ours. Values that the server writes in another way are the same, such as `1000m` and `1`. Values of Secrets
//! are compared but never shown. Not here: text of differences.

mod list;
mod path;
mod quantity;
mod same;
mod secret;
mod walk;

use std::fmt;

use serde_json::Value;

use crate::patch::schema::{Node, root};

pub use secret::without_secrets;

use secret::{is_secret, plain_data};
use walk::{Sides, Walk};

/// A place where two objects differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The place: `spec.template.spec.containers[web].image`, `metadata.annotations["example.com/a"]`.
    pub path: String,
    /// What is there; none if nothing is.
    pub from: Option<Shown>,
    /// What the manifest says; none if it says nothing any more.
    pub to: Option<Shown>,
}

/// `path: from -> to`, with a missing side left out.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, from, to } = self;
        match (from, to) {
            (Some(from), Some(to)) => write!(f, "{path}: {from} -> {to}"),
            (None, Some(to)) => write!(f, "{path}: added {to}"),
            (Some(from), None) => write!(f, "{path}: removed {from}"),
            (None, None) => write!(f, "{path}"),
        }
    }
}

/// A value as it may be shown.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    /// The value.
    Value(Value),
    /// A value of a Secret, which is never shown.
    Hidden {
        /// How long the value is, decoded.
        bytes: usize,
    },
}

/// JSON, or `<hidden, 12 bytes>`.
impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => write!(f, "{value}"),
            Self::Hidden { bytes } => write!(f, "<hidden, {bytes} bytes>"),
        }
    }
}

/// What would change in `live`, the object on the server, if it became what `wanted`, a manifest, says.
///
/// `previous` is the manifest before, if there was one: what it sets and `wanted` does not is removed. Lists whose
/// elements have a key in the API are compared by that key, whatever their order, and other elements on the server stay.
/// The changes are in the order of the manifest, removals last. `apiVersion`, `kind` and `status` are not compared.
///
/// ```
/// use serde_json::json;
/// use skeg_kubernetes::changes;
///
/// let object = |data: serde_json::Value| json!({
///     "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "web"}, "data": data,
/// });
/// let previous = object(json!({"a": "1", "b": "1"}));
/// let wanted = object(json!({"a": "2", "c": "1"}));
/// let live = object(json!({"a": "1", "b": "1", "foreign": "1"}));
/// let changes: Vec<String> = changes(Some(&previous), &wanted, &live).iter().map(ToString::to_string).collect();
/// assert_eq!(changes, [r#"data.a: "1" -> "2""#, r#"data.c: added "1""#, r#"data.b: removed "1""#]);
/// ```
pub fn changes(previous: Option<&Value>, wanted: &Value, live: &Value) -> Vec<Change> {
    let root = root(wanted);
    let is_secret = is_secret(wanted);
    let previous = previous.map(|previous| plain_data(previous, is_secret));
    let wanted = plain_data(wanted, is_secret);
    let mut walk = Walk::new(is_secret, root.is_some());
    walk.maps(
        root.unwrap_or(Node::Other),
        &Sides {
            previous: previous.as_deref(),
            wanted: &wanted,
            live,
        },
    );
    walk.changes
}

#[cfg(test)]
mod tests;
