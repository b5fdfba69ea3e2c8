//! The list at `status.conditions`.

use serde_json::{Map, Value};

use crate::field::FieldError;

/// One condition; what it does not state is empty.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Condition<'a> {
    pub(super) kind: &'a str,
    pub(super) status: &'a str,
    pub(super) reason: &'a str,
    pub(super) message: &'a str,
}

impl Condition<'_> {
    pub(super) fn is(&self, kind: &str, status: &str) -> bool {
        self.kind == kind && self.status == status
    }
}

/// All conditions. A null counts as missing; anything of another type makes the whole object unreadable, as in kstatus.
pub(super) fn conditions(object: &Value) -> Result<Vec<Condition<'_>>, FieldError> {
    let status = match object.get("status") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Object(status)) => status,
        Some(_) => return Err(FieldError::new(&["status"], "a map")),
    };
    match status.get("conditions") {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(conditions)) => conditions.iter().map(read).collect(),
        Some(_) => Err(FieldError::new(&["status", "conditions"], "a list")),
    }
}

fn read(condition: &Value) -> Result<Condition<'_>, FieldError> {
    match condition {
        Value::Null => Ok(Condition::default()),
        Value::Object(map) => Ok(Condition {
            kind: text(map, "type")?,
            status: text(map, "status")?,
            reason: text(map, "reason")?,
            message: text(map, "message")?,
        }),
        _ => Err(FieldError::new(&["status", "conditions[]"], "a map")),
    }
}

fn text<'a>(condition: &'a Map<String, Value>, name: &str) -> Result<&'a str, FieldError> {
    match condition.get(name) {
        None | Some(Value::Null) => Ok(""),
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(FieldError::new(&["status", "conditions[]", name], "a string")),
    }
}
