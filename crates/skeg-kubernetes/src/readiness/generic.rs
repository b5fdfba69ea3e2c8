//! Rules that hold for objects of any kind.

use serde_json::Value;

use crate::field::{FieldError, find, find_integer, find_text, text_or};
use crate::readiness::conditions::conditions;
use crate::readiness::{Readiness, Status};

/// Deletion, the observed generation, and the conditions `Reconciling` and `Stalled`.
pub(super) fn by_properties(object: &Value) -> Result<Option<Readiness>, FieldError> {
    let deleted = find_text(object, &["metadata", "deletionTimestamp"])?;
    if deleted.is_some_and(|time| !time.is_empty()) {
        return Ok(Some(Readiness::new(
            Status::Terminating,
            "Resource scheduled for deletion",
        )));
    }
    if let Some(decided) = by_generation(object)? {
        return Ok(Some(decided));
    }
    for condition in conditions(object)? {
        if condition.is("Reconciling", "True") {
            return Ok(Some(Readiness::in_progress(condition.message)));
        }
        if condition.is("Stalled", "True") {
            return Ok(Some(Readiness::failed(condition.message)));
        }
    }
    Ok(None)
}

fn by_generation(object: &Value) -> Result<Option<Readiness>, FieldError> {
    let Some(generation) = find_integer(object, &["metadata", "generation"])? else {
        return Ok(None);
    };
    let Some(observed) = observed_generation(object)? else {
        return Ok(None);
    };
    if observed == generation {
        return Ok(None);
    }
    let kind = text_or(object, &["kind"], "");
    Ok(Some(Readiness::in_progress(format!(
        "{kind} generation is {generation}, but latest observed generation is {observed}"
    ))))
}

/// The generation that the controller has seen; none if it does not say so in a number.
fn observed_generation(object: &Value) -> Result<Option<i64>, FieldError> {
    const PATH: [&str; 2] = ["status", "observedGeneration"];
    match find(object, &PATH)? {
        Some(Value::String(text)) => Ok(text.parse().ok()),
        _ => find_integer(object, &PATH),
    }
}

/// The condition `Ready`, which many custom resources have.
pub(super) fn by_ready_condition(object: &Value) -> Result<Option<Readiness>, FieldError> {
    for condition in conditions(object)? {
        match (condition.kind, condition.status) {
            ("Ready", "True") => return Ok(Some(Readiness::current("Resource is Ready"))),
            ("Ready", "False" | "Unknown") => return Ok(Some(Readiness::in_progress(condition.message))),
            _ => {}
        }
    }
    Ok(None)
}
