//! Ctrl-C leaves nothing behind.

use std::thread;
use std::time::Duration;

use skeg_test_support::{FakeRegistry, Fault, TestContext, skeg_snapshot};

use crate::support::{context_with, demo, publish_as, wait_until, write_archive};

/// What is in the directory for temporary files.
fn temporary_files(context: &TestContext) -> usize {
    let entries = fs_err::read_dir(context.root().join("tmp"));
    entries.expect("because every context has the directory").count()
}

fn stalling() -> FakeRegistry {
    let registry = FakeRegistry::builder()
        .fault(Fault::stall_after(100_000).on("GET", "/blobs/"))
        .start();
    publish_as(
        &registry,
        "charts/demo",
        "1.2.3",
        &demo("1.2.3").big_random_file(300_000, 1),
    );
    registry
}

#[test]
fn a_pull_leaves_no_partial_file() {
    let registry = stalling();
    let context = context_with(&registry);
    let running = context
        .command(["pull", &registry.oci("charts/demo:1.2.3"), "--plain-http"])
        .start();
    wait_until(|| !context.files().is_empty());
    running.interrupt();
    let output = running.wait();
    assert!(output.duration() < Duration::from_secs(30));
    skeg_snapshot!(output, @"
    ----- stderr -----
    interrupted
    [exit status: 130]
    ");
    assert!(context.files().is_empty(), "{:?}", context.files());
    assert_eq!(temporary_files(&context), 0);
}

#[test]
fn a_pull_to_be_unpacked_leaves_nothing() {
    let registry = stalling();
    let context = context_with(&registry);
    let running = context
        .command([
            "pull",
            &registry.oci("charts/demo:1.2.3"),
            "--plain-http",
            "--untar",
        ])
        .start();
    wait_until(|| {
        registry.requests().count("GET", "/blobs/") > 0
            && (temporary_files(&context) > 0 || !context.files().is_empty())
    });
    running.interrupt();
    assert_eq!(running.wait().status(), Some(130));
    assert!(context.files().is_empty(), "{:?}", context.files());
    assert_eq!(temporary_files(&context), 0);
}

#[test]
fn a_pull_keeps_the_archive_that_was_there() {
    let registry = stalling();
    let context = context_with(&registry);
    context.write("demo-1.2.3.tgz", "old");
    let running = context
        .command(["pull", &registry.oci("charts/demo:1.2.3"), "--plain-http"])
        .start();
    wait_until(|| context.files().len() > 1);
    running.interrupt();
    assert_eq!(running.wait().status(), Some(130));
    assert_eq!(context.files(), ["demo-1.2.3.tgz"]);
    assert_eq!(context.read("demo-1.2.3.tgz"), b"old");
}

#[test]
fn a_push_to_a_layout_leaves_no_partial_file() {
    let context = crate::support::context();
    demo("1.2.3")
        .big_random_file(60_000_000, 1)
        .write_archive(context.work());
    let running = context
        .command(["push", "demo-1.2.3.tgz", "oci-layout://charts"])
        .start();
    wait_until(|| context.path("charts/demo").exists());
    running.interrupt();
    let output = running.wait();
    let files = context.files();
    if output.status() == Some(0) {
        // It was done before the signal came.
        assert!(files.contains(&"charts/demo/index.json".to_owned()), "{files:?}");
        return;
    }
    assert_eq!(output.status(), Some(130), "{output}");
    assert_eq!(temporary_files(&context), 0);
    let odd: Vec<_> = files
        .iter()
        .filter(|file| file.contains("tmp") || file.contains("partial"))
        .collect();
    assert!(odd.is_empty(), "{odd:?}");
    // Whatever is there has the content that its name says.
    for file in files
        .iter()
        .filter(|file| file.contains("blobs/sha256/") && !file.ends_with('/'))
    {
        let digest = skeg_test_support::sha256_digest(&context.read(file));
        assert!(file.ends_with(digest.trim_start_matches("sha256:")), "{file}");
    }
    // And the same push works afterwards.
    context
        .run(["push", "demo-1.2.3.tgz", "oci-layout://charts"])
        .success();
}

#[test]
fn a_push_of_a_directory_leaves_no_archive() {
    let registry = FakeRegistry::builder()
        .fault(Fault::delay(Duration::from_mins(1)))
        .start();
    let context = context_with(&registry);
    demo("1.2.3").write_dir(context.work());
    let files = context.files();
    let running = context
        .command(["push", "demo", &registry.oci("charts"), "--plain-http"])
        .start();
    wait_until(|| registry.accepted_connections() > 0);
    running.interrupt();
    assert_eq!(running.wait().status(), Some(130));
    assert_eq!(context.files(), files);
    assert_eq!(temporary_files(&context), 0);
}

#[test]
fn a_push_to_a_registry_moves_no_tag() {
    let registry = FakeRegistry::builder()
        .fault(Fault::delay(Duration::from_mins(1)).on("PUT", "/blobs/"))
        .start();
    let context = context_with(&registry);
    write_archive(&context, "1.2.3");
    let running = context
        .command(["push", "demo-1.2.3.tgz", &registry.oci("charts"), "--plain-http"])
        .start();
    wait_until(|| registry.requests().count("POST", "/blobs/") > 0);
    running.interrupt();
    assert_eq!(running.wait().status(), Some(130));
    assert!(registry.tags("charts/demo").is_empty());
}

/// What is done is told, and the same command goes on from there.
#[test]
fn a_copy_that_is_stopped_goes_on_when_it_is_run_again() {
    let from = FakeRegistry::start();
    for version in ["1.2.3", "1.2.4", "1.2.5"] {
        publish_as(&from, "charts/demo", version, &demo(version));
    }
    for kind in ["copy", "sync"] {
        let hangs = Fault::no_response_headers().on("PUT", "/manifests/1.2.5");
        let to = FakeRegistry::builder().fault(hangs).start();
        let context = context_with(&to);
        let source = from.oci("charts/demo");
        let file = format!("destination: {}\ncharts: [{source}]\n", to.oci("mirror"));
        context.write("sync.yaml", file);
        let words = match kind {
            "copy" => vec![
                "copy".to_owned(),
                source,
                to.oci("mirror/demo"),
                "--all".to_owned(),
            ],
            _ => vec!["sync".to_owned(), "sync.yaml".to_owned()],
        };
        let running = context.command(&words).start();
        wait_until(|| to.tags("mirror/demo").len() == 2);
        wait_until(|| to.requests().count("PUT", "/manifests/1.2.5") == 1);
        running.interrupt();
        let output = running.wait();
        assert_eq!(output.status(), Some(130), "{output}");
        let told = output.stderr();
        assert!(told.contains("interrupted\nhint: "), "{output}");
        assert!(
            told.contains(" of 3 versions are at their destination, "),
            "{output}"
        );
        assert!(told.contains("run the same command again"), "{output}");
        to.clear_faults();
        to.clear_requests();
        context.run(&words).success();
        assert_eq!(to.tags("mirror/demo").len(), 3);
        let log = to.requests();
        // The blobs of the last version are there already.
        assert_eq!(
            (log.count("PUT", "/manifests/"), log.count("PUT", "/blobs/")),
            (1, 0),
            "{log}"
        );
    }
}

/// Fetching has caught the signals; rendering must end on one all the same.
#[test]
fn rendering_ends_after_a_chart_was_fetched() {
    let registry = FakeRegistry::builder().start();
    let endless = "{{ range until 60000000 }}{{ range until 1000 }}{{ end }}{{ end }}";
    publish_as(
        &registry,
        "charts/demo",
        "1.2.3",
        &demo("1.2.3").template("endless.yaml", endless),
    );
    let context = context_with(&registry);
    let running = context
        .command(["template", &registry.oci("charts/demo:1.2.3"), "--plain-http"])
        .arg("--max-steps=0")
        .start();
    wait_until(|| {
        registry
            .requests()
            .iter()
            .any(|request| request.path().contains("/blobs/"))
    });
    thread::sleep(Duration::from_millis(500));
    running.interrupt();
    let output = running.wait();
    assert!(output.duration() < Duration::from_secs(30));
    skeg_snapshot!(output, @"
    ----- stderr -----
    Pulled: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 130]
    ");
}

/// Ends a copy in the middle, by Ctrl-C or by force, and runs it again to its end.
fn copy_is_taken_up(ends: fn(&mut skeg_test_support::RunningCommand), to: &str) {
    let (registry, mirror) = (stalling(), FakeRegistry::start());
    let context = context_with(&registry);
    let to = to.replace("REGISTRY", &mirror.oci("mirror"));
    let arguments = ["copy", &registry.oci("charts/demo:1.2.3"), &to];
    let mut running = context.command(arguments).start();
    wait_until(|| registry.requests().count("GET", "/blobs/") > 1);
    ends(&mut running);
    let output = running.wait();
    assert_ne!(output.status(), Some(0), "{output}");
    assert_eq!(mirror.resolve("mirror/demo", "1.2.3"), None);
    registry.clear_faults();
    context.run(arguments).success();
    context.run(["pull", &format!("{to}:1.2.3"), "-d", "."]).success();
    assert_eq!(temporary_files(&context), 0);
}

#[test]
fn a_copy_that_was_ended_is_taken_up() {
    for to in ["REGISTRY/demo", "oci-layout://layouts/demo"] {
        copy_is_taken_up(|running| running.interrupt(), to);
        copy_is_taken_up(skeg_test_support::RunningCommand::kill, to);
    }
}
