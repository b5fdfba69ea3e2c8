//! What is different before a person: questions, colours, progress.

use std::time::Duration;

use skeg_test_support::{CommandOutput, FakeRegistry, Fault, TestCommand, TestContext};

use crate::support::{context, demo, publish};

const DEMO: &str = "charts/demo";

/// A registry with `charts/demo:1.2.3`, and a context.
fn setting() -> (FakeRegistry, TestContext) {
    let registry = FakeRegistry::start();
    publish(&registry, DEMO, "1.2.3");
    (registry, context())
}

fn command(context: &TestContext, registry: &FakeRegistry, line: &str) -> TestCommand {
    let line = line.replace("OCI", &registry.oci(DEMO));
    context.command(line.split(' '))
}

/// What the terminal shows when this is typed.
fn on_terminal(command: TestCommand, typed: &str) -> CommandOutput {
    command
        .env("TERM", "xterm")
        .stdin(typed)
        .start_on_terminal(false)
        .wait()
}

#[test]
fn before_something_is_deleted_a_person_is_asked() {
    for (typed, is_yes) in [
        ("y\n", true),
        ("yes\n", true),
        ("YES \n", true),
        ("n\n", false),
        ("\n", false),
        ("\u{4}", false),
        ("yess\n", false),
        ("y n\n", false),
        ("\u{1b}[A\n", false),
        ("ÿ\n", false),
    ] {
        for (verb, question) in [("delete", "(with its tags 1.2.3)? [y/N] "), ("untag", "? [y/N] ")] {
            let (registry, context) = setting();
            let output = on_terminal(command(&context, &registry, &format!("{verb} OCI:1.2.3")), typed);
            assert!(output.stderr().contains(question), "{typed:?}: {output}");
            assert_eq!(output.status(), Some(i32::from(!is_yes)), "{typed:?}: {output}");
            let log = registry.requests();
            assert_eq!(log.count("DELETE", ""), usize::from(is_yes), "{typed:?}: {log}");
            let refused = output.stderr().contains("Error: nothing was deleted");
            assert_eq!(refused, !is_yes, "{typed:?}: {output}");
        }
    }
}

#[test]
fn a_question_needs_a_terminal_to_be_answered_at_and_none_to_be_read() {
    let (registry, context) = setting();
    let refused = command(&context, &registry, "delete OCI:1.2.3").stdin("y\n");
    let output = refused.run().failure();
    assert!(output.stderr().contains("refusing to go on unasked"), "{output}");
    let redirected = command(&context, &registry, "delete OCI:1.2.3 -o json").stdin("y\n");
    let output = redirected.start_on_terminal(true).wait();
    assert!(output.stderr().contains("[y/N]"), "{output}");
    let report: serde_json::Value = serde_json::from_str(&output.stdout()).unwrap();
    assert_eq!(report["tags"][0], "1.2.3");
}

#[test]
fn a_question_can_be_interrupted() {
    let (registry, context) = setting();
    let running = command(&context, &registry, "untag OCI:1.2.3").start_on_terminal(false);
    // It has looked and asks, or is about to.
    while registry.requests().iter().all(|request| request.status.is_none()) {
        std::thread::yield_now();
    }
    running.interrupt();
    let output = running.wait();
    assert_eq!(output.status(), Some(130), "{output}");
    assert_eq!(registry.tags(DEMO), ["1.2.3"]);
}

/// A registry with three versions; another one, to which each manifest takes longer than what is done without progress.
fn slow_copy() -> (FakeRegistry, FakeRegistry, TestContext) {
    let (from, context) = setting();
    publish(&from, DEMO, "1.2.4");
    publish(&from, DEMO, "1.2.5");
    let slow = Fault::delay(Duration::from_millis(1500)).on("PUT", "/manifests/");
    let to = FakeRegistry::builder().fault(slow).start();
    let file = format!(
        "destination: {}\ncharts:\n- {}\n",
        to.oci("mirror"),
        from.oci(DEMO)
    );
    context.write("sync.yaml", file);
    (from, to, context)
}

