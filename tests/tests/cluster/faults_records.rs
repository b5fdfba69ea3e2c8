//! Records that are broken, too large, or written by two programs at once; fields that belong to others.

use serde_json::{Value, json};
use skeg_test_support::random_bytes;

use crate::faults_stage::{CONFIG, DEPLOYMENT, Stage, has_failed};

const DONE: (&str, &str) = ("deployed", "Install complete");
const OLD: (&str, &str) = ("superseded", "Install complete");

impl Stage {
    fn record_path(&self, revision: u32) -> String {
        self.path("/api/v1", &format!("secrets/sh.helm.release.v1.x.v{revision}"))
    }

    /// Puts something else in the place of what a record says.
    fn damage(&self, revision: u32, change: impl Fn(&str) -> String) {
        let api = self.scene.cluster.api();
        let path = self.record_path(revision);
        let record = api.get(&path).expect("because it is installed");
        let text = record["data"]["release"].as_str().unwrap_or_default();
        api.patch(&path, &json!({"data": {"release": change(text)}}));
    }
}

/// The only record is no record.
#[test]
fn a_broken_record_is_named() {
    let stage = Stage::new("broken");
    let chart = stage.chart("demo", &[CONFIG]);
    stage.does(&["install", "x", &chart]);
    stage.damage(1, |_| "bm9uc2Vuc2U=".to_owned());
    let named = "key=sh.helm.release.v1.x.v1";
    for arguments in [
        &["status", "x"][..],
        &["upgrade", "x", &chart],
        &["rollback", "x"],
        &["get", "values", "x"],
    ] {
        stage.fails(arguments, &[named, "no revision for release \"x\""]);
    }
    stage.fails(&["uninstall", "x"], &[named, "no release provided"]);
    stage.fails(
        &["install", "x", &chart],
        &["cannot reuse a name that is still in use"],
    );
    let words = [
        "records that cannot be read: sh.helm.release.v1.x.v1",
        "kubectl delete secret sh.helm.release.v1.x.v1",
    ];
    stage.fails(&["release", "recover", "x"], &words);
    let listed = stage.does(&["list", "-q"]);
    assert_eq!(listed.stdout(), "", "{listed}");
    stage.check_history("x", &[]);
    stage.scene.cluster.api().delete(&stage.record_path(1));
    stage.does(&["install", "x", &chart]);
    stage.does(&["uninstall", "x"]);
    stage.check_objects("configmaps", &[]);
}

/// Half of the last record is missing: the one before it still says what was.
#[test]
fn a_truncated_record_does_not_hide_the_others() {
    let stage = Stage::new("truncated");
    let chart = stage.chart("demo", &[CONFIG]);
    stage.does(&["install", "x", &chart]);
    stage.does(&["upgrade", "x", &chart]);
    stage.damage(2, |text| text[..text.len() / 8 * 4].to_owned());
    stage.check_history("x", &[OLD]);
    let words = [
        "key=sh.helm.release.v1.x.v2",
        "UPGRADE FAILED: release: already exists",
        "skeg history",
    ];
    stage.fails(&["upgrade", "x", &chart], &words);
    stage.fails(&["release", "recover", "x"], &["sh.helm.release.v1.x.v2"]);
    stage.scene.cluster.api().delete(&stage.record_path(2));
    stage.does(&["upgrade", "x", &chart]);
    stage.check_history("x", &[OLD, ("deployed", "Upgrade complete")]);
}

#[test]
fn a_record_that_is_too_large_says_what_is_large() {
    let stage = Stage::new("large");
    let large = stage.chart("demo", &[CONFIG]);
    let blob = stage.scene.sandbox.work().join("demo/blob.bin");
    fs_err::write(blob, random_bytes(1_200_000, 7)).expect("because the sandbox is ours");
    let words = [
        "create: failed to create: Secret \"sh.helm.release.v1.x.v1\" is invalid: data: Too long: may not be more than 1048576 bytes",
        "blob.bin 1200000",
        ".helmignore",
    ];
    stage.fails(&["install", "x", &large], &words);
    stage.check_objects("configmaps", &[]);
    assert!(stage.records().is_empty());
    let small = stage.chart("small", &[CONFIG]);
    stage.does(&["install", "x", &small]);
    stage.fails(
        &["upgrade", "x", &large],
        &["UPGRADE FAILED: create: failed to create", "blob.bin 1200000"],
    );
    stage.check_history("x", &[DONE]);
}

