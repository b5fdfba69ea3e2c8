//! Every rule of `pkg/kube/ready.go`.

use serde_json::{Value, json};

use super::*;

fn object(api_version: &str, kind: &str, parts: Value) -> Value {
    let mut object =
        json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": "x", "namespace": "ns"}});
    if let Value::Object(parts) = parts {
        for (name, part) in parts {
            object[name] = part;
        }
    }
    object
}

#[track_caller]
fn check(api_version: &str, kind: &str, parts: Value, expected: bool) {
    let object = object(api_version, kind, parts);
    assert_eq!(legacy_ready(&object, &[], false), Ok(expected));
}

#[test]
fn pods_and_claims() {
    let ready = |status: &str| json!({"status": {"conditions": [{"type": "Ready", "status": status}]}});
    check("v1", "Pod", ready("True"), true);
    check("v1", "Pod", ready("False"), false);
    check("v1", "Pod", json!({}), false);
    check(
        "v1",
        "PersistentVolumeClaim",
        json!({"status": {"phase": "Bound"}}),
        true,
    );
    check("v1", "PersistentVolumeClaim", json!({}), false);
    check("v1", "ConfigMap", json!({}), true);
    check("a/v1", "Pod", json!({}), true);
}

#[test]
fn services_need_addresses() {
    let check = |spec: Value, status: Value, expected| {
        check("v1", "Service", json!({"spec": spec, "status": status}), expected);
    };
    check(json!({"type": "ExternalName"}), json!({}), true);
    check(json!({"type": "ClusterIP"}), json!({}), false);
    check(json!({"type": "ClusterIP", "clusterIP": "None"}), json!({}), true);
    let balancer = json!({"type": "LoadBalancer", "clusterIP": "10.0.0.1"});
    check(balancer.clone(), json!({}), false);
    check(
        balancer,
        json!({"loadBalancer": {"ingress": [{"ip": "1.2.3.4"}]}}),
        true,
    );
    let external = json!({"type": "LoadBalancer", "clusterIP": "10.0.0.1", "externalIPs": ["1.2.3.4"]});
    check(external, json!({}), true);
}

#[test]
fn jobs_only_if_asked_for() {
    let job = |status: Value| {
        object(
            "batch/v1",
            "Job",
            json!({"spec": {"backoffLimit": 1, "completions": 2}, "status": status}),
        )
    };
    assert_eq!(legacy_ready(&job(json!({"failed": 2})), &[], false), Ok(true));
    assert_eq!(legacy_ready(&job(json!({"succeeded": 1})), &[], true), Ok(false));
    assert_eq!(legacy_ready(&job(json!({"succeeded": 2})), &[], true), Ok(true));
    let failed = legacy_ready(&job(json!({"failed": 2})), &[], true).expect_err("because it has failed");
    assert_eq!(failed.to_string(), "job is failed: ns/x");
    assert_eq!(
        legacy_ready(&object("batch/v1", "Job", json!({})), &[], true),
        Ok(true)
    );
}

#[test]
fn daemon_sets_tolerate_some_missing() {
    let set = |strategy: &str, tolerated: Value, status: Value| {
        let strategy = json!({"type": strategy, "rollingUpdate": {"maxUnavailable": tolerated}});
        json!({"spec": {"updateStrategy": strategy}, "status": status})
    };
    let status = |updated: i64, ready: i64| json!({"desiredNumberScheduled": 3, "updatedNumberScheduled": updated, "numberReady": ready});
    check("apps/v1", "DaemonSet", set("OnDelete", json!(1), json!({})), true);
    check(
        "apps/v1",
        "DaemonSet",
        set("OnDelete", json!(1), json!({"observedGeneration": 1})),
        false,
    );
    check(
        "apps/v1",
        "DaemonSet",
        set("RollingUpdate", json!(1), status(2, 3)),
        false,
    );
    check(
        "apps/v1",
        "DaemonSet",
        set("RollingUpdate", json!(1), status(3, 2)),
        true,
    );
    check(
        "apps/v1",
        "DaemonSet",
        set("RollingUpdate", json!(1), status(3, 1)),
        false,
    );
    check(
        "apps/v1",
        "DaemonSet",
        set("RollingUpdate", json!("34%"), status(3, 1)),
        true,
    );
    check(
        "apps/v1",
        "DaemonSet",
        set("RollingUpdate", json!("odd"), status(3, 0)),
        true,
    );
}

