//! What Kubernetes and Helm compute about objects.

mod kstatus;
mod objects;
mod patches;

use serde_json::{Value, json};

use crate::fuzz::Area;

pub(super) const KSTATUS: Area = kstatus::AREA;
pub(super) const MERGE: Area = patches::MERGE;
pub(super) const STRATEGIC: Area = patches::STRATEGIC;

/// An answer; of errors only that there is one.
fn answer<E>(result: Result<impl Into<Value>, E>) -> Value {
    match result {
        Ok(value) => json!({ "ok": value.into() }),
        Err(_) => json!({ "error": "refused" }),
    }
}
