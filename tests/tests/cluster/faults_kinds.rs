//! Kinds that are not there, objects that are large or have no name, charts that are none, namespaces that go.

use crate::faults_stage::{CONFIG, Stage};

const OLD: (&str, &str) = ("superseded", "Install complete");

/// A definition of the kind Gear in a group.
fn definition(group: &str) -> String {
    format!(
        "apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {{name: gears.{group}}}
spec:
  group: {group}
  scope: Namespaced
  names: {{plural: gears, singular: gear, kind: Gear}}
  versions: [{{name: v1, served: true, storage: true, schema: {{openAPIV3Schema: {{type: object, x-kubernetes-preserve-unknown-fields: true}}}}}}]
"
    )
}

fn gear(group: &str) -> String {
    format!(
        "apiVersion: {group}/v1\nkind: Gear\nmetadata: {{name: \"{{{{ .Release.Name }}}}\"}}\nspec: {{teeth: 7}}\n"
    )
}

impl Stage {
    /// A chart with a Gear, whose kind is there, and its group.
    fn geared(&self) -> (String, String) {
        let group = format!("{}.example", self.scene.namespace);
        let crd = definition(&group);
        let chart = self.chart(
            "demo",
            &[
                CONFIG,
                ("crds/gear.yaml", &crd),
                ("templates/gear.yaml", &gear(&group)),
            ],
        );
        self.does(&["install", "x", &chart]);
        (chart, group)
    }

    /// The kind goes, and with it its objects.
    fn lose_kind(&self, group: &str) {
        let api = self.scene.cluster.api();
        api.delete(&format!(
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gears.{group}"
        ));
        crate::faults_stage::until("the end of the kind", || {
            api.get(&format!("/apis/{group}")).is_none().then_some(())
        });
    }
}

#[test]
fn a_definition_in_crds_and_its_object_are_installed_together() {
    let stage = Stage::new("crds");
    let (_chart, group) = stage.geared();
    stage.check_objects(&format!("{group}/v1/gears"), &["x"]);
    stage.does(&["uninstall", "x"]);
    stage.check_objects(&format!("{group}/v1/gears"), &[]);
    stage.lose_kind(&group);
}

#[test]
fn a_definition_in_templates_with_its_object_changes_nothing() {
    let stage = Stage::new("templates");
    let group = format!("{}.example", stage.scene.namespace);
    let files = [
        CONFIG,
        ("templates/crd.yaml", &*definition(&group)),
        ("templates/gear.yaml", &*gear(&group)),
    ];
    let chart = stage.chart("demo", &files);
    let words = [
        "INSTALLATION FAILED: unable to build kubernetes objects from release manifest: ",
        "no matches for kind \"Gear\"",
        "ensure CRDs are installed first",
    ];
    stage.fails(&["install", "x", &chart], &words);
    stage.check_objects("configmaps", &[]);
    assert!(stage.records().is_empty());
}

#[test]
fn a_kind_that_vanished_is_no_obstacle_to_an_upgrade_without_it() {
    let stage = Stage::new("gone-upgrade");
    let (chart, group) = stage.geared();
    stage.lose_kind(&group);
    stage.fails(&["upgrade", "x", &chart], &["no matches for kind \"Gear\""]);
    stage.check_history("x", &[("deployed", "Install complete")]);
    let without = stage.chart("without", &[CONFIG]);
    let upgraded = stage.does(&["upgrade", "x", &without]);
    assert!(
        upgraded.stderr().contains("no matches for kind \\\"Gear\\\""),
        "{upgraded}"
    );
    stage.check_history("x", &[OLD, ("deployed", "Upgrade complete")]);
    stage.fails(&["rollback", "x", "1"], &["no matches for kind \"Gear\""]);
    stage.check_history("x", &[OLD, ("deployed", "Upgrade complete")]);
}

#[test]
fn a_kind_that_vanished_is_no_obstacle_to_a_rollback_without_it() {
    let stage = Stage::new("gone-rollback");
    let without = stage.chart("without", &[CONFIG]);
    stage.does(&["install", "y", &without]);
    let (chart, group) = stage.geared();
    stage.does(&["upgrade", "y", &chart]);
    stage.lose_kind(&group);
    let rolled_back = stage.does(&["rollback", "y", "1"]);
    assert!(
        rolled_back.stderr().contains("no matches for kind \\\"Gear\\\""),
        "{rolled_back}"
    );
    stage.check_history(
        "y",
        &[
            OLD,
            ("superseded", "Upgrade complete"),
            ("deployed", "Rollback to 1"),
        ],
    );
}

#[test]
fn a_kind_that_vanished_is_no_obstacle_to_uninstalling() {
    let stage = Stage::new("gone-uninstall");
    let (_chart, group) = stage.geared();
    stage.lose_kind(&group);
    let gone = stage.does(&["uninstall", "x"]);
    assert!(
        gone.stderr().contains("no matches for kind \\\"Gear\\\""),
        "{gone}"
    );
    stage.check_objects("configmaps", &[]);
    assert!(stage.records().is_empty());
}

/// The objects of a version that is not served any more are still there in another one.
#[test]
fn a_version_that_vanished_does_not_hide_its_objects() {
    let stage = Stage::new("gone-version");
    let group = format!("{}.example", stage.scene.namespace);
    let versions = definition(&group).replace(
        "versions: [",
        "versions: [{name: v1beta1, served: true, storage: false, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}, ",
    );
    let beta = gear(&group).replace("/v1\n", "/v1beta1\n");
    let files = [
        CONFIG,
        ("crds/gear.yaml", &*versions),
        ("templates/gear.yaml", &*beta),
    ];
    let chart = stage.chart("demo", &files);
    stage.does(&["install", "x", &chart]);
    let api = stage.scene.cluster.api();
    let path = format!("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gears.{group}");
    let mut object = api.get(&path).expect("because it is installed");
    object["spec"]["versions"][0]["served"] = false.into();
    api.patch(
        &path,
        &serde_json::json!({"spec": {"versions": object["spec"]["versions"]}}),
    );
    let old = format!("/apis/{group}/v1beta1");
    crate::faults_stage::until("the end of the version", || api.get(&old).is_none().then_some(()));
    let gears = format!("{group}/v1/gears");
    stage.check_objects(&gears, &["x"]);
    stage.does(&["uninstall", "x"]);
    stage.check_objects(&gears, &[]);
    assert!(stage.records().is_empty());
}

