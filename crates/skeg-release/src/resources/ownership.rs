//! Which release an object belongs to: a label and two annotations.

use serde_json::{Value, json};

const MANAGED_BY: &str = "app.kubernetes.io/managed-by";
const HELM: &str = "Helm";
const RELEASE_NAME: &str = "meta.helm.sh/release-name";
const RELEASE_NAMESPACE: &str = "meta.helm.sh/release-namespace";

/// An object belongs to nobody, or to another release.
#[derive(Debug, thiserror::Error)]
#[error("invalid ownership metadata; {}", .0.join("; "))]
pub(crate) struct OwnershipError(Vec<String>);

/// Checks that an object on the server belongs to a release.
pub(crate) fn check_ownership(object: &Value, name: &str, namespace: &str) -> Result<(), OwnershipError> {
    let label =
        require(object, "labels", MANAGED_BY, HELM).map(|text| format!("label validation error: {text}"));
    let annotations = [(RELEASE_NAME, name), (RELEASE_NAMESPACE, namespace)];
    let annotations = annotations
        .into_iter()
        .filter_map(|(key, value)| require(object, "annotations", key, value))
        .map(|text| format!("annotation validation error: {text}"));
    let mistakes: Vec<String> = label.into_iter().chain(annotations).collect();
    if mistakes.is_empty() {
        return Ok(());
    }
    Err(OwnershipError(mistakes))
}

fn require(object: &Value, map: &str, key: &str, wanted: &str) -> Option<String> {
    let found = object
        .get("metadata")
        .and_then(|metadata| metadata.get(map)?.get(key)?.as_str());
    match found {
        None => Some(format!("missing key \"{key}\": must be set to \"{wanted}\"")),
        Some(found) if found == wanted => None,
        Some(found) => Some(format!(
            "key \"{key}\" must equal \"{wanted}\": current value is \"{found}\""
        )),
    }
}

/// Marks an object as belonging to a release.
pub(crate) fn mark_as_owned(object: &mut Value, name: &str, namespace: &str) {
    set(object, "labels", MANAGED_BY, HELM);
    set(object, "annotations", RELEASE_NAME, name);
    set(object, "annotations", RELEASE_NAMESPACE, namespace);
}

fn set(object: &mut Value, map: &str, key: &str, value: &str) {
    for place in [&["metadata"][..], &["metadata", map]] {
        let found = place.iter().fold(&mut *object, |value, key| &mut value[*key]);
        if !found.is_object() {
            *found = json!({});
        }
    }
    object["metadata"][map][key] = json!(value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_checked() {
        let mut object = json!({"metadata": {"labels": null}});
        let error = check_ownership(&object, "o1", "ns").unwrap_err().to_string();
        assert_eq!(
            error,
            "invalid ownership metadata; label validation error: missing key \"app.kubernetes.io/managed-by\": must be set \
             to \"Helm\"; annotation validation error: missing key \"meta.helm.sh/release-name\": must be set to \"o1\"; \
             annotation validation error: missing key \"meta.helm.sh/release-namespace\": must be set to \"ns\""
        );
        mark_as_owned(&mut object, "o1", "ns");
        assert!(check_ownership(&object, "o1", "ns").is_ok());
        let error = check_ownership(&object, "o2", "ns").unwrap_err().to_string();
        assert!(
            error.ends_with("must equal \"o2\": current value is \"o1\""),
            "{error}"
        );
    }
}
