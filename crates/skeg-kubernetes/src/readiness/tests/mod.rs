//! Every rule once, in kstatus' words. `cargo xtask fuzz kstatus` compares with kstatus itself.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::*;

mod workloads;

/// Noon of 2026-01-01.
const NOON: u64 = 1_767_268_800;

fn noon() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(NOON)
}

/// An object with its parts; the metadata gains a name.
fn object(api_version: &str, kind: &str, parts: Value) -> Value {
    let mut object =
        json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": "x", "namespace": "ns"}});
    let Value::Object(parts) = parts else {
        return object;
    };
    for (name, part) in parts {
        match (name.as_str(), part) {
            ("metadata", Value::Object(part)) => {
                for (name, value) in part {
                    object["metadata"][name] = value;
                }
            }
            (_, part) => object[name] = part,
        }
    }
    object
}

fn text(readiness: Result<Readiness, ReadinessError>) -> String {
    match readiness {
        Ok(Readiness { status, message }) => format!("{status}: {message}"),
        Err(error) => format!("error: {error}"),
    }
}

#[track_caller]
fn check(api_version: &str, kind: &str, parts: Value, expected: &str) {
    assert_eq!(
        text(readiness(&object(api_version, kind, parts), noon())),
        expected
    );
}

#[track_caller]
fn check_hook(api_version: &str, kind: &str, parts: Value, expected: &str) {
    assert_eq!(text(hook_readiness(&object(api_version, kind, parts))), expected);
}

