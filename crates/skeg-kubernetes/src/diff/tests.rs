//! What is a change and what is not.

use serde_json::{Value, json};

use super::{changes, without_secrets};

#[track_caller]
fn check_three(previous: Option<&Value>, wanted: &Value, live: &Value, expected: &[&str]) {
    let changes = changes(previous, wanted, live);
    let texts: Vec<String> = changes.iter().map(ToString::to_string).collect();
    assert_eq!(texts, expected);
}

/// Compares the specs of two Pods.
#[track_caller]
fn check(wanted: &Value, live: &Value, expected: &[&str]) {
    let pod = |spec: &Value| json!({"apiVersion": "v1", "kind": "Pod", "spec": spec});
    check_three(None, &pod(wanted), &pod(live), expected);
}

/// Compares what two manifests and the server say in a member of a custom resource.
#[track_caller]
fn check_removed(previous: &Value, wanted: &Value, live: &Value, expected: &[&str]) {
    let custom = |spec: &Value| json!({"apiVersion": "a/v1", "kind": "Foo", "spec": spec});
    check_three(Some(&custom(previous)), &custom(wanted), &custom(live), expected);
}

#[test]
fn only_what_the_manifest_sets_counts() {
    check(
        &json!({"nodeName": "a"}),
        &json!({"nodeName": "a", "dnsPolicy": "ClusterFirst"}),
        &[],
    );
    check(
        &json!({"nodeName": "a"}),
        &json!({}),
        &[r#"spec.nodeName: added "a""#],
    );
    check(
        &json!({"nodeName": "a", "priority": 1}),
        &json!({"nodeName": "b", "priority": 1.0}),
        &[r#"spec.nodeName: "b" -> "a""#],
    );
    check(&json!({"nodeName": null}), &json!({"nodeName": "a"}), &[]);
}

#[test]
fn what_no_manifest_decides_is_not_compared() {
    let wanted = json!({
        "apiVersion": "apps/v1beta1", "kind": "Deployment", "status": {"replicas": 1},
        "metadata": {"name": "a", "namespace": "x", "creationTimestamp": "2026-01-01T00:00:00Z", "labels": {"a": "1"}},
    });
    let live = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"labels": {"a": "2"}}});
    check_three(None, &wanted, &live, &[r#"metadata.labels.a: "2" -> "1""#]);
}

#[test]
fn what_says_nothing_may_be_missing_from_types_but_not_from_maps() {
    check(
        &json!({"hostNetwork": false, "volumes": [], "securityContext": {}, "hostname": "", "priority": 0}),
        &json!({}),
        &[],
    );
    check(
        &json!({"nodeSelector": {"a": ""}}),
        &json!({"nodeSelector": {"b": ""}}),
        &[r#"spec.nodeSelector.a: added """#],
    );
    check_removed(
        &json!({}),
        &json!({"a": false}),
        &json!({}),
        &["spec.a: added false"],
    );
}

#[test]
fn lists_with_a_key_are_compared_by_it() {
    check(
        &json!({"containers": [{"name": "a", "image": "2"}, {"name": "b"}]}),
        &json!({"containers": [{"name": "sidecar"}, {"name": "b", "image": "1"}, {"name": "a", "image": "1"}]}),
        &[r#"spec.containers[a].image: "1" -> "2""#],
    );
    check(
        &json!({"containers": [{"name": "a", "env": [{"name": "X", "value": "1"}]}]}),
        &json!({"containers": [{"name": "a", "env": []}]}),
        &[r#"spec.containers[a].env[X]: added {"name":"X","value":"1"}"#],
    );
}

#[test]
fn the_same_port_may_be_there_for_two_protocols() {
    let service = |ports: Value| json!({"apiVersion": "v1", "kind": "Service", "spec": {"ports": ports}});
    let udp = json!({"port": 53, "protocol": "UDP", "name": "udp"});
    let tcp = json!({"port": 53, "protocol": "TCP", "name": "tcp"});
    let wanted = service(json!([udp, tcp]));
    check_three(None, &wanted, &service(json!([tcp, udp])), &[]);
    let other = json!({"port": 53, "protocol": "TCP", "name": "dns"});
    let changed = service(json!([udp, other]));
    check_three(
        None,
        &wanted,
        &changed,
        &[r#"spec.ports[53/TCP].name: "dns" -> "tcp""#],
    );
}

#[test]
fn other_lists_are_compared_place_by_place() {
    check(
        &json!({"tolerations": [{"key": "a"}, {"key": "b"}]}),
        &json!({"tolerations": [{"key": "a", "operator": "Equal"}, {"key": "c"}, {"key": "d"}]}),
        &[
            r#"spec.tolerations[1].key: "c" -> "b""#,
            r#"spec.tolerations[2]: removed {"key":"d"}"#,
        ],
    );
    check(
        &json!({"containers": [{"name": "a", "args": ["x", "y"]}]}),
        &json!({"containers": [{"name": "a", "args": ["x"]}]}),
        &[r#"spec.containers[a].args: ["x"] -> ["x","y"]"#],
    );
}

#[test]
fn sets_have_no_order() {
    let object = |finalizers: Value| json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"finalizers": finalizers}});
    check_three(
        Some(&object(json!(["a", "b"]))),
        &object(json!(["c", "a"])),
        &object(json!(["x", "b", "a"])),
        &[
            r#"metadata.finalizers[+]: added "c""#,
            r#"metadata.finalizers[-]: removed "b""#,
        ],
    );
}

#[test]
fn what_the_manifest_before_has_set_is_removed() {
    check_removed(
        &json!({"a": 1, "b": {"x": 1}, "c": {"x": 1}, "d": 1}),
        &json!({"a": 1, "d": null}),
        &json!({"a": 1, "b": {"x": 2}, "c": {"x": 1, "foreign": 1}, "d": 1, "e": 1}),
        &[
            r#"spec.b: removed {"x":2}"#,
            "spec.c.x: removed 1",
            "spec.d: removed 1",
        ],
    );
    check_removed(&json!({"a": 1}), &json!({}), &json!({}), &[]);
}

#[test]
fn elements_that_the_manifest_before_has_set_are_removed() {
    let pod = |names: &[&str]| {
        let containers: Vec<Value> = names.iter().map(|name| json!({"name": name})).collect();
        json!({"apiVersion": "v1", "kind": "Pod", "spec": {"containers": containers}})
    };
    check_three(
        Some(&pod(&["a", "b", "gone"])),
        &pod(&["a"]),
        &pod(&["a", "b", "sidecar"]),
        &[r#"spec.containers[b]: removed {"name":"b"}"#],
    );
}

#[test]
fn amounts_are_compared_as_amounts() {
    let limits = |cpu: Value| json!({"containers": [{"name": "a", "resources": {"limits": {"cpu": cpu}}}]});
    check(&limits(json!("1000m")), &limits(json!("1")), &[]);
    check(&limits(json!(1)), &limits(json!("1")), &[]);
    let place = r#"spec.containers[a].resources.limits.cpu: "1" -> "2""#;
    check(&limits(json!("2")), &limits(json!("1")), &[place]);
    // A custom resource is kept as it was sent.
    let custom = |cpu: &str| json!({"limits": {"cpu": cpu}});
    check_removed(
        &json!({}),
        &custom("1000m"),
        &custom("1"),
        &[r#"spec.limits.cpu: "1" -> "1000m""#],
    );
}

#[test]
fn another_type_is_a_change() {
    check_removed(
        &json!({}),
        &json!({"a": {"b": 1}}),
        &json!({"a": [1]}),
        &[r#"spec.a: [1] -> {"b":1}"#],
    );
    check_removed(
        &json!({}),
        &json!({"a": 1}),
        &json!({"a": "1"}),
        &[r#"spec.a: "1" -> 1"#],
    );
    check_removed(
        &json!({}),
        &json!({"a": [1, {}]}),
        &json!({"a": [1, {"x": 1}]}),
        &[],
    );
}

#[test]
fn names_that_are_no_words_are_quoted() {
    let object =
        |value: &str| json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"a.txt": value, "": "x"}});
    check_three(
        None,
        &object("1"),
        &object("2"),
        &[r#"data["a.txt"]: "2" -> "1""#],
    );
}

fn secret(data: Value) -> Value {
    let mut secret = json!({"apiVersion": "v1", "kind": "Secret"});
    if let Value::Object(members) = data {
        for (name, value) in members {
            secret[name] = value;
        }
    }
    secret
}

#[test]
fn values_of_secrets_are_hidden() {
    let live = secret(json!({"data": {"a": "c2VjcmV0", "b": "eA==", "gone": "eA=="}}));
    let previous = secret(json!({"stringData": {"gone": "x"}}));
    let wanted = secret(json!({"data": {"a": "bmV3"}, "stringData": {"b": "x", "c": "xyz"}}));
    check_three(
        Some(&previous),
        &wanted,
        &live,
        &[
            "data.a: <hidden, 6 bytes> -> <hidden, 3 bytes>",
            "data.c: added <hidden, 3 bytes>",
            "data.gone: removed <hidden, 1 bytes>",
        ],
    );
}

#[test]
fn all_values_of_a_secret_are_hidden() {
    let wanted = secret(json!({"data": {"a": "c2VjcmV0", "b": "not base64"}, "type": "Opaque"}));
    check_three(
        None,
        &wanted,
        &secret(json!({})),
        &[
            "data.a: added <hidden, 6 bytes>",
            "data.b: added <hidden, 10 bytes>",
            r#"type: added "Opaque""#,
        ],
    );
    check_three(
        Some(&wanted),
        &secret(json!({})),
        &wanted,
        &[
            "data.a: removed <hidden, 6 bytes>",
            "data.b: removed <hidden, 10 bytes>",
            r#"type: removed "Opaque""#,
        ],
    );
    let odd = secret(json!({"data": {"a": {"x": "secret"}}}));
    check_three(
        None,
        &odd,
        &secret(json!({"data": {"a": {"x": "other"}}})),
        &["data.a.x: <hidden, 5 bytes> -> <hidden, 6 bytes>"],
    );
    let text = secret(json!({"data": "secret"}));
    let shown = changes(None, &text, &secret(json!({"data": {"a": "eA=="}})));
    assert!(!format!("{shown:?}").contains("secret"), "{shown:?}");
}

#[test]
fn a_copy_of_a_secret_in_an_annotation_is_hidden() {
    let annotated = |text: &str| {
        secret(
            json!({"metadata": {"annotations": {"kubectl.kubernetes.io/last-applied-configuration": text, "a": "b"}}}),
        )
    };
    let place = r#"metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"]"#;
    check_three(
        None,
        &annotated("old"),
        &annotated("newer"),
        &[&format!("{place}: <hidden, 5 bytes> -> <hidden, 3 bytes>")],
    );
    let shown = without_secrets(&annotated("old"));
    assert!(!shown.to_string().contains("old"));
    assert_eq!(shown["metadata"]["annotations"]["a"], "b");
    check_three(
        None,
        &annotated("old"),
        &secret(json!({})),
        &[
            r#"metadata: added {"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"<hidden, 3 bytes>","a":"b"}}"#,
        ],
    );
}

#[test]
fn secrets_of_others_are_theirs() {
    let custom = json!({"apiVersion": "a/v1", "kind": "Secret", "data": {"a": "1"}});
    assert_eq!(without_secrets(&custom), custom);
    let live = json!({"apiVersion": "a/v1", "kind": "Secret", "data": {"a": "2"}});
    check_three(None, &custom, &live, &[r#"data.a: "2" -> "1""#]);
}

#[test]
fn nonsense_is_no_panic() {
    let nonsense = [
        json!(null),
        json!([1]),
        secret(json!({"data": [1], "stringData": {"a": 1}, "metadata": 1})),
    ];
    for one in &nonsense {
        for other in &nonsense {
            let _ignored = changes(Some(one), other, one);
            let _ignored = without_secrets(one);
        }
    }
}