#[test]
fn stateful_sets_have_partitions() {
    let set = |partition: Value, status: Value| {
        let strategy = json!({"type": "RollingUpdate", "rollingUpdate": {"partition": partition}});
        json!({"spec": {"replicas": 3, "updateStrategy": strategy}, "status": status})
    };
    let status = |updated: i64, ready: i64, current: &str| json!({"updatedReplicas": updated, "readyReplicas": ready, "currentRevision": current, "updateRevision": "b"});
    check(
        "apps/v1",
        "StatefulSet",
        json!({"spec": {"updateStrategy": {"type": "OnDelete"}}}),
        true,
    );
    check(
        "apps/v1",
        "StatefulSet",
        set(json!(null), status(3, 3, "b")),
        true,
    );
    check(
        "apps/v1",
        "StatefulSet",
        set(json!(null), status(3, 3, "a")),
        false,
    );
    check(
        "apps/v1",
        "StatefulSet",
        set(json!(null), status(2, 3, "b")),
        false,
    );
    check(
        "apps/v1",
        "StatefulSet",
        set(json!(null), status(3, 2, "b")),
        false,
    );
    check("apps/v1", "StatefulSet", set(json!(2), status(1, 3, "a")), true);
    check("apps/v1", "StatefulSet", set(json!(2), status(0, 3, "a")), false);
}

#[test]
fn definitions_of_resources_are_established_or_in_conflict() {
    let with =
        |kind: &str, status: &str| json!({"status": {"conditions": [{"type": kind, "status": status}]}});
    let check = |version: &str, parts: Value, expected| {
        check(
            &format!("apiextensions.k8s.io/{version}"),
            "CustomResourceDefinition",
            parts,
            expected,
        );
    };
    check("v1", with("Established", "True"), true);
    check("v1", with("NamesAccepted", "False"), true);
    check("v1beta1", with("NamesAccepted", "True"), false);
    check("v1", json!({}), false);
}

#[test]
fn sets_wait_for_their_pods() {
    let pod = |status: &str| {
        object(
            "v1",
            "Pod",
            json!({"status": {"conditions": [{"type": "Ready", "status": status}]}}),
        )
    };
    for (api_version, kind) in [("apps/v1", "ReplicaSet"), ("v1", "ReplicationController")] {
        let set = object(api_version, kind, json!({}));
        assert_eq!(legacy_ready(&set, &[pod("True"), pod("True")], false), Ok(true));
        assert_eq!(legacy_ready(&set, &[pod("True"), pod("False")], false), Ok(false));
        let unseen = object(api_version, kind, json!({"metadata": {"generation": 1}}));
        assert_eq!(legacy_ready(&unseen, &[], false), Ok(false));
    }
}

#[test]
fn what_is_to_be_read() {
    let needs = |api_version: &str, kind: &str, spec: Value| {
        legacy_needs(&object(api_version, kind, json!({"spec": spec})))
    };
    let selector = json!({"selector": {"matchLabels": {"app": "web"}}});
    let sets = LegacyNeeds::ReplicaSets("app=web".to_owned());
    assert_eq!(needs("apps/v1", "Deployment", selector.clone()), Ok(sets));
    let pods = LegacyNeeds::Pods("app=web".to_owned());
    assert_eq!(needs("apps/v1", "ReplicaSet", selector), Ok(pods.clone()));
    assert_eq!(
        needs("v1", "ReplicationController", json!({"selector": {"app": "web"}})),
        Ok(pods)
    );
    assert_eq!(
        needs("apps/v1", "Deployment", json!({"paused": true})),
        Ok(LegacyNeeds::Nothing)
    );
    assert_eq!(needs("v1", "Pod", json!({})), Ok(LegacyNeeds::Nothing));
}

