//! Kinds that keep Pods running.

use serde_json::{Value, json};

use super::{check, noon, object, text};
use crate::readiness::readiness_with_pods;

#[test]
fn deployments_are_counted_then_their_conditions_looked_at() {
    let with =
        |status: Value| json!({"spec": {"replicas": 2, "progressDeadlineSeconds": 600}, "status": status});
    let check = |status: Value, expected: &str| check("apps/v1", "Deployment", with(status), expected);
    check(json!({}), "InProgress: Replicas: 0/2");
    check(json!({"replicas": 2}), "InProgress: Updated: 0/2");
    check(
        json!({"replicas": 3, "updatedReplicas": 2}),
        "InProgress: Pending termination: 1",
    );
    check(
        json!({"replicas": 2, "updatedReplicas": 2, "availableReplicas": 1}),
        "InProgress: Available: 1/2",
    );
    let all = |conditions: Value| json!({"replicas": 2, "updatedReplicas": 2, "availableReplicas": 2, "readyReplicas": 2, "conditions": conditions});
    let mut not_ready = all(json!([]));
    not_ready["readyReplicas"] = json!(1);
    check(not_ready, "InProgress: Ready: 1/2");
    check(all(json!([])), "InProgress: ReplicaSet not Available");
    let progressing = json!({"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable"});
    let available = json!({"type": "Available", "status": "True"});
    check(all(json!([progressing])), "InProgress: Deployment not Available");
    check(
        all(json!([progressing, available])),
        "Current: Deployment is available. Replicas: 2",
    );
    let exceeded = json!({"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"});
    check(all(json!([exceeded])), "Failed: Progress deadline exceeded");
}

#[test]
fn a_deployment_without_deadline_needs_no_progress() {
    let status = json!({"replicas": 1, "updatedReplicas": 1, "availableReplicas": 1, "readyReplicas": 1,
        "conditions": [{"type": "Available", "status": "True"}]});
    let ready = "Current: Deployment is available. Replicas: 1";
    check("apps/v1", "Deployment", json!({"status": status.clone()}), ready);
    check(
        "extensions/v1beta1",
        "Deployment",
        json!({"status": status}),
        ready,
    );
    check(
        "other/v1",
        "Deployment",
        json!({}),
        "Current: Resource is current",
    );
}

#[test]
fn stateful_sets_have_partitions_and_revisions() {
    let check = |spec: Value, status: Value, expected: &str| {
        check(
            "apps/v1",
            "StatefulSet",
            json!({"spec": spec, "status": status}),
            expected,
        );
    };
    let on_delete = json!({"updateStrategy": {"type": "OnDelete"}});
    check(
        on_delete,
        json!({}),
        "Current: StatefulSet is using the ondelete update strategy",
    );
    let two = json!({"replicas": 2});
    check(two.clone(), json!({"replicas": 1}), "InProgress: Replicas: 1/2");
    check(
        two.clone(),
        json!({"replicas": 2, "readyReplicas": 1}),
        "InProgress: Ready: 1/2",
    );
    check(
        two.clone(),
        json!({"replicas": 4, "readyReplicas": 2}),
        "InProgress: Pending termination: 2",
    );
    check(
        two.clone(),
        json!({"replicas": 2, "readyReplicas": 2}),
        "InProgress: current: 0/2",
    );
    let all = json!({"replicas": 2, "readyReplicas": 2, "currentReplicas": 2, "currentRevision": "a", "updateRevision": "b"});
    check(
        two.clone(),
        all.clone(),
        "InProgress: Waiting for updated revision to match current",
    );
    let mut same = all.clone();
    same["updateRevision"] = json!("a");
    check(
        two,
        same,
        "Current: All replicas scheduled as expected. Replicas: 2",
    );
    let partition = json!({"replicas": 2, "updateStrategy": {"rollingUpdate": {"partition": 1}}});
    check(partition.clone(), all.clone(), "InProgress: updated: 0/1");
    let mut updated = all;
    updated["updatedReplicas"] = json!(1);
    check(
        partition,
        updated,
        "Current: Partition rollout complete. updated: 1",
    );
}

