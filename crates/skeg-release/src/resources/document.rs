//! From the text of a manifest to objects.

use serde_json::Value;
use skeg_engine::split_manifests;
use skeg_values::yaml;

/// The objects of a manifest; those of lists one by one. Documents without anything are passed over.
pub(super) fn objects(manifest: &str) -> Result<Vec<Value>, String> {
    let mut found = Vec::new();
    for document in split_manifests(manifest.as_bytes()) {
        let value = yaml::decode(document).map_err(|error| {
            format!(
                "error parsing : error converting YAML to JSON: {}",
                yaml_words(&error)
            )
        })?;
        let value = Value::from(&value);
        if !value.is_null() {
            found.push(value);
        }
    }
    Ok(found)
}

/// The message without what Helm's own parser says first.
fn yaml_words(error: &yaml::DecodeError) -> String {
    let text = error.to_string();
    match text.strip_prefix("error converting YAML to JSON: ") {
        Some(words) => words.to_owned(),
        None => text,
    }
}

/// What is wrong with the types of what every object has; none if nothing is.
pub(super) fn metadata_mistake(object: &Value) -> Option<String> {
    let metadata = object.get("metadata")?;
    let wrong = |place: &str, value: &Value, expected: &str| {
        let kind = match value {
            Value::Null => return None,
            Value::Bool(_) => "bool",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        Some(format!(
            "json: cannot unmarshal {kind} into Go struct field {place} of type {expected}"
        ))
    };
    let Some(fields) = metadata.as_object() else {
        return wrong("PartialObjectMetadata.metadata", metadata, "v1.ObjectMeta");
    };
    for (key, value) in fields {
        let place = format!("ObjectMeta.metadata.{key}");
        let mistake = match key.as_str() {
            "name" | "generateName" | "namespace" | "uid" | "resourceVersion" => (!value.is_string())
                .then(|| wrong(&place, value, "string"))
                .flatten(),
            "labels" | "annotations" => match value.as_object() {
                Some(map) => map
                    .values()
                    .filter(|value| !value.is_string())
                    .find_map(|value| wrong(&place, value, "string")),
                None => wrong(&place, value, "map[string]string"),
            },
            "finalizers" => match value.as_array() {
                Some(items) => items
                    .iter()
                    .filter(|item| !item.is_string())
                    .find_map(|item| wrong(&place, item, "string")),
                None => wrong(&place, value, "[]string"),
            },
            _ => None,
        };
        if mistake.is_some() {
            return mistake;
        }
    }
    None
}
