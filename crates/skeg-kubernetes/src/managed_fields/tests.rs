//! The rules of `csaupgrade`. `cargo xtask fuzz managed-fields` compares with client-go itself.

use serde_json::{Value, json};

use super::upgrade_managed_fields;

/// An entry of the object itself.
fn entry(manager: &str, operation: &str, fields: impl Into<Value>) -> Value {
    let fields: Value = fields.into();
    json!({"manager": manager, "operation": operation, "apiVersion": "v1", "fieldsType": "FieldsV1", "fieldsV1": fields})
}

fn upgrade(entries: &Value) -> Result<Option<Value>, String> {
    let object = json!({"metadata": {"resourceVersion": "7", "managedFields": entries}});
    let patch = upgrade_managed_fields(&object, "helm").map_err(|error| error.to_string())?;
    Ok(patch.map(|patch| serde_json::from_str(&patch).expect("because a patch is JSON")))
}

/// The entries afterwards; none is no patch.
#[track_caller]
fn check(entries: impl Into<Value>, expected: impl Into<Option<Value>>) {
    let patch = upgrade(&entries.into()).expect("because the fields are well-formed");
    let value = patch.map(|patch| patch[0]["value"].clone());
    assert_eq!(value, expected.into());
}

#[track_caller]
fn check_fields(fields: impl Into<Value>, expected: &str) {
    let patch =
        upgrade(&json!([entry("helm", "Update", fields)])).expect("because the fields are well-formed");
    let written = patch.expect("because helm has updated")[0]["value"][0]["fieldsV1"].to_string();
    assert_eq!(written, expected);
}

#[test]
fn nothing_to_do_is_no_patch() {
    check(json!([]), None);
    check(json!(null), None);
    check(json!([entry("kubectl", "Update", json!({"f:a": {}}))]), None);
    check(json!([entry("helm", "Apply", json!({"f:a": {}}))]), None);
    assert_eq!(upgrade_managed_fields(&json!({}), "helm"), Ok(None));
    assert_eq!(upgrade_managed_fields(&json!([1]), "helm"), Ok(None));
}

#[test]
fn updates_become_applies() {
    check(
        json!([
            entry("kubectl", "Update", json!({"f:a": {}})),
            entry("helm", "Update", json!({"f:b": {}})),
        ]),
        Some(json!([
            entry("kubectl", "Update", json!({"f:a": {}})),
            entry("helm", "Apply", json!({"f:b": {}})),
        ])),
    );
}

#[test]
fn updates_are_united_with_applies_of_the_same_version() {
    let mut other_version = entry("helm", "Update", json!({"f:c": {}}));
    other_version["apiVersion"] = json!("v1beta1");
    check(
        json!([
            entry("helm", "Update", json!({"f:a": {"f:x": {}}})),
            other_version,
            entry("helm", "Apply", json!({"f:a": {".": {}, "f:y": {}}})),
        ]),
        Some(json!([entry(
            "helm",
            "Apply",
            json!({"f:a": {".": {}, "f:x": {}, "f:y": {}}})
        )])),
    );
}

#[test]
fn subresources_stay() {
    let mut of_status = entry("helm", "Update", json!({"f:status": {}}));
    of_status["subresource"] = json!("status");
    check(json!([of_status.clone()]), None);
    check(
        json!([of_status.clone(), entry("helm", "Update", json!({"f:a": {}}))]),
        Some(json!([of_status, entry("helm", "Apply", json!({"f:a": {}})),])),
    );
}

#[test]
fn the_version_of_the_object_is_in_the_patch() {
    let patch =
        upgrade(&json!([entry("helm", "Update", json!({}))])).expect("because the fields are well-formed");
    let expected = json!({"op": "replace", "path": "/metadata/resourceVersion", "value": "7"});
    assert_eq!(patch.map(|patch| patch[1].clone()), Some(expected));
}

#[test]
fn fields_are_written_in_their_own_order() {
    check_fields(
        json!({"v:\"b\"": {}, "v:2": {}, "k:{\"name\":\"a\"}": {}, "i:10": {}, "i:9": {}, "f:z": {}}),
        r#"{"f:z":{},"k:{\"name\":\"a\"}":{},"v:2":{},"v:\"b\"":{},"i:9":{},"i:10":{}}"#,
    );
    check_fields(
        json!({"k:{\"port\":80}": {}, "k:{\"port\":443}": {}, "k:{\"b\":1,\"a\":2}": {}}),
        r#"{"k:{\"a\":2,\"b\":1}":{},"k:{\"port\":80}":{},"k:{\"port\":443}":{}}"#,
    );
    check_fields(
        json!({"v:null": {}, "v:{}": {}, "v:[2]": {}, "v:[1,1]": {}, "v:true": {}, "v:false": {}}),
        r#"{"v:false":{},"v:true":{},"v:[1,1]":{},"v:[2]":{},"v:{}":{},"v:null":{}}"#,
    );
}

#[test]
fn elements_of_unknown_types_are_dropped() {
    check_fields(json!({"f:a": {"x:new": {"f:b": {}}}}), r#"{"f:a":{}}"#);
}

#[test]
fn times_are_utc_without_fractions() {
    let mut updated = entry("helm", "Update", json!({}));
    updated["time"] = json!("2026-01-01T05:00:00.75+05:30");
    let patch = upgrade(&json!([updated])).expect("because the fields are well-formed");
    let patch = patch.expect("because helm has updated");
    assert_eq!(patch[0]["value"][0]["time"], json!("2025-12-31T23:30:00Z"));
}

#[test]
fn broken_entries_hide_all_and_broken_fields_are_an_error() {
    let mut broken = entry("kubectl", "Update", json!({}));
    broken["manager"] = json!(1);
    check(json!([entry("helm", "Update", json!({})), broken]), None);
    let mut without_fields = entry("helm", "Update", json!({}));
    without_fields["fieldsV1"] = json!(null);
    for entry in [
        entry("helm", "Update", json!({"f": {}})),
        entry("helm", "Update", json!({"v:{": {}})),
        entry("helm", "Update", json!({"k:[]": {}})),
        entry("helm", "Update", json!({"i:x": {}})),
        entry("helm", "Update", json!({"f:a": 1})),
        without_fields,
    ] {
        let error = upgrade(&json!([entry])).expect_err("because the fields are broken");
        assert!(error.starts_with("failed to convert fields to set: "), "{error}");
    }
}
