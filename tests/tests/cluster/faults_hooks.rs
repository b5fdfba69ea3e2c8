//! Hooks that fail, and objects that do not become ready.

use serde_json::{Value, json};

use crate::faults_stage::{CONFIG, DEPLOYMENT, Stage, has_failed};

/// A pod that no server takes, at these events.
fn refused_hook(events: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: hook, annotations: {{helm.sh/hook: \"{events}\"}}}}\nspec: {{containers: [{{name: x, image: x}}], restartPolicy: Sometimes}}\n"
    )
}

const JOB: (&str, &str) = (
    "templates/job.yaml",
    "apiVersion: batch/v1\nkind: Job\nmetadata: {name: migrate, annotations: {helm.sh/hook: pre-upgrade}}\nspec: {backoffLimit: 0, template: {spec: {containers: [{name: x, image: x}], restartPolicy: Never}}}\n",
);

#[test]
fn a_failing_pre_rollback_hook_leaves_nothing_pending() {
    let stage = Stage::new("pre-rollback");
    let chart = stage.chart(
        "demo",
        &[CONFIG, ("templates/hook.yaml", &refused_hook("pre-rollback"))],
    );
    stage.does(&["install", "x", &chart]);
    stage.does(&["upgrade", "x", &chart, "--set", "text=two"]);
    stage.fails(
        &["rollback", "x"],
        &[
            "Error: warning: Hook pre-rollback demo/templates/hook.yaml failed: ",
            "restartPolicy",
        ],
    );
    let old = ("superseded", "Install complete");
    stage.check_history(
        "x",
        &[
            old,
            ("deployed", "Upgrade complete"),
            ("failed", "Rollback \"x\" failed: warning: Hook"),
        ],
    );
    stage.does(&["upgrade", "x", &chart, "--set", "text=three"]);
    stage.does(&["uninstall", "x"]);
    stage.check_objects("configmaps", &[]);
}

#[test]
fn a_failing_pre_delete_hook_leaves_the_release_as_it_was() {
    let stage = Stage::new("pre-delete");
    let chart = stage.chart(
        "demo",
        &[CONFIG, ("templates/hook.yaml", &refused_hook("pre-delete"))],
    );
    stage.does(&["install", "x", &chart]);
    let failed = stage.fails(
        &["uninstall", "x"],
        &["Error: warning: Hook pre-delete demo/templates/hook.yaml failed: "],
    );
    assert!(!failed.stderr().contains("another program"), "{failed}");
    stage.check_history(
        "x",
        &[("deployed", "Uninstallation failed: warning: Hook pre-delete")],
    );
    stage.check_objects("configmaps", &["x"]);
    stage.does(&["upgrade", "x", &chart]);
    stage.does(&["uninstall", "x", "--no-hooks"]);
    stage.check_objects("configmaps", &[]);
    assert!(stage.records().is_empty());
}

#[test]
fn a_job_that_fails_is_named_with_its_condition() {
    let stage = Stage::new("failing-job");
    let chart = stage.chart("demo", &[CONFIG, JOB]);
    stage.does(&["install", "x", &chart]);
    let running = stage.start(&["upgrade", "x", &chart, "--set", "text=two"]);
    let job = stage.appears("batch/v1/jobs", "migrate");
    stage.tell(
        &job,
        "BackoffLimitExceeded",
        "Job has reached the specified backoff limit",
    );
    let condition = |kind: &str| {
        json!({
            "type": kind, "status": "True", "reason": "BackoffLimitExceeded", "message": "too many failed pods",
            "lastTransitionTime": "2026-01-01T00:00:10Z", "lastProbeTime": "2026-01-01T00:00:10Z",
        })
    };
    let status = json!({"status": {
        "startTime": "2026-01-01T00:00:00Z",
        "failed": 1,
        "conditions": [condition("FailureTarget"), condition("Failed")],
    }});
    stage
        .scene
        .cluster
        .api()
        .patch(&stage.path("/apis/batch/v1", "jobs/migrate/status"), &status);
    let words = [
        "UPGRADE FAILED: pre-upgrade hooks failed: resource Job/",
        "/migrate not ready. status: Failed, message: Job Failed. failed: 1/1",
        "condition Failed=True BackoffLimitExceeded: too many failed pods",
        "event BackoffLimitExceeded: Job has reached the specified backoff limit",
    ];
    has_failed(running.wait(), &words);
    stage.check_history(
        "x",
        &[
            ("deployed", "Install complete"),
            ("failed", "Upgrade \"x\" failed: pre-upgrade hooks failed"),
        ],
    );
    let text = |object: Option<Value>| object.map(|object| object["data"]["text"].clone());
    assert_eq!(text(stage.scene.object("configmaps", "x")), Some(json!("one")));
}

#[test]
fn a_timeout_names_the_object_its_conditions_and_events() {
    let stage = Stage::new("timeout");
    let chart = stage.chart("demo", &[DEPLOYMENT]);
    let running = stage.start(&["install", "x", &chart, "--wait", "--timeout", "6s"]);
    let deployment = stage.appears("apps/v1/deployments", "x");
    stage.tell(&deployment, "FailedCreate", "no image of that name");
    let status = json!({"status": {"conditions": [{
        "type": "Available", "status": "False", "reason": "MinimumReplicasUnavailable", "message": "nothing runs",
    }]}});
    stage
        .scene
        .cluster
        .api()
        .patch(&stage.path("/apis/apps/v1", "deployments/x/status"), &status);
    let words = [
        "INSTALLATION FAILED: resource Deployment/",
        "/x not ready. status: InProgress",
        "context deadline exceeded",
        "condition Available=False MinimumReplicasUnavailable: nothing runs",
        "event FailedCreate: no image of that name",
    ];
    has_failed(running.wait(), &words);
    stage.check_history("x", &[("failed", "Release \"x\" failed: resource Deployment/")]);
}
