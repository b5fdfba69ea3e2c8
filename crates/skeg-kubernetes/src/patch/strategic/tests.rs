//! Each kind of directive once. Every expectation is what apimachinery 0.37.1 answered; `cargo xtask fuzz strategic`
//! compares many more.

use serde_json::Value;

use crate::patch::{Patch, strategic_merge_patch};

/// Compares the patch of three objects with what Go makes of them; none is an error.
#[track_caller]
fn check([original, modified, current]: [&str; 3], expected: Option<&str>) {
    let object = |text: &str| -> Value { serde_json::from_str(text).expect("because the cases are JSON") };
    let patch = strategic_merge_patch(&object(original), &object(modified), &object(current));
    let text = patch.map(|patch| Patch::Strategic(patch).to_json());
    assert_eq!(text.as_deref().ok(), expected);
}

#[test]
fn drift_is_repaired_and_foreign_members_stay() {
    check(
        [
            r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"labels": {"a": "1"}}}"#,
            r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"labels": {"a": "1"}}}"#,
            r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"labels": {"a": "2", "b": "1"}, "uid": "u"}}"#,
        ],
        Some(r#"{"metadata":{"labels":{"a":"1"}}}"#),
    );
}

#[test]
fn what_the_old_manifest_had_and_the_new_has_not_is_deleted() {
    check(
        [
            r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"labels": {"a": "1", "b": "1"}}}"#,
            r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"labels": {"a": "1"}}}"#,
            r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"labels": {"a": "1", "b": "1", "c": "1"}}}"#,
        ],
        Some(r#"{"metadata":{"labels":{"b":null}}}"#),
    );
}

#[test]
fn nothing_to_do_is_an_empty_patch() {
    check(
        [
            r#"{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "a"}]}}"#,
            r#"{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "a"}]}}"#,
            r#"{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "a", "image": "x"}], "nodeName": "n"}}"#,
        ],
        Some("{}"),
    );
}

#[test]
fn elements_are_found_by_key() {
    check(
        [
            r#"{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "a"}, {"name": "b"}]}}"#,
            r#"{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "a", "image": "2"}]}}"#,
            r#"{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "sidecar", "image": "1"}, {"name": "a", "image": "1"}, {"name": "b", "image": "1"}]}}"#,
        ],
        Some(
            r#"{"spec":{"$setElementOrder/containers":[{"name":"a"}],"containers":[{"image":"2","name":"a"},{"$patch":"delete","name":"b"}]}}"#,
        ),
    );
}

#[test]
fn the_order_is_set() {
    check(
        [
            r#"{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "a"}, {"name": "b"}]}}"#,
            r#"{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "b"}, {"name": "a"}]}}"#,
            r#"{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "a"}, {"name": "b"}]}}"#,
        ],
        Some(r#"{"spec":{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}]}}"#),
    );
}

#[test]
fn elements_are_added() {
    check(
        [
            r#"{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "a"}]}}"#,
            r#"{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "c"}, {"name": "a"}]}}"#,
            r#"{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "a"}, {"name": "x"}]}}"#,
        ],
        Some(
            r#"{"spec":{"$setElementOrder/containers":[{"name":"c"},{"name":"a"}],"containers":[{"name":"c"}]}}"#,
        ),
    );
}

#[test]
fn lists_without_a_key_are_replaced() {
    check(
        [
            r#"{"apiVersion": "v1", "kind": "Pod", "spec": {"tolerations": [{"key": "a"}]}}"#,
            r#"{"apiVersion": "v1", "kind": "Pod", "spec": {"tolerations": [{"key": "b"}]}}"#,
            r#"{"apiVersion": "v1", "kind": "Pod", "spec": {"tolerations": [{"key": "a"}, {"key": "c"}]}}"#,
        ],
        Some(r#"{"spec":{"tolerations":[{"key":"b"}]}}"#),
    );
}

#[test]
fn scalars_are_added_and_deleted() {
    check(
        [
            r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"finalizers": ["a", "b", "b"]}}"#,
            r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"finalizers": ["c", "a"]}}"#,
            r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"finalizers": ["b", "x"]}}"#,
        ],
        Some(
            r#"{"metadata":{"$deleteFromPrimitiveList/finalizers":["b"],"$setElementOrder/finalizers":["c","a"],"finalizers":["c","a"]}}"#,
        ),
    );
}

#[test]
fn a_list_that_goes_is_null() {
    check(
        [
            r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"finalizers": ["a"]}}"#,
            r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {}}"#,
            r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"finalizers": ["a"]}}"#,
        ],
        Some(r#"{"metadata":{"finalizers":null}}"#),
    );
}