/// A Deployment of four replicas with a rollout that tolerates one missing, and its sets.
fn deployment(strategy: &Value) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "x", "uid": "1"},
        "spec": {"replicas": 4, "strategy": strategy, "template": {"metadata": {"labels": {"app": "x"}}, "spec": {"a": 1}}},
    })
}

fn replica_set(name: &str, owner: &str, a: i64, ready: i64) -> Value {
    json!({
        "metadata": {
            "name": name, "creationTimestamp": "2026-01-01T00:00:00Z",
            "ownerReferences": [{"uid": owner, "controller": true}],
        },
        "spec": {"template": {
            "metadata": {"labels": {"app": "x", "pod-template-hash": "h"}, "creationTimestamp": null, "annotations": {}},
            "spec": {"a": a, "volumes": []},
        }},
        "status": {"readyReplicas": ready},
    })
}

#[track_caller]
fn check_deployment(strategy: &Value, sets: &[Value], expected: bool) {
    assert_eq!(legacy_ready(&deployment(strategy), sets, false), Ok(expected));
}

#[test]
fn deployments_look_at_the_newest_replica_set() {
    let recreate = json!({"type": "Recreate"});
    let set = |ready| replica_set("a", "1", 1, ready);
    check_deployment(&recreate, &[], false);
    check_deployment(&recreate, &[set(4)], true);
    check_deployment(&recreate, &[set(3)], false);
    check_deployment(&recreate, &[replica_set("a", "2", 1, 4)], false);
    check_deployment(&recreate, &[replica_set("a", "1", 2, 4)], false);
    check_deployment(&recreate, &[replica_set("b", "1", 1, 4), set(3)], false);
    check_deployment(&recreate, &[replica_set("b", "1", 1, 3), set(4)], true);
}

#[test]
fn rollouts_tolerate_some_missing() {
    let rolling = |surge: Value, unavailable: Value| json!({"type": "RollingUpdate", "rollingUpdate": {"maxSurge": surge, "maxUnavailable": unavailable}});
    let sets = |ready| [replica_set("a", "1", 1, ready)];
    check_deployment(&rolling(json!("25%"), json!("25%")), &sets(3), true);
    check_deployment(&rolling(json!("25%"), json!("25%")), &sets(2), false);
    check_deployment(&rolling(json!("25%"), json!("24%")), &sets(3), false);
    check_deployment(&rolling(json!(0), json!("24%")), &sets(3), true);
    check_deployment(&rolling(json!(1), json!(9)), &sets(0), true);
    check_deployment(&rolling(json!("odd"), json!(9)), &sets(3), false);
}

#[test]
fn a_paused_deployment_is_ready() {
    check("apps/v1", "Deployment", json!({"spec": {"paused": true}}), true);
}

#[test]
fn hooks_have_ended_well_or_badly() {
    #[track_caller]
    fn check(kind: &str, status: &Value, expected: Result<bool, &str>) {
        let ended = legacy_hook_ended(&object("v1", kind, json!({"status": status})));
        assert_eq!(ended, expected.map_err(str::to_owned));
    }
    let condition = |kind: &str| json!({"conditions": [{"type": kind, "status": "True", "reason": "BackoffLimitExceeded"}]});
    check("Job", &condition("Complete"), Ok(true));
    check(
        "Job",
        &condition("Failed"),
        Err("job x failed: BackoffLimitExceeded"),
    );
    check("Job", &json!({}), Ok(false));
    check("Pod", &json!({"phase": "Succeeded"}), Ok(true));
    check("Pod", &json!({"phase": "Failed"}), Err("pod x failed"));
    check("Pod", &json!({"phase": "Running"}), Ok(false));
    check("ConfigMap", &json!({}), Ok(true));
}
