//! Standard output is data and Helm's own lines; everything else is on standard error.

use skeg_test_support::{FakeRegistry, skeg_snapshot};

use crate::support::{context, context_with, publish, without_sizes, write_archive, write_directory};

#[test]
fn the_notice_about_plain_http_is_no_data() {
    let registry = FakeRegistry::start();
    let context = without_sizes(context_with(&registry));
    publish(&registry, "charts/demo", "1.2.3");
    skeg_snapshot!(context.command(["pull", &registry.oci("charts/demo"), "-o", "json"]), @r#"
    {
      "ref": "oci://[REGISTRY]/charts/demo:1.2.3",
      "digest": "[DIGEST]",
      "version": "1.2.3",
      "path": "demo-1.2.3.tgz",
      "size": [SIZE]
    }
    ----- stderr -----
    level=INFO msg="`[REGISTRY]` does not speak TLS, using plain HTTP"
    [exit status: 0]
    "#);
    skeg_snapshot!(context.command(["show", "values", &registry.oci("charts/demo")]), @r#"
    # How many
    replicas: 1
    image:
      name: web
      tag: "1"

    ----- stderr -----
    level=INFO msg="`[REGISTRY]` does not speak TLS, using plain HTTP"
    Pulled: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    "#);
}

#[test]
fn debug_output_is_no_data() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    write_archive(&context, "1.2.3");
    let push = ["push", "demo-1.2.3.tgz", &registry.oci("charts"), "--plain-http"];
    let plain = context.run(push).success();
    let debug = context.command(push).arg("--debug").run().success();
    assert_eq!(debug.stdout(), plain.stdout());
    assert!(
        debug.stderr().contains("/v2/charts/demo/manifests/1.2.3"),
        "{debug}"
    );
}

#[test]
fn debug_output_has_no_secret() {
    let registry = FakeRegistry::builder().basic_auth("ada", "s3cr3t-word").start();
    let context = context_with(&registry);
    write_archive(&context, "1.2.3");
    let push = [
        "push",
        "demo-1.2.3.tgz",
        &registry.oci("charts"),
        "--plain-http",
        "--debug",
    ];
    let output = context
        .command(push)
        .arg("--username=ada")
        .arg("--password=s3cr3t-word")
        .run()
        .success();
    assert!(!output.stderr().contains("s3cr3t-word"), "{output}");
    assert!(!output.stderr().contains("YWRhOnMzY3IzdC13b3Jk"), "{output}");
}

#[test]
fn there_are_no_colours_and_no_bars_in_a_pipe() {
    let registry = FakeRegistry::builder()
        .latency(std::time::Duration::from_millis(600))
        .start();
    let context = context_with(&registry);
    publish(&registry, "charts/demo", "1.2.3");
    let pull = context
        .command(["pull", &registry.oci("charts/demo:1.2.3"), "--plain-http"])
        .without_env("NO_COLOR");
    let output = pull.run().success();
    assert_eq!(output.stderr(), "");
    let failed = context
        .command(["pull", "demo"])
        .without_env("NO_COLOR")
        .run()
        .failure();
    assert!(!failed.stderr().contains('\u{1b}'), "{failed}");
}

#[test]
fn colours_can_be_asked_for() {
    let context = context();
    let failed = context
        .command(["pull", "demo", "--color", "always"])
        .run()
        .failure();
    assert!(
        failed.stderr().starts_with("\u{1b}[31mError\u{1b}[0m: "),
        "{failed}"
    );
    let failed = context
        .command(["pull", "demo"])
        .env("HELM_COLOR", "always")
        .run()
        .failure();
    assert!(
        failed.stderr().starts_with("\u{1b}[31mError\u{1b}[0m: "),
        "{failed}"
    );
    let failed = context
        .command(["pull", "demo", "--colour=never"])
        .env("HELM_COLOR", "always")
        .run()
        .failure();
    assert!(failed.stderr().starts_with("Error: "), "{failed}");
}

#[test]
#[cfg(unix)]
fn a_reader_that_goes_away_is_no_failure() {
    let context = context();
    write_directory(&context, "1.2.3");
    context.write("demo/README.md", "line\n".repeat(100_000));
    let script = format!(
        "trap '' PIPE; {{ '{}' show readme demo; echo \"status $?\" >&2; }} | head -n 1",
        env!("CARGO_BIN_EXE_skeg")
    );
    let shell = skeg_test_support::TestContext::new("/bin/sh");
    let output = shell.command(["-c", &script]).current_dir(context.work()).run();
    assert_eq!(output.stdout(), "line\n", "{output}");
    assert_eq!(output.stderr(), "status 0\n", "{output}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_behind_standard_output_is_a_failure() {
    let context = context();
    write_directory(&context, "1.2.3");
    let script = format!("'{}' show readme demo >/dev/full", env!("CARGO_BIN_EXE_skeg"));
    let shell = skeg_test_support::TestContext::new("/bin/sh");
    let output = shell.command(["-c", &script]).current_dir(context.work()).run();
    skeg_snapshot!(output, @"
    ----- stderr -----
    Error: cannot write to standard output: No space left on device
    [exit status: 1]
    ");
}