#[test]
fn volumes_retain_their_keys() {
    check(
        [
            r#"{"apiVersion": "v1", "kind": "Pod", "spec": {"volumes": [{"name": "v", "emptyDir": {}}]}}"#,
            r#"{"apiVersion": "v1", "kind": "Pod", "spec": {"volumes": [{"name": "v", "configMap": {"name": "m"}}]}}"#,
            r#"{"apiVersion": "v1", "kind": "Pod", "spec": {"volumes": [{"name": "v", "emptyDir": {}}]}}"#,
        ],
        Some(
            r#"{"spec":{"$setElementOrder/volumes":[{"name":"v"}],"volumes":[{"$retainKeys":["configMap","name"],"configMap":{"name":"m"},"emptyDir":null,"name":"v"}]}}"#,
        ),
    );
}

#[test]
fn strategies_retain_their_keys() {
    check(
        [
            r#"{"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}}}}"#,
            r#"{"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"strategy": {"type": "Recreate"}}}"#,
            r#"{"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}}}}"#,
        ],
        Some(r#"{"spec":{"strategy":{"$retainKeys":["type"],"rollingUpdate":null,"type":"Recreate"}}}"#),
    );
}

#[test]
fn the_same_port_twice_is_matched_by_order() {
    check(
        [
            r#"{"apiVersion": "v1", "kind": "Service", "spec": {"ports": [{"port": 53, "protocol": "UDP", "name": "u"}, {"port": 53, "protocol": "TCP", "name": "t"}]}}"#,
            r#"{"apiVersion": "v1", "kind": "Service", "spec": {"ports": [{"port": 53, "protocol": "UDP", "name": "u"}]}}"#,
            r#"{"apiVersion": "v1", "kind": "Service", "spec": {"ports": [{"port": 53, "protocol": "UDP", "name": "u"}, {"port": 53, "protocol": "TCP", "name": "t"}]}}"#,
        ],
        Some(
            r#"{"spec":{"$setElementOrder/ports":[{"port":53}],"ports":[{"$patch":"delete","name":"u","port":53,"protocol":"UDP"}]}}"#,
        ),
    );
}

#[test]
fn a_null_in_the_manifest_is_sent() {
    check(
        [
            r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"labels": {"a": "1"}}}"#,
            r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"labels": {"a": null}}}"#,
            r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"labels": {"a": "1"}}}"#,
        ],
        Some(r#"{"metadata":{"labels":{"a":null}}}"#),
    );
}

#[test]
fn a_missing_live_object_is_empty() {
    check(
        [
            r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"labels": {"a": "1"}}}"#,
            r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"labels": {"b": "1"}}}"#,
            "null",
        ],
        Some(r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"labels":{"a":null,"b":"1"}}}"#),
    );
}

#[test]
fn another_type_replaces() {
    check(
        [
            r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"labels": {"a": "1"}}}"#,
            r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"labels": "x"}}"#,
            r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"labels": {"a": "1"}}}"#,
        ],
        Some(r#"{"metadata":{"labels":"x"}}"#),
    );
}

#[test]
fn an_element_without_its_key_is_an_error() {
    check(
        [
            r#"{"apiVersion": "v1", "kind": "Service", "spec": {"ports": [{"port": 1}]}}"#,
            r#"{"apiVersion": "v1", "kind": "Service", "spec": {"ports": [{"name": "a"}]}}"#,
            r#"{"apiVersion": "v1", "kind": "Service", "spec": {"ports": [{"port": 1}]}}"#,
        ],
        None,
    );
}

#[test]
fn elements_of_two_types_are_an_error() {
    check(
        [
            r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"finalizers": ["a"]}}"#,
            r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"finalizers": ["a", 1]}}"#,
            r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"finalizers": ["a"]}}"#,
        ],
        None,
    );
}

#[test]
fn versions_of_definitions_are_replaced() {
    check(
        [
            r#"{"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "spec": {"versions": [{"name": "v1", "schema": {"openAPIV3Schema": {"properties": {"a": {"type": "string"}}}}}]}}"#,
            r#"{"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "spec": {"versions": [{"name": "v1", "schema": {"openAPIV3Schema": {"properties": {"a": {"type": "integer"}}}}}]}}"#,
            r#"{"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "spec": {"versions": [{"name": "v1", "schema": {"openAPIV3Schema": {"properties": {"a": {"type": "string"}}}}}]}}"#,
        ],
        Some(
            r#"{"spec":{"versions":[{"name":"v1","schema":{"openAPIV3Schema":{"properties":{"a":{"type":"integer"}}}}}]}}"#,
        ),
    );
}

#[test]
fn a_directive_in_the_manifest() {
    check(
        [
            r#"{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "a"}]}}"#,
            r#"{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "a", "$patch": "delete"}]}}"#,
            r#"{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "a"}]}}"#,
        ],
        Some(r#"{"spec":{"$setElementOrder/containers":[{"name":"a"}],"containers":[]}}"#),
    );
}

#[test]
fn a_directive_to_replace() {
    check(
        [
            r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"labels": {"a": "1"}}}"#,
            r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"labels": {"$patch": "replace", "b": "1"}}}"#,
            r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"labels": {"a": "1"}}}"#,
        ],
        Some(r#"{"metadata":{"labels":{"b":"1"}}}"#),
    );
}
