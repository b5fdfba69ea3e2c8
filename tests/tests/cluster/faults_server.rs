//! An API server that goes away, is overloaded, or knows the user no more.

use std::time::Duration;

use serde_json::json;
use skeg_test_support::Fault;

use crate::faults_stage::{CONFIG, DEPLOYMENT, Stage, has_failed, until};

const DONE: (&str, &str) = ("deployed", "Install complete");
const OLD: (&str, &str) = ("superseded", "Install complete");

/// Nothing answers any more, so that not even the failure can be recorded.
#[test]
fn a_server_that_goes_away_in_the_middle_of_an_upgrade_leaves_what_can_be_recovered() {
    let stage = Stage::new("killed-server");
    let small = stage.chart("demo", &[CONFIG]);
    stage.does(&["install", "x", &small]);
    let chart = stage.chart("demo", &[DEPLOYMENT]);
    let proxy = stage.scene.behind_proxy();
    let running = stage.start(&[
        "upgrade",
        "x",
        &chart,
        "--wait",
        "--timeout",
        "5s",
        "--set",
        "text=two",
    ]);
    stage.appears("apps/v1/deployments", "x");
    drop(proxy);
    has_failed(
        running.wait(),
        &["Error: UPGRADE FAILED: ", "failed to update release"],
    );
    let refused = [
        "kubernetes cluster unreachable: Get \"https://127.0.0.1:",
        "connection refused",
        "see whether the API server runs",
    ];
    stage.fails(&["upgrade", "x", &chart], &refused);
    stage.fails(&["list"], &refused);
    stage.scene.enter_by(stage.scene.cluster.kubeconfig());
    stage.check_history("x", &[DONE, ("pending-upgrade", "Preparing upgrade")]);
    stage.fails(
        &["upgrade", "x", &chart],
        &[
            "another operation (install/upgrade/rollback) is in progress",
            "skeg release recover",
        ],
    );
    stage.does(&["release", "recover", "x", "--force"]);
    stage.does(&["upgrade", "x", &chart]);
    stage.check_history(
        "x",
        &[OLD, ("failed", "Recovered"), ("deployed", "Upgrade complete")],
    );
}

/// A server that is restarted while objects are waited for.
#[test]
fn a_server_that_comes_back_does_not_end_a_wait() {
    let stage = Stage::new("restarted");
    let chart = stage.chart("demo", &[DEPLOYMENT]);
    let proxy = stage.scene.behind_proxy();
    let running = stage.start(&["install", "x", &chart, "--wait", "--timeout", "50s"]);
    stage.appears("apps/v1/deployments", "x");
    until("a watch", || {
        (proxy.requests().count("GET", "watch=") > 0).then_some(())
    });
    proxy.hang_up();
    until("another watch", || {
        (proxy.requests().count("GET", "watch=") > 1).then_some(())
    });
    let status = json!({"status": {
        "observedGeneration": 1, "replicas": 1, "updatedReplicas": 1, "readyReplicas": 1, "availableReplicas": 1,
        "conditions": [
            {"type": "Available", "status": "True", "reason": "MinimumReplicasAvailable"},
            {"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable"},
        ],
    }});
    stage
        .scene
        .cluster
        .api()
        .patch(&stage.path("/apis/apps/v1", "deployments/x/status"), &status);
    let _ready = running.wait().success();
    stage.check_history("x", &[DONE]);
}

#[test]
fn a_connection_that_breaks_while_objects_are_written_fails_the_upgrade() {
    let stage = Stage::new("broken-line");
    let chart = stage.chart("demo", &[CONFIG]);
    stage.does(&["install", "x", &chart]);
    let proxy = stage.scene.behind_proxy();
    proxy.add_fault(Fault::disconnect_after(0).on("PATCH", "/configmaps/x").once());
    stage.fails(
        &["upgrade", "x", &chart, "--set", "text=two"],
        &["UPGRADE FAILED: server-side apply failed for object "],
    );
    stage.check_history(
        "x",
        &[DONE, ("failed", "Upgrade \"x\" failed: server-side apply failed")],
    );
    stage.does(&["upgrade", "x", &chart, "--set", "text=two"]);
    stage.check_history("x", &[OLD, ("failed", ""), ("deployed", "Upgrade complete")]);
}

/// The record is there, but nobody has said so.
#[test]
fn a_record_whose_answer_is_lost_can_be_recovered() {
    let stage = Stage::new("lost-answer");
    let chart = stage.chart("demo", &[CONFIG]);
    let proxy = stage.scene.behind_proxy();
    proxy.add_fault(
        Fault::disconnect_after(0)
            .committed()
            .on("POST", "/secrets")
            .once(),
    );
    stage.fails(
        &["install", "x", &chart],
        &["INSTALLATION FAILED: create: failed to create: Post \"https://"],
    );
    stage.check_history("x", &[("pending-install", "Initial install underway")]);
    stage.check_objects("configmaps", &[]);
    stage.does(&["release", "recover", "x", "--force"]);
    stage.does(&["upgrade", "x", &chart]);
    stage.does(&["uninstall", "x"]);
    assert!(stage.records().is_empty());
}

