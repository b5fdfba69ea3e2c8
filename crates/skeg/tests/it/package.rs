//! `skeg package`.

use skeg_test_support::{ChartBuilder, sha256_digest, skeg_snapshot};

use crate::support::{context, write_directory};

#[test]
fn a_directory_becomes_an_archive_in_the_current_directory() {
    let context = context();
    write_directory(&context, "1.2.3");
    skeg_snapshot!(context.command(["package", "demo"]), @"
    Successfully packaged chart and saved it to: [TMP]/work/demo-1.2.3.tgz
    [exit status: 0]
    ");
    skeg_snapshot!(context.command(["show", "chart", "demo-1.2.3.tgz"]), @r#"
    apiVersion: v2
    appVersion: "7.1"
    description: A chart to test with
    name: demo
    version: 1.2.3

    [exit status: 0]
    "#);
}

#[test]
fn several_directories_become_several_archives() {
    let context = context();
    write_directory(&context, "1.2.3");
    ChartBuilder::new("other", "0.1.0").write_dir(context.work());
    skeg_snapshot!(context.command(["package", "demo", "other", "-d", "out"]), @"
    Successfully packaged chart and saved it to: out/demo-1.2.3.tgz
    Successfully packaged chart and saved it to: out/other-0.1.0.tgz
    [exit status: 0]
    ");
    assert!(context.path("out/demo-1.2.3.tgz").is_file());
    assert!(context.path("out/other-0.1.0.tgz").is_file());
}

#[test]
fn what_was_saved_before_a_failure_is_told() {
    let context = context();
    write_directory(&context, "1.2.3");
    skeg_snapshot!(context.command(["package", "demo", "nosuch"]), @"
    Successfully packaged chart and saved it to: [TMP]/work/demo-1.2.3.tgz
    ----- stderr -----
    Error: unable to detect chart at nosuch/Chart.yaml: No such file or directory
    [exit status: 1]
    ");
    assert!(context.path("demo-1.2.3.tgz").is_file());
}

#[test]
fn the_same_chart_gives_the_same_archive() {
    let context = context().with_env("SOURCE_DATE_EPOCH", "");
    let directory = write_directory(&context, "1.2.3");
    context.run(["package", "demo", "-d", "one"]).success();
    let again = context
        .command(["package", ".", "-d", "../two"])
        .current_dir(&directory)
        .env("TZ", "Asia/Tokyo")
        .env("LC_ALL", "de_DE.UTF-8");
    again.run().success();
    let digest = |path| sha256_digest(&context.read(path));
    assert_eq!(digest("one/demo-1.2.3.tgz"), digest("two/demo-1.2.3.tgz"));
}

#[test]
fn the_time_of_the_entries_is_the_source_date() {
    let context = context();
    write_directory(&context, "1.2.3");
    let package = |epoch: &str, directory: &str| {
        let command = context.command(["package", "demo", "-d", directory]);
        command.env("SOURCE_DATE_EPOCH", epoch).run().success();
        context.read(format!("{directory}/demo-1.2.3.tgz"))
    };
    assert_eq!(package("1600000000", "one"), package("1600000000", "two"));
    assert_ne!(package("1600000000", "one"), package("1600000001", "three"));
}

#[test]
fn a_source_date_that_is_none_is_an_error() {
    let context = context();
    write_directory(&context, "1.2.3");
    let command = || context.command(["package", "demo"]);
    skeg_snapshot!(command().env("SOURCE_DATE_EPOCH", "yesterday"), @"
    ----- stderr -----
    Error: `SOURCE_DATE_EPOCH` is `yesterday`, which is no number of seconds since 1970
    [exit status: 1]
    ");
    skeg_snapshot!(command().env("SOURCE_DATE_EPOCH", "-1"), @"
    ----- stderr -----
    Error: `SOURCE_DATE_EPOCH` is `-1`, which is no number of seconds since 1970
    [exit status: 1]
    ");
    assert!(!context.path("demo-1.2.3.tgz").exists());
}

#[test]
fn versions_can_be_given() {
    let context = context();
    write_directory(&context, "1.2.3");
    skeg_snapshot!(context.command(["package", "demo", "--version", "2.0.0+b1", "--app-version", "9"]), @"
    Successfully packaged chart and saved it to: [TMP]/work/demo-2.0.0+b1.tgz
    [exit status: 0]
    ");
    skeg_snapshot!(context.command(["show", "chart", "demo-2.0.0+b1.tgz"]), @r#"
    apiVersion: v2
    appVersion: "9"
    description: A chart to test with
    name: demo
    version: 2.0.0+b1

    [exit status: 0]
    "#);
    skeg_snapshot!(context.command(["show", "chart", "demo"]), @r#"
    apiVersion: v2
    appVersion: "7.1"
    description: A chart to test with
    name: demo
    version: 1.2.3

    [exit status: 0]
    "#);
}

#[test]
fn a_version_that_is_none_is_an_error() {
    let context = context();
    write_directory(&context, "1.2.3");
    skeg_snapshot!(context.command(["package", "demo", "--version", "abc"]), @"
    ----- stderr -----
    Error: invalid semantic version
    hint: write it as `1.2.3`
    [exit status: 1]
    ");
}

#[test]
fn empty_flags_are_as_good_as_none() {
    let context = context();
    write_directory(&context, "1.2.3");
    skeg_snapshot!(context.command(["package", "demo", "--version", "", "--app-version="]), @"
    Successfully packaged chart and saved it to: [TMP]/work/demo-1.2.3.tgz
    [exit status: 0]
    ");
    skeg_snapshot!(context.command(["package", "demo", "--destination", ""]), @"
    Successfully packaged chart and saved it to: [TMP]/work/demo-1.2.3.tgz
    [exit status: 0]
    ");
}

#[test]
fn ignored_files_are_left_out() {
    let context = context();
    let directory = write_directory(&context, "1.2.3");
    context.write(directory.join(".helmignore"), "README.md\n");
    context.run(["package", "demo"]).success();
    skeg_snapshot!(context.command(["show", "readme", "demo-1.2.3.tgz"]), @"[exit status: 0]");
}

#[test]
fn dependencies_must_be_there() {
    let context = context();
    ChartBuilder::new("demo", "1.2.3")
        .dependency("redis", "1.0.0", "https://example.com")
        .write_dir(context.work());
    skeg_snapshot!(context.command(["package", "demo"]), @"
    ----- stderr -----
    Error: found in Chart.yaml, but missing in charts/ directory: redis
    [exit status: 1]
    ");
    assert!(!context.path("demo-1.2.3.tgz").exists());
}

#[test]
#[cfg(unix)]
fn symbolic_links_are_followed_and_told() {
    let context = context();
    let directory = write_directory(&context, "1.2.3");
    context.write("notes.txt", "notes");
    std::os::unix::fs::symlink(context.path("notes.txt"), directory.join("notes.txt")).unwrap();
    skeg_snapshot!(context.command(["package", "demo"]), @r#"
    Successfully packaged chart and saved it to: [TMP]/work/demo-1.2.3.tgz
    ----- stderr -----
    level=INFO msg="found symbolic link in path. Contents of linked file included and used" path=demo/notes.txt resolved=[TMP]/work/notes.txt
    [exit status: 0]
    "#);
}

#[test]
fn what_is_no_chart_is_named() {
    let context = context();
    context.write("empty/other.txt", "");
    context.write("file", "x");
    skeg_snapshot!(context.command(["package", "nosuch"]), @"
    ----- stderr -----
    Error: unable to detect chart at nosuch/Chart.yaml: No such file or directory
    [exit status: 1]
    ");
    skeg_snapshot!(context.command(["package", "empty"]), @"
    ----- stderr -----
    Error: unable to detect chart at empty/Chart.yaml: No such file or directory
    [exit status: 1]
    ");
    skeg_snapshot!(context.command(["package", "file"]), @"
    ----- stderr -----
    Error: `file` is a file, not a chart directory
    [exit status: 1]
    ");
    skeg_snapshot!(context.command(["package"]), @"
    ----- stderr -----
    Error: need at least one argument, the path to the chart
    [exit status: 1]
    ");
}

#[test]
fn a_destination_that_is_a_file_is_an_error() {
    let context = context();
    write_directory(&context, "1.2.3");
    context.write("out", "mine");
    skeg_snapshot!(context.command(["package", "demo", "-d", "out"]), @"
    ----- stderr -----
    Error: failed to save: is not a directory: out
    hint: give a directory by `--destination`
    [exit status: 1]
    ");
    assert_eq!(context.read("out"), b"mine");
}

#[test]
fn signing_is_not_there_and_never_forgotten_silently() {
    let context = context();
    write_directory(&context, "1.2.3");
    skeg_snapshot!(context.command(["package", "demo", "--sign"]), @"
    ----- stderr -----
    Error: unknown flag: --sign
    hint: signatures are neither made nor checked yet; use helm for this command
    [exit status: 1]
    ");
    assert!(!context.path("demo-1.2.3.tgz").exists());
}
