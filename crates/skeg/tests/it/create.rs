//! `skeg create`.

use skeg_test_support::{ChartBuilder, skeg_snapshot};

use crate::support::context;

#[test]
fn a_chart_is_made() {
    let context = context();
    skeg_snapshot!(context.command(["create", "demo"]), @"
    Creating demo
    [exit status: 0]
    ");
    insta::assert_snapshot!(context.files().join("\n"), @"
    demo/.helmignore
    demo/Chart.yaml
    demo/charts/
    demo/templates/NOTES.txt
    demo/templates/_helpers.tpl
    demo/templates/deployment.yaml
    demo/templates/hpa.yaml
    demo/templates/httproute.yaml
    demo/templates/ingress.yaml
    demo/templates/service.yaml
    demo/templates/serviceaccount.yaml
    demo/templates/tests/test-connection.yaml
    demo/values.yaml
    ");
}

#[test]
fn a_made_chart_can_be_packaged() {
    let context = context();
    context.run(["create", "demo"]).success();
    skeg_snapshot!(context.command(["package", "demo"]), @"
    Successfully packaged chart and saved it to: [TMP]/work/demo-0.1.0.tgz
    [exit status: 0]
    ");
}

#[test]
fn the_last_component_of_a_path_is_the_name() {
    let context = context();
    context.write("charts/other.txt", "");
    skeg_snapshot!(context.command(["create", "charts/demo"]), @"
    Creating charts/demo
    [exit status: 0]
    ");
    assert!(String::from_utf8_lossy(&context.read("charts/demo/Chart.yaml")).contains("name: demo\n"));
}

#[test]
fn files_that_are_replaced_are_told() {
    let context = context();
    context.write("demo/values.yaml", "mine: true\n");
    context.write("demo/templates/NOTES.txt", "mine\n");
    context.write("demo/templates/mine.yaml", "mine\n");
    skeg_snapshot!(context.command(["create", "demo"]), @r#"
    Creating demo
    WARNING: File "[TMP]/work/demo/values.yaml" already exists. Overwriting.
    WARNING: File "[TMP]/work/demo/templates/NOTES.txt" already exists. Overwriting.
    [exit status: 0]
    "#);
    assert_eq!(context.read("demo/templates/mine.yaml"), b"mine\n");
}

#[test]
fn a_starter_is_copied_with_the_name_filled_in() {
    let context = context();
    let starters = context.home().join(".local/share/helm/starters");
    ChartBuilder::new("web", "3.0.0")
        .template("config.yaml", "name: <CHARTNAME>\n")
        .write_dir(&starters);
    skeg_snapshot!(context.command(["create", "demo", "--starter", "web"]), @"
    Creating demo
    [exit status: 0]
    ");
    insta::assert_snapshot!(context.files().join("\n"), @"
    demo/Chart.yaml
    demo/templates/config.yaml
    ");
    assert_eq!(context.read("demo/templates/config.yaml"), b"name: demo\n");
}

#[test]
fn a_starter_can_be_anywhere() {
    let context = context();
    let starter = ChartBuilder::new("web", "3.0.0").write_dir(context.work());
    let output = context
        .command(["create", "demo", "-p"])
        .arg(starter)
        .run()
        .success();
    skeg_snapshot!(output, @"
    Creating demo
    [exit status: 0]
    ");
}

#[test]
fn a_starter_that_is_not_there_is_named() {
    let context = context();
    skeg_snapshot!(context.command(["create", "demo", "-p", "nosuch"]), @"
    Creating demo
    ----- stderr -----
    Error: could not load [TMP]/home/.local/share/helm/starters/nosuch: No such file or directory
    [exit status: 1]
    ");
    assert!(context.files().is_empty());
}

#[test]
fn a_parent_directory_must_be_there() {
    let context = context();
    skeg_snapshot!(context.command(["create", "charts/demo"]), @"
    Creating charts/demo
    ----- stderr -----
    Error: cannot create a chart in `[TMP]/work/charts`: No such file or directory
    [exit status: 1]
    ");
    assert!(context.files().is_empty());
}

#[test]
fn a_file_is_not_replaced_by_a_directory() {
    let context = context();
    context.write("demo", "mine");
    skeg_snapshot!(context.command(["create", "demo"]), @"
    Creating demo
    ----- stderr -----
    Error: file [TMP]/work/demo already exists and is not a directory
    [exit status: 1]
    ");
    assert_eq!(context.read("demo"), b"mine");
}

#[test]
fn names_are_checked() {
    let context = context();
    skeg_snapshot!(context.command(["create", "Bad Name"]), @r#"
    Creating Bad Name
    ----- stderr -----
    Error: chart name must match the regular expression "^[a-zA-Z0-9._-]+$"
    [exit status: 1]
    "#);
    skeg_snapshot!(context.command(["create", "ünï"]), @r#"
    Creating ünï
    ----- stderr -----
    Error: chart name must match the regular expression "^[a-zA-Z0-9._-]+$"
    [exit status: 1]
    "#);
    let long = "a".repeat(251);
    let output = context.run(["create", &long]).failure();
    insta::assert_snapshot!(output.stderr(), @"Error: chart name must be between 1 and 250 characters");
    assert!(context.files().is_empty());
}

#[test]
fn a_name_may_begin_with_a_dash_behind_two() {
    let context = context();
    skeg_snapshot!(context.command(["create", "--", "-y"]), @"
    Creating -y
    [exit status: 0]
    ");
}