#[test]
fn objects_of_generated_names_leave_nothing() {
    let stage = Stage::new("generated");
    let (path, text) = CONFIG;
    let text = text.replace(
        "name: \"{{ .Release.Name }}\"",
        "generateName: \"{{ .Release.Name }}-\"",
    );
    let chart = stage.chart("demo", &[(path, &text)]);
    let names = || {
        let objects = stage.scene.objects("configmaps");
        let names = objects
            .iter()
            .map(|object| object["metadata"]["name"].to_string());
        names.collect::<Vec<_>>()
    };
    stage.does(&["install", "x", &chart]);
    let first = names();
    stage.does(&["upgrade", "x", &chart, "--set", "text=two"]);
    let second = names();
    assert_eq!((first.len(), second.len()), (1, 1), "{first:?} {second:?}");
    assert_ne!(first, second);
    stage.does(&["rollback", "x", "1"]);
    assert_eq!(names().len(), 1);
    stage.does(&["uninstall", "x"]);
    assert!(names().is_empty());
}

#[test]
fn objects_of_a_megabyte_live_and_larger_ones_are_refused() {
    let stage = Stage::new("megabyte");
    let (path, text) = CONFIG;
    let of_size = |size: usize| {
        text.replace(
            "\"{{ .Values.text | default \"one\" }}\"",
            &format!("\"{{{{ .Values.text | default \"one\" }}}}{{{{ repeat {size} \"x\" }}}}\""),
        )
    };
    let chart = stage.chart("demo", &[(path, &of_size(1_000_000))]);
    stage.does(&["install", "x", &chart]);
    stage.does(&["upgrade", "x", &chart, "--set", "text=two"]);
    stage.does(&[
        "upgrade",
        "x",
        &chart,
        "--set",
        "text=three",
        "--server-side=false",
    ]);
    stage.does(&["rollback", "x", "1"]);
    stage.does(&["uninstall", "x"]);
    stage.check_objects("configmaps", &[]);
    let larger = stage.chart("larger", &[(path, &of_size(1_100_000))]);
    let words = [
        "INSTALLATION FAILED: server-side apply failed for object ",
        "Too long: may not be more than 1048576 bytes",
    ];
    stage.fails(&["install", "x", &larger], &words);
    stage.check_history(
        "x",
        &[("failed", "Release \"x\" failed: server-side apply failed")],
    );
    stage.does(&["uninstall", "x"]);
    assert!(stage.records().is_empty());
}

#[test]
fn a_library_is_no_upgrade() {
    let stage = Stage::new("library");
    let chart = stage.chart("demo", &[CONFIG]);
    stage.does(&["install", "x", &chart]);
    let library = stage.chart(
        "library",
        &[(
            "Chart.yaml",
            "apiVersion: v2\nname: library\nversion: 1.0.0\ntype: library\n",
        )],
    );
    stage.fails(
        &["upgrade", "x", &library],
        &["UPGRADE FAILED: library charts are not installable"],
    );
    stage.fails(
        &["upgrade", "-i", "y", &library],
        &["Error: library charts are not installable"],
    );
    stage.check_history("x", &[("deployed", "Install complete")]);
    stage.check_objects("configmaps", &["x"]);
}

#[test]
fn only_keep_keeps() {
    let stage = Stage::new("policy");
    let object = |name: &str, policy: &str| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, annotations: {{helm.sh/resource-policy: \"{policy}\"}}}}\n---\n"
        )
    };
    let text = object("typo", "keeep") + &object("kept", " Keep ") + &object("none", "");
    let chart = stage.chart("demo", &[("templates/all.yaml", &text)]);
    stage.does(&["install", "x", &chart]);
    let gone = stage.does(&["uninstall", "x"]);
    assert!(
        gone.stdout()
            .contains("These resources were kept due to the resource policy:\n[ConfigMap] kept\n"),
        "{gone}"
    );
    stage.check_objects("configmaps", &["kept"]);
}

#[test]
fn a_namespace_that_is_being_deleted_takes_nothing_new() {
    let stage = Stage::new("terminating");
    let chart = stage.chart("demo", &[CONFIG]);
    stage.does(&["install", "x", &chart]);
    // Nobody removes what is in it, so that it stays like this.
    let namespace = format!("/api/v1/namespaces/{}", stage.scene.namespace);
    stage.scene.cluster.api().delete(&namespace);
    let words = ["because it is being terminated", "the namespace is being deleted"];
    crate::faults_stage::until("the end of the namespace", || {
        let outcome = stage.run(&["upgrade", "x", &chart]);
        (outcome.status() == Some(1)).then(|| crate::faults_stage::has_failed(outcome, &words))
    });
    stage.fails(&["install", "y", &chart], &words);
    stage.fails(&["install", "z", &chart, "--create-namespace"], &words);
    assert!(
        stage
            .records()
            .iter()
            .all(|name| name.starts_with("sh.helm.release.v1.x."))
    );
    stage.does(&["uninstall", "x"]);
    stage.check_objects("configmaps", &[]);
    assert!(stage.records().is_empty());
}
