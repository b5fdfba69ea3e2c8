//! What Kubernetes and Helm compute about objects.

mod kstatus;
mod legacy;
mod managed_fields;
mod objects;
mod patches;
mod tables;

use serde_json::{Value, json};

use crate::fuzz::Area;

pub(super) const KSTATUS: Area = kstatus::AREA;
pub(super) const LEGACY: Area = legacy::AREA;
pub(super) const MANAGED_FIELDS: Area = managed_fields::AREA;
pub(super) const MERGE: Area = patches::MERGE;
pub(super) const STRATEGIC: Area = patches::STRATEGIC;
pub(super) const TABLE: Area = tables::AREA;

/// An answer; of errors only that there is one.
fn answer<E>(result: Result<impl Into<Value>, E>) -> Value {
    match result {
        Ok(value) => json!({ "ok": value.into() }),
        Err(_) => json!({ "error": "refused" }),
    }
}