#[test]
fn copies_of_many_versions_show_how_far_they_are() {
    let (from, to, context) = slow_copy();
    let copy = format!("copy OCI {} --all", to.oci("copy"));
    for line in [copy.as_str(), "sync sync.yaml"] {
        let output = on_terminal(command(&context, &from, line), "");
        assert_eq!(output.status(), Some(0), "{output}");
        assert!(output.stderr().contains("/3 versions, "), "{output}");
        let output = on_terminal(command(&context, &from, line).arg("--no-progress"), "");
        assert!(!output.stderr().contains("/3 versions"), "{output}");
    }
}

#[test]
fn nobody_who_does_not_see_it_is_shown_progress() {
    let (from, to, context) = slow_copy();
    let line = format!("copy OCI {} --all", to.oci("copy"));
    for line in [line.as_str(), "sync sync.yaml"] {
        let output = command(&context, &from, line)
            .env("TERM", "xterm")
            .run()
            .success();
        assert_eq!(output.stderr().lines().count(), 3, "{output}");
        assert!(!output.stderr().contains("/3 versions"), "{output}");
        assert!(!output.stderr().contains('\u{1b}'), "{output}");
    }
}

#[test]
fn differences_have_colours_for_a_person() {
    let context = context();
    demo("1.2.3").write_dir(context.path("old"));
    let new = demo("1.2.4").file("values.yaml", "# How many\nreplicas: 2\n# -- x\n");
    new.write_dir(context.path("new"));
    let diff = || {
        context
            .command(["diff", "old/demo", "new/demo"])
            .without_env("NO_COLOR")
    };
    let (removed, added) = ("\u{1b}[31m-replicas: 1\u{1b}[m", "\u{1b}[32m+replicas: 2\u{1b}[m");
    let shown = on_terminal(diff(), "").stderr();
    for expected in [
        "\u{1b}[1m--- a/values.yaml\u{1b}[m",
        "\u{1b}[1m+++ b/values.yaml\u{1b}[m",
        "\u{1b}[36m@@ ",
        removed,
        added,
        "\u{1b}[32m+# -- x\u{1b}[m",
    ] {
        assert!(shown.contains(expected), "{expected:?}: {shown:?}");
    }
    let stat = on_terminal(diff().arg("--stat"), "").stderr();
    assert!(
        stat.contains("\u{1b}[32m+") && stat.contains("\u{1b}[31m-"),
        "{stat:?}"
    );
    let plain = diff().run().success().stdout();
    let check = |output: CommandOutput, has_colours: bool| {
        let shown = output.stdout() + &output.stderr();
        assert_eq!(shown.contains(removed), has_colours, "{output}");
        assert_eq!(shown.contains('\u{1b}'), has_colours, "{output}");
        let bare = ["[1m", "[31m", "[32m", "[36m", "[m"]
            .iter()
            .fold(shown, |shown, code| shown.replace(&format!("\u{1b}{code}"), ""));
        assert_eq!(bare.replace("\r\n", "\n"), plain);
    };
    check(on_terminal(diff(), ""), true);
    check(on_terminal(diff().arg("--color=never"), ""), false);
    check(on_terminal(diff().env("NO_COLOR", "1"), ""), false);
    check(on_terminal(diff().env("SKEG_COLOR", "never"), ""), false);
    check(
        on_terminal(diff().env("NO_COLOR", "1").arg("--color=always"), ""),
        true,
    );
    check(diff().start_on_terminal(true).wait(), false);
    check(diff().run(), false);
    check(diff().arg("--color=always").run(), true);
    let json = diff().arg("-o").arg("json").arg("--color=always").run().success();
    assert!(
        !json.stdout().contains("\\u001b") && !json.stdout().contains('\u{1b}'),
        "{json}"
    );
}