/// Everything is on the server, but the last word of the record did not get there.
#[test]
fn an_installation_that_cannot_be_recorded_says_so() {
    let stage = Stage::new("unrecorded");
    let chart = stage.chart("demo", &[CONFIG]);
    let proxy = stage.scene.behind_proxy();
    proxy.add_fault(Fault::kubernetes(500, "InternalError", "the database is full").on("PUT", "/secrets/"));
    let words = [
        "INSTALLATION FAILED: everything is installed, but the record cannot be written",
        "the database is full",
        "skeg release recover",
    ];
    stage.fails(&["install", "x", &chart], &words);
    proxy.clear_faults();
    stage.check_history("x", &[("pending-install", "Initial install underway")]);
    stage.does(&["release", "recover", "x", "--force"]);
    stage.does(&["upgrade", "x", &chart]);
}

fn busy() -> Fault {
    Fault::kubernetes(429, "TooManyRequests", "please try again later").header("Retry-After", "0")
}

#[test]
fn a_busy_server_is_asked_again() {
    let stage = Stage::new("busy");
    let chart = stage.chart("demo", &[CONFIG]);
    let proxy = stage.scene.behind_proxy();
    for (method, part) in [
        ("POST", "/secrets"),
        ("PATCH", "/configmaps/x"),
        ("PUT", "/secrets/"),
    ] {
        proxy.add_fault(busy().on(method, part).times(2));
    }
    stage.does(&["install", "x", &chart]);
    assert_eq!(
        proxy.requests().count("PATCH", "/configmaps/x"),
        3,
        "{}",
        proxy.requests()
    );
    stage.check_history("x", &[DONE]);
}

#[test]
fn a_server_that_stays_busy_fails_the_upgrade() {
    let stage = Stage::new("busier");
    let chart = stage.chart("demo", &[CONFIG]);
    stage.does(&["install", "x", &chart]);
    let proxy = stage.scene.behind_proxy();
    proxy.add_fault(busy().on("PATCH", "/configmaps/x"));
    stage.fails(
        &["upgrade", "x", &chart, "--set", "text=two"],
        &[
            "UPGRADE FAILED: server-side apply failed for object ",
            "please try again later",
        ],
    );
    stage.check_history(
        "x",
        &[DONE, ("failed", "Upgrade \"x\" failed: server-side apply failed")],
    );
}

#[test]
fn a_slow_server_is_waited_for() {
    let stage = Stage::new("slow");
    let chart = stage.chart("demo", &[CONFIG]);
    let proxy = stage.scene.behind_proxy();
    proxy.add_fault(Fault::delay(Duration::from_secs(2)).on("PATCH", "/configmaps/x"));
    stage.does(&["install", "x", &chart]);
    stage.check_history("x", &[DONE]);
}

#[test]
fn an_expired_token_is_named() {
    let stage = Stage::new("expired");
    let chart = stage.chart("demo", &[CONFIG]);
    stage.does(&["install", "x", &chart]);
    let words = [
        "kubernetes cluster unreachable: the server has asked for the client to provide credentials",
        "have expired",
    ];
    for arguments in [
        &["list"][..],
        &["status", "x"],
        &["history", "x"],
        &["upgrade", "x", &chart],
        &["rollback", "x"],
        &["uninstall", "x"],
        &["install", "y", &chart],
    ] {
        let arguments: Vec<&str> = arguments
            .iter()
            .copied()
            .chain(["--kube-token", "expired-token"])
            .collect();
        let failed = stage.fails(&arguments, &words);
        assert!(!failed.stderr().contains("expired-token"), "{failed}");
    }
    stage.check_history("x", &[DONE]);
    stage.check_objects("configmaps", &["x"]);
}

#[test]
fn a_token_that_expires_during_an_upgrade_fails_it() {
    let stage = Stage::new("expires");
    let chart = stage.chart("demo", &[CONFIG]);
    stage.does(&["install", "x", &chart]);
    let proxy = stage.scene.behind_proxy();
    proxy.add_fault(Fault::kubernetes(401, "Unauthorized", "Unauthorized").on("PATCH", "/configmaps/x"));
    stage.fails(
        &["upgrade", "x", &chart, "--set", "text=two"],
        &[
            "UPGRADE FAILED: server-side apply failed for object ",
            "Unauthorized",
        ],
    );
    stage.check_history(
        "x",
        &[DONE, ("failed", "Upgrade \"x\" failed: server-side apply failed")],
    );
    proxy.clear_faults();
    stage.does(&["upgrade", "x", &chart, "--set", "text=two"]);
}