#[test]
fn of_several_upgrades_at_once_one_wins() {
    let stage = Stage::new("at-once");
    let chart = stage.chart("demo", &[CONFIG]);
    stage.does(&["install", "x", &chart]);
    let upgrade =
        |number: usize| stage.start(&["upgrade", "x", &chart, "--set", &format!("text=by{number}")]);
    let running: Vec<_> = (0..4).map(upgrade).collect();
    let ended: Vec<_> = running
        .into_iter()
        .map(skeg_tests::RunningProgram::wait)
        .collect();
    let won: Vec<usize> = (0..4).filter(|index| ended[*index].status() == Some(0)).collect();
    for (index, outcome) in ended.iter().enumerate() {
        let is_told = [
            "release: already exists",
            "another operation (install/upgrade/rollback) is in progress",
        ]
        .iter()
        .any(|words| {
            outcome
                .stderr()
                .contains(&format!("Error: UPGRADE FAILED: {words}"))
        });
        assert!(won.contains(&index) || is_told, "{outcome}");
    }
    // One that came late upgrades what the first has made.
    let mut expected = vec![OLD];
    expected.extend(vec![
        ("superseded", "Upgrade complete");
        won.len().saturating_sub(1)
    ]);
    expected.push(("deployed", "Upgrade complete"));
    stage.check_history("x", &expected);
    let object = stage
        .scene
        .object("configmaps", "x")
        .expect("because it is installed");
    let text = object["data"]["text"].as_str().unwrap_or_default();
    assert!(
        won.iter().any(|number| text == format!("by{number}")),
        "{text} of {won:?}"
    );
}

/// Somebody else writes the record while the objects are waited for.
#[test]
fn a_record_that_another_program_has_changed_is_not_overwritten() {
    let stage = Stage::new("changed-record");
    let small = stage.chart("demo", &[CONFIG]);
    stage.does(&["install", "x", &small]);
    let chart = stage.chart("demo", &[DEPLOYMENT]);
    let running = stage.start(&["upgrade", "x", &chart, "--wait", "--timeout", "5s"]);
    stage.appears("apps/v1/deployments", "x");
    let path = stage.record_path(2);
    stage
        .scene
        .cluster
        .api()
        .patch(&path, &json!({"metadata": {"annotations": {"by": "another"}}}));
    let words = [
        "failed to update release",
        "sh.helm.release.v1.x.v2 was changed by another program",
        "context deadline exceeded",
    ];
    has_failed(running.wait(), &words);
    let record = stage.scene.cluster.api().get(&path).unwrap_or_default();
    assert_eq!(record["metadata"]["annotations"]["by"], "another");
    stage.check_history("x", &[DONE, ("pending-upgrade", "Preparing upgrade")]);
    stage.does(&["release", "recover", "x", "--force"]);
    stage.does(&["upgrade", "x", &small]);
}

#[test]
fn fields_of_others_are_conflicts_unless_forced() {
    let stage = Stage::new("conflict");
    let chart = stage.chart("demo", &[CONFIG]);
    stage.does(&["install", "x", &chart]);
    let path = stage.path("/api/v1", "configmaps/x?fieldManager=kubectl-edit");
    stage
        .scene
        .cluster
        .api()
        .patch(&path, &json!({"data": {"text": "other"}}));
    let words = [
        "UPGRADE FAILED: conflict occurred while applying object ",
        "Apply failed with 1 conflict: conflict with \"kubectl-edit\" using v1: .data.text",
        "--force-conflicts",
    ];
    let text = || {
        let object: Option<Value> = stage.scene.object("configmaps", "x");
        object.map(|object| object["data"]["text"].clone())
    };
    stage.fails(&["upgrade", "x", &chart, "--set", "text=two"], &words);
    assert_eq!(text(), Some(json!("other")));
    stage.check_history(
        "x",
        &[DONE, ("failed", "Upgrade \"x\" failed: conflict occurred")],
    );
    stage.does(&["upgrade", "x", &chart, "--set", "text=two", "--force-conflicts"]);
    assert_eq!(text(), Some(json!("two")));
}
