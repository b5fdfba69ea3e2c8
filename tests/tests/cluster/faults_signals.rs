//! Programs that are ended in the middle of an operation.

use crate::faults_stage::{CONFIG, DEPLOYMENT, Stage};

const DONE: (&str, &str) = ("deployed", "Install complete");
const OLD: (&str, &str) = ("superseded", "Install complete");

#[test]
fn an_interrupted_installation_has_failed() {
    let stage = Stage::new("int-install");
    let chart = stage.chart("demo", &[CONFIG, DEPLOYMENT]);
    let running = stage.start(&["install", "x", &chart, "--wait"]);
    stage.appears("apps/v1/deployments", "x");
    running.interrupt();
    let ended = running.wait().failure();
    assert_eq!(ended.stdout(), "Release x has been cancelled.\n", "{ended}");
    assert!(
        ended
            .stderr()
            .contains("Error: INSTALLATION FAILED: context canceled\n"),
        "{ended}"
    );
    stage.check_history("x", &[("failed", "Release \"x\" failed: context canceled")]);
    stage.does(&["upgrade", "x", &chart]);
    stage.does(&["uninstall", "x"]);
    stage.check_objects("configmaps", &[]);
    assert!(stage.records().is_empty());
}

#[test]
fn an_interrupted_upgrade_has_failed() {
    let stage = Stage::new("int-upgrade");
    let small = stage.chart("demo", &[CONFIG]);
    stage.does(&["install", "x", &small]);
    let chart = stage.chart("demo", &[DEPLOYMENT]);
    let running = stage.start(&["upgrade", "x", &chart, "--wait"]);
    stage.appears("apps/v1/deployments", "x");
    running.interrupt();
    let ended = running.wait().failure();
    assert_eq!(ended.stdout(), "Release x has been cancelled.\n", "{ended}");
    assert!(
        ended
            .stderr()
            .contains("Error: UPGRADE FAILED: context canceled\n"),
        "{ended}"
    );
    stage.check_history("x", &[DONE, ("failed", "Upgrade \"x\" failed: context canceled")]);
    stage.does(&["rollback", "x", "1"]);
    stage.check_history("x", &[OLD, ("failed", ""), ("deployed", "Rollback to 1")]);
}

#[test]
fn a_killed_upgrade_is_recovered() {
    let stage = Stage::new("kill-upgrade");
    let small = stage.chart("demo", &[CONFIG]);
    stage.does(&["install", "x", &small]);
    let chart = stage.chart("demo", &[DEPLOYMENT]);
    let mut running = stage.start(&["upgrade", "x", &chart, "--wait"]);
    stage.appears("apps/v1/deployments", "x");
    running.kill();
    assert_eq!(running.wait().status(), None);
    stage.check_history("x", &[DONE, ("pending-upgrade", "Preparing upgrade")]);
    let words = [
        "UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress",
        "skeg release recover",
    ];
    stage.fails(&["upgrade", "x", &chart], &words);
    stage.fails(
        &["release", "recover", "x"],
        &["revision 2 is pending-upgrade for", "--force"],
    );
    stage.does(&["release", "recover", "x", "--force", "--dry-run"]);
    stage.check_history("x", &[DONE, ("pending-upgrade", "")]);
    stage.does(&["release", "recover", "x", "--force"]);
    stage.check_history("x", &[DONE, ("failed", "Recovered: the operation was cut off")]);
    stage.does(&["upgrade", "x", &chart]);
    stage.check_history(
        "x",
        &[OLD, ("failed", "Recovered"), ("deployed", "Upgrade complete")],
    );
}

#[test]
fn a_killed_installation_is_recovered() {
    let stage = Stage::new("kill-install");
    let chart = stage.chart("demo", &[CONFIG, DEPLOYMENT]);
    let mut running = stage.start(&["install", "x", &chart, "--wait"]);
    stage.appears("apps/v1/deployments", "x");
    running.kill();
    assert_eq!(running.wait().status(), None);
    stage.check_history("x", &[("pending-install", "Initial install underway")]);
    stage.fails(
        &["install", "x", &chart],
        &["cannot reuse a name that is still in use", "skeg release recover"],
    );
    stage.fails(
        &["upgrade", "x", &chart],
        &["another operation (install/upgrade/rollback) is in progress"],
    );
    stage.does(&["release", "recover", "x", "--force"]);
    stage.check_history(
        "x",
        &[(
            "failed",
            "Recovered: the operation was cut off while pending-install",
        )],
    );
    stage.does(&["upgrade", "x", &chart]);
    stage.does(&["uninstall", "x"]);
    stage.check_objects("apps/v1/deployments", &[]);
    assert!(stage.records().is_empty());
}

#[test]
fn a_killed_uninstallation_is_finished_by_the_next_one() {
    let stage = Stage::new("kill-uninstall");
    let chart = stage.chart("demo", &[CONFIG]);
    stage.does(&["install", "x", &chart]);
    let config = stage.path("/api/v1", "configmaps/x");
    let api = stage.scene.cluster.api();
    api.patch(
        &config,
        &serde_json::json!({"metadata": {"finalizers": ["faults.example/held"]}}),
    );
    let mut running = stage.start(&["uninstall", "x", "--wait"]);
    crate::faults_stage::until("deletion", || {
        let object = stage.scene.object("configmaps", "x")?;
        object["metadata"]["deletionTimestamp"].as_str().map(drop)
    });
    running.kill();
    drop(running.wait());
    stage.check_history(
        "x",
        &[("uninstalling", "Deletion in progress (or silently failed)")],
    );
    stage.fails(
        &["upgrade", "x", &chart],
        &["\"x\" has no deployed releases", "skeg uninstall"],
    );
    api.patch(&config, &serde_json::json!({"metadata": {"finalizers": null}}));
    stage.does(&["uninstall", "x"]);
    stage.check_objects("configmaps", &[]);
    assert!(stage.records().is_empty());
}
