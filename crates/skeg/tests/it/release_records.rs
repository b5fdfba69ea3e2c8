//! What commands that only read releases show beyond what helm shows; what it shows is recorded in `tests/data/oracle`.

use skeg_test_support::{CommandOutput, TestContext};

use crate::support::context;

const RECORDS: &str = r"
- name: web
  version: 2
  namespace: shop
  info: {status: deployed, last_deployed: '2026-11-22T08:32:20Z', description: Upgrade complete}
  chart:
    metadata:
      name: demo
      version: 1.2.3
      appVersion: '7'
      annotations: {skeg.dev/source: 'oci://example.org/charts/demo', skeg.dev/digest: 'sha256:00'}
- {name: web, version: 1, namespace: shop, info: {status: superseded}, chart: {metadata: {name: demo, version: 1.2.2}}}
- {name: api, version: 5, namespace: shop, info: {status: failed}}
- {name: db, version: 1, namespace: store, info: {status: deployed}, chart: {metadata: {name: db, version: 0.1.0}}}
";

/// Records in memory, and no cluster.
fn scene() -> TestContext {
    let context = context();
    let path = context.write("records.yaml", RECORDS);
    context
        .with_env("HELM_DRIVER", "memory")
        .with_env("HELM_MEMORY_DRIVER_DATA", path)
        .with_env("HELM_NAMESPACE", "shop")
}

#[track_caller]
fn run(arguments: &[&str]) -> CommandOutput {
    scene().run(arguments)
}

#[track_caller]
fn check(arguments: &[&str], expected: &str) {
    assert_eq!(run(arguments).success().stdout(), expected, "{arguments:?}");
}

#[track_caller]
fn check_error(arguments: &[&str], expected: &str) {
    assert_eq!(run(arguments).failure().stderr(), expected, "{arguments:?}");
}

#[test]
fn the_wide_list_shows_where_charts_came_from() {
    check(
        &["list", "-o", "wide", "--time-format", "15:04"],
        concat!(
            "NAME\tNAMESPACE\tREVISION\tUPDATED\tSTATUS  \tCHART     \tAPP VERSION\tSOURCE                       \tDIGEST   \n",
            "api \tshop     \t5       \t-      \tfailed  \tMISSING   \tMISSING    \t-                            \t-        \n",
            "web \tshop     \t2       \t08:32  \tdeployed\tdemo-1.2.3\t7          \toci://example.org/charts/demo\tsha256:00\n",
        ),
    );
}

#[test]
fn status_and_metadata_show_where_a_chart_came_from() {
    let status = run(&["status", "web"]).success();
    let lines = "DESCRIPTION: Upgrade complete\nSOURCE: oci://example.org/charts/demo\nDIGEST: sha256:00\n";
    assert!(status.stdout().contains(lines), "{status}");
    let metadata = run(&["get", "metadata", "web"]).success();
    let lines = "SOURCE: oci://example.org/charts/demo\nDIGEST: sha256:00\n";
    assert!(metadata.stdout().ends_with(lines), "{metadata}");
}

#[test]
fn all_namespaces_are_listed_without_a_cluster() {
    check(&["list", "-A", "-q"], "api\ndb\nweb\n");
    check(&["list", "-A", "-q", "-r", "-m", "1"], "web\n");
}

#[test]
fn a_record_without_a_chart_is_shown() {
    let missing = "CHART: MISSING\nVERSION: MISSING\nAPP_VERSION: MISSING\n";
    for arguments in [&["get", "all", "api"][..], &["get", "metadata", "api"]] {
        let output = run(arguments).success();
        assert!(output.stdout().contains(missing), "{output}");
    }
    check(&["get", "values", "api", "-a"], "COMPUTED VALUES:\n{}\n");
}

#[test]
fn what_is_not_there_is_told_with_what_is() {
    check_error(
        &["status", "web", "--revision", "7"],
        "Error: release: not found\nhint: `web` has the revisions 1, 2\n",
    );
    check_error(
        &["history", "nope"],
        "Error: release: not found\nhint: there is no release `nope` in this namespace; `skeg list -A` shows those of all\n",
    );
    check_error(
        &["list", "--offset", "-1"],
        "Error: the offset -1 is less than 0\nhint: give the number of releases to pass over\n",
    );
}

#[test]
fn releases_and_revisions_are_completed() {
    let releases = "api\tMISSING -> failed\nweb\tdemo-1.2.3 -> deployed\n:4\n";
    check(&["__complete", "status", ""], releases);
    check(&["__complete", "get", "values", ""], releases);
    check(
        &["__complete", "history", "w"],
        "web\tdemo-1.2.3 -> deployed\n:4\n",
    );
    check(
        &["__complete", "uninstall", "web", ""],
        "api\tMISSING -> failed\n:4\n",
    );
    check(&["__complete", "status", "web", ""], ":4\n");
    check(
        &["__complete", "status", "-n", "store", ""],
        "db\tdb-0.1.0 -> deployed\n:4\n",
    );
    let revisions = "1\tApp: , Chart: demo-1.2.2\n2\tApp: 7, Chart: demo-1.2.3\n:4\n";
    check(&["__complete", "rollback", "web", ""], revisions);
    check(&["__complete", "status", "web", "--revision", ""], revisions);
}
