//! `--post-renderer`: a program that gets all manifests and gives others back.

use std::time::{Duration, Instant};

use skeg_test_support::{ChartBuilder, TestContext};

use crate::support::context;

fn chart() -> TestContext {
    let context = context();
    ChartBuilder::new("demo", "1.2.3")
        .template("a.yaml", "kind: ConfigMap\nmetadata:\n  name: a # kept\n")
        .template(
            "b.yaml",
            "kind: Job\nmetadata:\n  name: b\n  annotations:\n    helm.sh/hook: test\n",
        )
        .template("_c.tpl", "{{/* nothing */}}\n")
        .template("d.yaml", "# nothing\n")
        .write_dir(context.work());
    context
}

/// Renders through a script.
fn command(context: &TestContext, script: &str) -> skeg_test_support::TestCommand {
    let command = context.command(["template", "demo", "--post-renderer", "/bin/sh"]);
    command
        .arg("--post-renderer-args=-c")
        .arg(format!("--post-renderer-args={script}"))
}

#[test]
fn what_is_left_alone_stays_as_it_is() {
    let context = chart();
    let output = command(&context, "cat").run().success();
    assert_eq!(
        output.stdout(),
        "---\n# Source: demo/templates/a.yaml\nkind: ConfigMap\nmetadata:\n  name: a # kept\n\
         ---\n# Source: demo/templates/b.yaml\nkind: Job\nmetadata:\n  name: b\n  annotations:\n    helm.sh/hook: test\n\n"
    );
}

#[test]
fn hooks_are_sent_too_and_everything_has_its_file() {
    let context = chart();
    let output = command(&context, "tee seen").run().success();
    assert!(!output.stdout().contains("postrenderer.helm.sh"));
    let seen = String::from_utf8(context.read("seen")).expect("is text");
    assert_eq!(
        seen,
        "kind: ConfigMap\nmetadata:\n  annotations: {postrenderer.helm.sh/postrender-filename: \"demo/templates/a.yaml\"}\n  name: a # kept\n\
         ---\nkind: Job\nmetadata:\n  name: b\n  annotations:\n    postrenderer.helm.sh/postrender-filename: \"demo/templates/b.yaml\"\n    helm.sh/hook: test\n"
    );
}

#[test]
fn changes_and_new_documents_are_taken() {
    let context = chart();
    let script = "sed s/ConfigMap/Secret/; printf -- '---\\nkind: Namespace\\n'";
    let output = command(&context, script).run().success();
    let stdout = output.stdout();
    assert!(
        stdout.starts_with("---\n# Source: generated-by-postrender-2.yaml\nkind: Namespace\n"),
        "{stdout}"
    );
    assert!(stdout.contains("kind: Secret\n"), "{stdout}");
}

#[track_caller]
fn check_fails(script: &str, expected: &str) {
    let output = command(&chart(), script).run().exits_with(1);
    let stderr = output.stderr();
    assert_eq!(stderr.lines().next(), Some(expected), "{stderr}");
    assert_eq!(output.stdout(), "");
}

#[test]
fn failures_have_the_words_of_helm() {
    check_fails(
        "exit 3",
        "Error: error while running post render on files: failed to invoke post-renderer plugin \"/bin/sh\": plugin \"/bin/sh\" exited with error",
    );
    check_fails(
        "true",
        "Error: error while running post render on files: post-renderer \"/bin/sh\" produced empty output",
    );
    check_fails(
        "echo 'a: ['",
        "Error: error while parsing post rendered output: error parsing YAML: error converting YAML to JSON: yaml: line 1: did not find expected node content",
    );
}

#[test]
fn programs_must_be_there_and_be_named_once() {
    let context = chart();
    let run = |names: &[&str]| {
        let flags = names.iter().flat_map(|name| ["--post-renderer", *name]);
        let output = context.run(["template", "demo"].into_iter().chain(flags)).exits_with(1);
        output.stderr()
    };
    assert_eq!(
        run(&["./demo"]),
        "Error: invalid argument \"./demo\" for \"--post-renderer\" flag: plugin: {Name:./demo Type:postrenderer/v1} not found\n"
    );
    assert_eq!(
        run(&["a", "b"]),
        "Error: invalid argument \"b\" for \"--post-renderer\" flag: cannot specify --post-renderer flag more than once\n"
    );
}

#[test]
fn an_interrupt_ends_the_program_too() {
    let context = chart();
    let running = command(&context, "touch began; exec sleep 600").start();
    let deadline = Instant::now() + Duration::from_secs(20);
    while !context.path("began").exists() {
        assert!(Instant::now() < deadline, "the program did not begin");
        std::thread::sleep(Duration::from_millis(5));
    }
    running.interrupt();
    let output = running.wait();
    assert!(output.duration() < Duration::from_secs(30));
    assert_eq!(output.status(), Some(130), "{}", output.stderr());
}