#[test]
fn daemon_sets_say_how_many_they_want() {
    let parts = |status: Value| json!({"metadata": {"generation": 1}, "status": status});
    let kind = "DaemonSet";
    check(
        "apps/v1",
        kind,
        json!({}),
        "InProgress: DaemonSet metadata.generation not found",
    );
    let unseen = "InProgress: DaemonSet status.observedGeneration not found";
    check("apps/v1", kind, parts(json!({})), unseen);
    let status = |more: Value| {
        let mut status = json!({"observedGeneration": 1});
        for (name, value) in more.as_object().expect("because it is a map") {
            status[name] = value.clone();
        }
        parts(status)
    };
    let missing = "InProgress: Missing .status.desiredNumberScheduled";
    check("apps/v1", kind, status(json!({})), missing);
    let fields = [
        "currentNumberScheduled",
        "updatedNumberScheduled",
        "numberAvailable",
        "numberReady",
    ];
    let mut counted = json!({"desiredNumberScheduled": 2});
    for (field, name) in fields.iter().zip(["Current", "Updated", "Available", "Ready"]) {
        check(
            "apps/v1",
            kind,
            status(counted.clone()),
            &format!("InProgress: {name}: 0/2"),
        );
        counted[*field] = json!(2);
    }
    check(
        "apps/v1",
        kind,
        status(counted),
        "Current: All replicas scheduled as expected. Replicas: 2",
    );
}

#[test]
fn replica_sets_count_labelled_available_and_ready() {
    let kind = "ReplicaSet";
    let mut status = json!({});
    for (field, name) in [
        ("fullyLabeledReplicas", "Labelled"),
        ("availableReplicas", "Available"),
        ("readyReplicas", "Ready"),
    ] {
        check(
            "apps/v1",
            kind,
            json!({"status": status.clone()}),
            &format!("InProgress: {name}: 0/1"),
        );
        status[field] = json!(1);
    }
    status["replicas"] = json!(2);
    check(
        "apps/v1",
        kind,
        json!({"status": status.clone()}),
        "InProgress: Pending termination: 1",
    );
    status["replicas"] = json!(1);
    check(
        "apps/v1",
        kind,
        json!({"status": status.clone()}),
        "Current: ReplicaSet is available. Replicas: 1",
    );
    status["conditions"] = json!([{"type": "ReplicaFailure", "status": "True"}]);
    check(
        "apps/v1",
        kind,
        json!({"status": status}),
        "InProgress: Replica Failure condition. Check Pods",
    );
}

#[test]
fn sets_fail_with_their_pods() {
    let pod = |parts: Value| object("v1", "Pod", parts);
    let crashing = pod(json!({"status": {"phase": "Running", "containerStatuses": [
        {"name": "a", "state": {"waiting": {"reason": "CrashLoopBackOff"}}},
    ]}}));
    let unschedulable = pod(json!({"status": {"phase": "Pending", "conditions": [
        {"type": "PodScheduled", "status": "False", "reason": "Unschedulable"},
    ]}}));
    let broken = pod(json!({"status": {"phase": "Odd"}}));
    let set = |kind: &str| object("apps/v1", kind, json!({}));
    let check = |kind: &str, pods: &[&Value], expected: &str| {
        let pods: Vec<Value> = pods.iter().map(|pod| (*pod).clone()).collect();
        assert_eq!(text(readiness_with_pods(&set(kind), &pods, noon())), expected);
    };
    check(
        "StatefulSet",
        &[&crashing, &broken, &crashing],
        "Failed: 2 pods have failed",
    );
    check("ReplicaSet", &[&crashing], "Failed: 1 pods have failed");
    check(
        "ReplicaSet",
        &[&unschedulable, &broken],
        "InProgress: Labelled: 0/1",
    );
    check("Deployment", &[&crashing], "InProgress: Replicas: 0/1");
    let ready = object("apps/v1", "StatefulSet", json!({"spec": {"replicas": 0}}));
    let ready = readiness_with_pods(&ready, &[crashing], noon());
    assert_eq!(
        text(ready),
        "Current: All replicas scheduled as expected. Replicas: 0"
    );
}
