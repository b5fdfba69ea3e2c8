//! Patches from what is to what should be: strategic for Kubernetes' own kinds, JSON merge patches for others.
//!
//! This is what Helm computes on the client's side, for releases that do not use server-side apply.

mod error;
mod merge;
pub(crate) mod schema;
mod strategic;

use serde_json::{Map, Value};

pub use error::PatchError;
pub use merge::{apply_merge_patch, merge_patch, three_way_merge_patch};

/// A patch and its kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Patch {
    /// A strategic merge patch.
    Strategic(Value),
    /// A JSON merge patch.
    Merge(Value),
}

impl Patch {
    /// The patch from the old manifest's object to the new one's, given the live object, as Helm 4.3.1 computes it.
    ///
    /// Of a kind whose type Helm knows it is a strategic merge patch of all three: what somebody else has changed on the
    /// server stays unless the new manifest says otherwise. Of every other kind it is a JSON merge patch from the old
    /// to the new, and drift stays. A missing live object is `null`.
    ///
    /// ```
    /// use serde_json::json;
    /// use skeg_kubernetes::Patch;
    ///
    /// let object = |data: serde_json::Value| json!({"apiVersion": "v1", "kind": "ConfigMap", "data": data});
    /// let patch = Patch::between(
    ///     &object(json!({"a": "1", "b": "1"})),
    ///     &object(json!({"a": "2"})),
    ///     &object(json!({"a": "1", "b": "1", "c": "1"})),
    /// )?;
    /// assert_eq!(patch.content_type(), "application/strategic-merge-patch+json");
    /// assert_eq!(patch.to_json(), r#"{"data":{"a":"2","b":null}}"#);
    /// # Ok::<(), skeg_kubernetes::PatchError>(())
    /// ```
    pub fn between(original: &Value, modified: &Value, current: &Value) -> Result<Self, PatchError> {
        match schema::root(modified) {
            Some(_) => strategic_merge_patch(original, modified, current).map(Self::Strategic),
            None => merge_patch(original, modified).map(Self::Merge),
        }
    }

    /// The value of the header `Content-Type`.
    pub fn content_type(&self) -> &'static str {
        match self {
            Self::Strategic(_) => "application/strategic-merge-patch+json",
            Self::Merge(_) => "application/merge-patch+json",
        }
    }

    /// Whether nothing would change, so that Helm sends no request.
    pub fn is_empty(&self) -> bool {
        self.value().as_object().is_some_and(Map::is_empty)
    }

    /// The patch itself.
    pub fn value(&self) -> &Value {
        match self {
            Self::Strategic(value) | Self::Merge(value) => value,
        }
    }

    /// The body of the request, byte for byte what Go writes.
    pub fn to_json(&self) -> String {
        crate::json::to_go_json(self.value())
    }
}

/// The strategic merge patch of three objects of one of Kubernetes' own kinds; `null` stands for an object that is not
/// there. The kind is that of `modified`.
///
/// Errors: [`PatchError`]; a kind without a type in Kubernetes is [`PatchError::WrongType`].
pub fn strategic_merge_patch(
    original: &Value,
    modified: &Value,
    current: &Value,
) -> Result<Value, PatchError> {
    let root = schema::root(modified).ok_or_else(|| PatchError::WrongType("kind".to_owned()))?;
    let nothing = Map::new();
    let object = |value| members(value, &nothing);
    let patch = strategic::three_way(object(original)?, object(modified)?, object(current)?, root)?;
    Ok(Value::Object(patch))
}

fn members<'a>(
    object: &'a Value,
    nothing: &'a Map<String, Value>,
) -> Result<&'a Map<String, Value>, PatchError> {
    match object {
        Value::Object(members) => Ok(members),
        Value::Null => Ok(nothing),
        _ => Err(PatchError::NotAMap("an object")),
    }
}