#[test]
fn deletion_comes_first() {
    let gone = json!({"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}});
    check(
        "v1",
        "ConfigMap",
        gone,
        "Terminating: Resource scheduled for deletion",
    );
    let not_gone = json!({"metadata": {"deletionTimestamp": ""}});
    check("v1", "ConfigMap", not_gone, "Current: Resource is always ready");
    let broken = json!({"metadata": {"deletionTimestamp": null}});
    check(
        "v1",
        "ConfigMap",
        broken,
        "error: `metadata.deletionTimestamp` is not a string",
    );
}

#[test]
fn the_newest_generation_has_to_be_observed() {
    let parts = |generation: Value, observed: Value| json!({"metadata": {"generation": generation}, "status": {"observedGeneration": observed}});
    let behind = "InProgress: Foo generation is 2, but latest observed generation is 1";
    check("a/v1", "Foo", parts(json!(2), json!(1)), behind);
    check(
        "a/v1",
        "Foo",
        parts(json!(2), json!(2)),
        "Current: Resource is current",
    );
    let unseen = json!({"metadata": {"generation": 2}});
    check("a/v1", "Foo", unseen, "Current: Resource is current");
    // Argo Rollouts. kstatus never finds such an object ready.
    check("a/v1", "Foo", parts(json!(2), json!("1")), behind);
    check(
        "a/v1",
        "Foo",
        parts(json!(2), json!("2")),
        "Current: Resource is current",
    );
    check(
        "a/v1",
        "Foo",
        parts(json!(2), json!("6f8c")),
        "Current: Resource is current",
    );
    let fraction = "error: `status.observedGeneration` is not an integer";
    check("a/v1", "Foo", parts(json!(2), json!(1.5)), fraction);
    check(
        "a/v1",
        "Foo",
        parts(json!("2"), json!(2)),
        "error: `metadata.generation` is not an integer",
    );
}

#[test]
fn standard_conditions_decide_for_any_kind() {
    let with = |kind: &str, status: &str| json!({"status": {"conditions": [{"type": kind, "status": status, "reason": "R", "message": "why"}]}});
    check("v1", "ConfigMap", with("Reconciling", "True"), "InProgress: why");
    check("v1", "ConfigMap", with("Stalled", "True"), "Failed: why");
    check(
        "v1",
        "ConfigMap",
        with("Stalled", "False"),
        "Current: Resource is always ready",
    );
    check("a/v1", "Foo", with("Ready", "True"), "Current: Resource is Ready");
    check("a/v1", "Foo", with("Ready", "False"), "InProgress: why");
    check("a/v1", "Foo", with("Ready", "Unknown"), "InProgress: why");
    check(
        "a/v1",
        "Foo",
        with("Ready", "Perhaps"),
        "Current: Resource is current",
    );
    check(
        "a/b/v1",
        "Foo",
        with("Other", "True"),
        "Current: Resource is current",
    );
}

#[test]
fn conditions_of_another_type_are_errors() {
    let with = |status: Value| json!({"status": status});
    check("a/v1", "Foo", with(json!("x")), "error: `status` is not a map");
    check("a/v1", "Foo", with(json!(null)), "Current: Resource is current");
    let conditions = |conditions: Value| json!({"status": {"conditions": conditions}});
    check(
        "a/v1",
        "Foo",
        conditions(json!({})),
        "error: `status.conditions` is not a list",
    );
    check(
        "a/v1",
        "Foo",
        conditions(json!(null)),
        "Current: Resource is current",
    );
    check(
        "a/v1",
        "Foo",
        conditions(json!([null])),
        "Current: Resource is current",
    );
    check(
        "a/v1",
        "Foo",
        conditions(json!([1])),
        "error: `status.conditions[]` is not a map",
    );
    let number = conditions(json!([{"type": "Ready", "status": 1}]));
    check(
        "a/v1",
        "Foo",
        number,
        "error: `status.conditions[].status` is not a string",
    );
}

#[test]
fn pods_are_judged_by_phase() {
    let check = |status: Value, expected: &str| check("v1", "Pod", json!({"status": status}), expected);
    check(json!({}), "InProgress: Pod phase not available");
    check(
        json!({"phase": "Succeeded"}),
        "Current: Pod has completed successfully",
    );
    check(
        json!({"phase": "Failed"}),
        "Current: Pod has completed, but not successfully",
    );
    check(
        json!({"phase": "Pending"}),
        "InProgress: Pod is in the Pending phase",
    );
    check(json!({"phase": "Unknown"}), "error: unknown phase Unknown");
    check(
        json!({"phase": "Running"}),
        "InProgress: Pod is running but is not Ready",
    );
    let ready = json!({"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]});
    check(ready, "Current: Pod is Ready");
    let crashing = json!({"phase": "Running", "containerStatuses": [
        {"name": "a", "state": {"waiting": {"reason": "CrashLoopBackOff"}}},
        {"name": "b", "state": {"running": {}}},
        {"name": "c", "state": {"waiting": {"reason": "CrashLoopBackOff"}}},
        {"name": "d"}, 7,
    ]});
    check(crashing, "Failed: Containers in CrashLoop state: a,c");
    let broken = json!({"phase": "Running", "containerStatuses": null});
    check(broken, "error: `status.containerStatuses` is not a list");
}

#[test]
fn a_pod_has_fifteen_seconds_to_find_a_node() {
    let pod = |created: &str, reason: &str| {
        json!({"metadata": {"creationTimestamp": created}, "status": {"phase": "Pending", "conditions": [
            {"type": "PodScheduled", "status": "False", "reason": reason},
        ]}})
    };
    let young = "InProgress: Pod has not been scheduled";
    let old = "Failed: Pod could not be scheduled";
    check("v1", "Pod", pod("2026-01-01T11:59:46Z", "Unschedulable"), young);
    check("v1", "Pod", pod("2026-01-01T11:59:45Z", "Unschedulable"), old);
    check("v1", "Pod", pod("not a time", "Unschedulable"), old);
    let gated = "InProgress: Pod is in the Pending phase";
    check("v1", "Pod", pod("2026-01-01T11:59:45Z", "SchedulingGated"), gated);
}

#[test]
fn a_job_is_ready_once_it_runs_unless_its_end_is_waited_for() {
    let status = |status: Value| json!({"spec": {"completions": 3}, "status": status});
    let ended = |kind: &str| {
        status(json!({"succeeded": 3, "failed": 1, "conditions": [{"type": kind, "status": "True"}]}))
    };
    let running = status(json!({"startTime": "2026-01-01T00:00:00Z", "active": 1, "succeeded": 2}));
    check(
        "batch/v1",
        "Job",
        status(json!({})),
        "InProgress: Job not started",
    );
    check(
        "batch/v1",
        "Job",
        running.clone(),
        "Current: Job in progress. success:2, active: 1, failed: 0",
    );
    check(
        "batch/v1",
        "Job",
        ended("Complete"),
        "Current: Job Completed. succeeded: 3/3",
    );
    check(
        "batch/v1",
        "Job",
        ended("Failed"),
        "Failed: Job Failed. failed: 1/3",
    );
    check_hook("batch/v1", "Job", running.clone(), "InProgress: Job in progress");
    check_hook(
        "batch/v1",
        "Job",
        ended("Complete"),
        "Current: Job Completed. succeeded: 3/3",
    );
    check_hook(
        "batch/v1",
        "Job",
        ended("Failed"),
        "Failed: Job Failed. failed: 1/3",
    );
    let with_jobs = readiness_with_jobs(&object("batch/v1", "Job", running), noon());
    assert_eq!(text(with_jobs), "InProgress: Job in progress");
    let other = readiness_with_jobs(&object("v1", "Secret", json!({})), noon());
    assert_eq!(text(other), "Current: Resource is always ready");
    let parallel =
        json!({"spec": {"parallelism": 2}, "status": {"conditions": [{"type": "Failed", "status": "True"}]}});
    check("batch/v1", "Job", parallel, "Failed: Job Failed. failed: 0/2");
}

#[test]
fn hooks_that_are_no_jobs_and_no_pods_are_ready_at_once() {
    let phase = |phase: &str| json!({"status": {"phase": phase}});
    check_hook("v1", "Pod", phase("Succeeded"), "Current: pod x succeeded");
    check_hook("v1", "Pod", phase("Failed"), "Failed: pod x failed");
    check_hook("v1", "Pod", phase("Running"), "InProgress: Pod in progress");
    check_hook("v1", "Pod", json!({}), "InProgress: Pod in progress");
    check_hook("apps/v1", "Deployment", json!({}), "Current: Resource is current");
    check_hook("v1", "Job", json!({}), "Current: Resource is current");
}

#[test]
fn the_other_kinds() {
    check("v1", "Service", json!({}), "Current: Service is ready");
    let balancer = json!({"spec": {"type": "LoadBalancer"}});
    check(
        "v1",
        "Service",
        balancer,
        "InProgress: ClusterIP not set. Service type: LoadBalancer",
    );
    let with_address = json!({"spec": {"type": "LoadBalancer", "clusterIP": "10.0.0.1"}});
    check("v1", "Service", with_address, "Current: Service is ready");
    check(
        "v1",
        "PersistentVolumeClaim",
        json!({}),
        "InProgress: PVC is not Bound. phase: unknown",
    );
    let pending = json!({"status": {"phase": "Pending"}});
    check(
        "v1",
        "PersistentVolumeClaim",
        pending,
        "InProgress: PVC is not Bound. phase: Pending",
    );
    check(
        "v1",
        "PersistentVolumeClaim",
        json!({"status": {"phase": "Bound"}}),
        "Current: PVC is Bound",
    );
    check(
        "policy/v1",
        "PodDisruptionBudget",
        json!({}),
        "Current: AllowedDisruptions has been computed.",
    );
    check("v1", "Secret", json!({}), "Current: Resource is always ready");
    check(
        "batch/v1",
        "CronJob",
        json!({}),
        "Current: Resource is always ready",
    );
    check("v1", "ServiceAccount", json!({}), "Current: Resource is current");
}

#[test]
fn definitions_of_resources_are_established() {
    let check = |conditions: Value, expected: &str| {
        let parts = json!({"status": {"conditions": conditions}});
        check(
            "apiextensions.k8s.io/v1",
            "CustomResourceDefinition",
            parts,
            expected,
        );
    };
    let condition = |kind: &str, status: &str, reason: &str| json!({"type": kind, "status": status, "reason": reason, "message": "why"});
    check(json!([]), "InProgress: Install in progress");
    check(json!([condition("NamesAccepted", "False", "")]), "Failed: why");
    check(
        json!([condition("Established", "False", "NotAccepted")]),
        "Failed: why",
    );
    check(
        json!([condition("Established", "False", "Installing")]),
        "InProgress: Install in progress",
    );
    check(
        json!([condition("Established", "True", "")]),
        "Current: CRD is established",
    );
}

#[test]
fn paused_deployments_are_not_waited_for() {
    let is_waited = |api_version, paused: Value| {
        is_waited_for(&object(
            api_version,
            "Deployment",
            json!({"spec": {"paused": paused}}),
        ))
    };
    assert!(!is_waited("apps/v1", json!(true)));
    assert!(is_waited("apps/v1", json!(false)));
    assert!(is_waited("other/v1", json!(true)));
    assert!(is_waited_for(&json!({"spec": "x"})));
}

#[test]
fn errors_are_in_helms_words() {
    let identity = Identity::of(&object("v1", "ConfigMap", json!({})));
    assert_eq!(
        Readiness::unknown().not_ready(&identity),
        "resource ConfigMap/ns/x not ready. status: Unknown, message: "
    );
    assert_eq!(
        Readiness::not_found().still_exists(&identity),
        "resource ConfigMap/ns/x still exists. status: NotFound, message: Resource not found"
    );
}

#[test]
fn nonsense_is_no_panic() {
    for nonsense in [
        json!(null),
        json!([]),
        json!("x"),
        json!({"metadata": 1}),
        json!({"kind": {}}),
    ] {
        let _ignored = readiness(&nonsense, noon());
        let _ignored = hook_readiness(&nonsense);
        let _ignored = readiness_with_pods(&nonsense, std::slice::from_ref(&nonsense), noon());
    }
}
