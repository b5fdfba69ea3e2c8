//! Whose a field is, as `metadata.managedFields` says it.
//!
//! Here: what a client does before it applies an object on the server's side that it has changed on its own side before
//! (client-go 0.37.1, `util/csaupgrade`). Not here: what the server does with an apply.

mod element;
mod set;

use serde_json::{Map, Value};

use crate::field::{find, text_or};
use crate::json::to_json_in_order;

use set::FieldSet;

/// The fields of an entry make no sense.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("failed to convert fields to set: {0}")]
pub struct ManagedFieldsError(pub(crate) String);

/// The JSON patch (RFC 6902) that makes the fields which `manager` has by updates its fields by apply; none if there is
/// nothing to do.
///
/// An entry of `manager` with the operation `Update` becomes one with `Apply`, or is united with the one that is there.
/// Entries of subresources stay. The patch replaces `resourceVersion` too, so that the server answers with a conflict if
/// the object has changed meanwhile.
///
/// ```
/// use serde_json::json;
/// use skeg_kubernetes::upgrade_managed_fields;
///
/// let object = json!({"metadata": {"resourceVersion": "7", "managedFields": [
///     {"manager": "helm", "operation": "Update", "apiVersion": "v1", "fieldsV1": {"f:data": {"f:a": {}}}},
/// ]}});
/// let patch = upgrade_managed_fields(&object, "helm")?.expect("because helm has updated");
/// assert!(patch.contains(r#"{"manager":"helm","operation":"Apply","apiVersion":"v1","fieldsV1":"#));
/// assert!(patch.ends_with(r#"{"op":"replace","path":"/metadata/resourceVersion","value":"7"}]"#));
/// # Ok::<(), skeg_kubernetes::ManagedFieldsError>(())
/// ```
pub fn upgrade_managed_fields(object: &Value, manager: &str) -> Result<Option<String>, ManagedFieldsError> {
    let Some(mut entries) = entries(object) else {
        return Ok(None);
    };
    let updated = entries.iter().position(|entry| entry.is_by(manager, "Update"));
    let applied = entries.iter().position(|entry| entry.is_by(manager, "Apply"));
    let at = match (applied, updated) {
        (Some(applied), _) => applied,
        (None, Some(updated)) => updated,
        (None, None) => return Ok(None),
    };
    let version = entries[at].text("apiVersion").to_owned();
    if applied.is_none() {
        entries[at].0.insert("operation".to_owned(), Value::from("Apply"));
    }
    let mut fields = entries[at].fields()?;
    let same_version = |entry: &&Entry| entry.is_by(manager, "Update") && entry.text("apiVersion") == version;
    if let Some(other) = entries.iter().find(same_version) {
        fields.unite(other.fields()?);
    }
    entries[at].0.insert("fieldsV1".to_owned(), fields.to_value());
    if updated.is_none() {
        return Ok(None);
    }
    entries.retain(|entry| !entry.is_by(manager, "Update"));
    Ok(Some(patch(object, entries)))
}

/// An entry, its members in Go's order.
struct Entry(Map<String, Value>);

/// The members of an entry as Go's type has them; texts but the last but one.
const MEMBERS: [&str; 7] = [
    "manager",
    "operation",
    "apiVersion",
    "time",
    "fieldsType",
    "fieldsV1",
    "subresource",
];

impl Entry {
    /// None if a member has another type than the API says.
    fn read(entry: &Value) -> Option<Self> {
        let entry = entry.as_object()?;
        let mut members = Map::new();
        for name in MEMBERS {
            let value = match (name, entry.get(name)) {
                (_, None | Some(Value::Null)) => continue,
                ("fieldsV1", Some(value)) => sorted(value),
                ("time", Some(Value::String(time))) => Value::from(time_text(time)?),
                (_, Some(Value::String(text))) if text.is_empty() => continue,
                (_, Some(Value::String(text))) => Value::from(text.as_str()),
                _ => return None,
            };
            members.insert(name.to_owned(), value);
        }
        Some(Self(members))
    }

    fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// Whether the entry is of the object itself, not of a subresource.
    fn is_by(&self, manager: &str, operation: &str) -> bool {
        self.text("manager") == manager
            && self.text("operation") == operation
            && self.text("subresource").is_empty()
    }

    fn fields(&self) -> Result<FieldSet, ManagedFieldsError> {
        let fields = self.0.get("fieldsV1");
        let fields = fields.ok_or_else(|| ManagedFieldsError("an entry has no fieldsV1".to_owned()))?;
        FieldSet::parse(fields)
    }
}

/// All entries; none if there are none, or one of them is broken, which client-go does not tell apart.
fn entries(object: &Value) -> Option<Vec<Entry>> {
    let entries = find(object, &["metadata", "managedFields"]).ok()??;
    entries.as_array()?.iter().map(Entry::read).collect()
}

/// A time with the precision of seconds in UTC, as Kubernetes writes it; none if it is no time.
fn time_text(time: &str) -> Option<String> {
    let time: jiff::Timestamp = time.parse().ok()?;
    let seconds = jiff::Timestamp::from_second(time.as_second()).ok()?;
    Some(seconds.to_string())
}

/// A value with its members in order, as Go's maps are written.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut members: Vec<(String, Value)> = map
                .iter()
                .map(|(name, value)| (name.clone(), sorted(value)))
                .collect();
            members.sort_by(|(one, _), (other, _)| one.cmp(other));
            Value::Object(members.into_iter().collect())
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        value => value.clone(),
    }
}

fn patch(object: &Value, entries: Vec<Entry>) -> String {
    let entries: Value = entries.into_iter().map(|entry| Value::Object(entry.0)).collect();
    let version = text_or(object, &["metadata", "resourceVersion"], "");
    let replace = |path: &str, value: Value| {
        let members = [
            ("op".to_owned(), Value::from("replace")),
            ("path".to_owned(), Value::from(path)),
            ("value".to_owned(), value),
        ];
        Value::Object(Map::from_iter(members))
    };
    to_json_in_order(&Value::Array(vec![
        replace("/metadata/managedFields", entries),
        replace("/metadata/resourceVersion", Value::from(version)),
    ]))
}

#[cfg(test)]
mod tests;
