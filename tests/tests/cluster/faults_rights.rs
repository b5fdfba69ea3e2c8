//! Users who may not do all that an operation needs.

use serde_json::{Value, json};

use crate::faults_stage::{CONFIG, Stage, until};

const DONE: (&str, &str) = ("deployed", "Install complete");
const HINT: &str = "what the user needs a role for";

impl Stage {
    /// Lets joe do these things in the namespace, and be the one who does them from now on.
    fn enter_as_joe(&self, rules: &[(&str, &[&str])]) {
        let rules: Vec<Value> = rules
            .iter()
            .map(|(resource, verbs)| json!({"apiGroups": [""], "resources": [resource], "verbs": verbs}))
            .collect();
        let api = self.scene.cluster.api();
        let group = "/apis/rbac.authorization.k8s.io/v1";
        let role = json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "joe"}, "rules": rules});
        api.create(&self.path(group, "roles"), &role);
        let binding = json!({
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "RoleBinding",
            "metadata": {"name": "joe"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "joe"},
            "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "joe"}],
        });
        api.create(&self.path(group, "rolebindings"), &binding);
        self.scene.enter_by(&self.scene.cluster.kubeconfig().by("joe"));
        until("the rights of joe", || {
            (self.run(&["list"]).status() == Some(0)).then_some(())
        });
    }

    fn leave_joe(&self) {
        self.scene.enter_by(self.scene.cluster.kubeconfig());
    }
}

#[test]
fn who_has_no_rights_is_told_which() {
    let stage = Stage::new("no-rights");
    let chart = stage.chart("demo", &[CONFIG]);
    stage.does(&["install", "x", &chart]);
    stage.scene.enter_by(&stage.scene.cluster.kubeconfig().by("joe"));
    let words = [
        "User \"joe\" cannot list resource \"secrets\" in API group \"\" in the namespace",
        HINT,
    ];
    for arguments in [
        &["list"][..],
        &["status", "x"],
        &["upgrade", "x", &chart],
        &["rollback", "x"],
        &["uninstall", "x"],
        &["release", "recover", "x"],
    ] {
        stage.fails(arguments, &words);
    }
    stage.fails(
        &["install", "y", &chart],
        &["User \"joe\" cannot get resource \"configmaps\"", HINT],
    );
    stage.leave_joe();
    stage.check_history("x", &[DONE]);
    stage.check_objects("configmaps", &["x"]);
}

const RECORDS: (&str, &[&str]) = ("secrets", &["get", "list", "create", "update", "delete"]);

/// Objects of one kind are asked for in one list, unless that is forbidden.
#[test]
fn who_may_get_but_not_list_can_do_everything() {
    let stage = Stage::new("no-list");
    let object = |number: usize| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: \"c{number}\"}}\ndata: {{text: \"{{{{ .Values.text }}}}\"}}\n---\n"
        )
    };
    let text: String = (0..8).map(object).collect();
    let chart = stage.chart("demo", &[("templates/all.yaml", &text)]);
    stage.enter_as_joe(&[RECORDS, ("configmaps", &["get", "create", "patch", "delete"])]);
    stage.does(&["install", "x", &chart]);
    stage.does(&["upgrade", "x", &chart, "--set", "text=two"]);
    stage.does(&["rollback", "x"]);
    stage.does(&["status", "x"]);
    stage.does(&["uninstall", "x"]);
    stage.leave_joe();
    stage.check_objects("configmaps", &[]);
    assert!(stage.records().is_empty());
}

#[test]
fn who_may_not_write_records_changes_nothing() {
    let stage = Stage::new("no-records");
    let chart = stage.chart("demo", &[CONFIG]);
    stage.does(&["install", "x", &chart]);
    stage.enter_as_joe(&[
        ("secrets", &["get", "list"]),
        ("configmaps", &["get", "list", "create", "patch", "delete"]),
    ]);
    let words = [
        "User \"joe\" cannot create resource \"secrets\" in API group \"\"",
        HINT,
    ];
    stage.fails(&["install", "y", &chart], &words);
    stage.fails(&["upgrade", "x", &chart, "--set", "text=two"], &words);
    stage.leave_joe();
    stage.check_objects("configmaps", &["x"]);
    stage.check_history("x", &[DONE]);
    let object = stage.scene.object("configmaps", "x").unwrap_or_default();
    assert_eq!(object["data"]["text"], "one");
}

#[test]
fn who_may_not_change_objects_has_a_failed_upgrade() {
    let stage = Stage::new("no-patch");
    let chart = stage.chart("demo", &[CONFIG]);
    stage.does(&["install", "x", &chart]);
    stage.enter_as_joe(&[RECORDS, ("configmaps", &["get", "list"])]);
    let words = [
        "User \"joe\" cannot patch resource \"configmaps\" in API group \"\"",
        HINT,
    ];
    stage.fails(&["upgrade", "x", &chart, "--set", "text=two"], &words);
    stage.check_history(
        "x",
        &[DONE, ("failed", "Upgrade \"x\" failed: server-side apply failed")],
    );
    stage.fails(
        &["uninstall", "x"],
        &[
            "failed to delete release: x",
            "cannot delete resource \"configmaps\"",
            HINT,
        ],
    );
    stage.leave_joe();
    stage.does(&["uninstall", "x"]);
    stage.check_objects("configmaps", &[]);
    assert!(stage.records().is_empty());
}
