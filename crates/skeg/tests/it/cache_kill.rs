//! Killed at any moment: nothing is torn, nothing is lost, and the next run completes.

use std::thread;
use std::time::{Duration, Instant};

use skeg_test_support::{ChartBuilder, FakeRegistry, Fault, TestContext};

use crate::support::{context_with, demo, publish_as};

const SIZE: usize = 3_000_000;

fn chart() -> ChartBuilder {
    demo("1.2.3").big_random_file(SIZE, 1)
}

fn pull(context: &TestContext, registry: &FakeRegistry) -> skeg_test_support::TestCommand {
    context.command(["pull", &registry.oci("charts/demo:1.2.3"), "--plain-http"])
}

fn partial_length(context: &TestContext) -> u64 {
    let directory = context.home().join(".cache/helm/skeg/store/v1/partial");
    let entries = fs_err::read_dir(directory).into_iter().flatten().flatten();
    let lengths = entries.filter_map(|entry| entry.metadata().ok());
    lengths.map(|metadata| metadata.len()).sum()
}

/// Files in the directory that charts are pulled into and that nobody asked for.
fn leftovers(context: &TestContext) -> usize {
    let entries = fs_err::read_dir(context.path("."))
        .into_iter()
        .flatten()
        .flatten();
    entries
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(".skeg-"))
        .count()
}

#[test]
fn a_pull_that_was_killed_is_continued_where_it_was() {
    let registry = FakeRegistry::builder()
        .fault(Fault::stall_after(2_000_000).once().on("GET", "/blobs/"))
        .start();
    let context = context_with(&registry);
    publish_as(&registry, "charts/demo", "1.2.3", &chart());
    let mut running = pull(&context, &registry).start();
    let deadline = Instant::now() + Duration::from_secs(20);
    while partial_length(&context) < 1_900_000 {
        assert!(Instant::now() < deadline, "nothing was received");
        thread::sleep(Duration::from_millis(5));
    }
    running.kill();
    drop(running.wait());
    assert!(!context.path("demo-1.2.3.tgz").exists());
    assert_eq!(leftovers(&context), 1, "nobody was there to remove it");
    let kept = partial_length(&context);
    registry.clear_requests();
    pull(&context, &registry).run().success();
    let requests = registry.requests().matching("GET", "/blobs/");
    assert_eq!(requests.len(), 1, "{requests}");
    let range = format!("bytes={kept}-");
    assert_eq!(requests.as_slice()[0].header("range"), Some(range.as_str()));
    assert_eq!(context.read("demo-1.2.3.tgz"), chart().archive().bytes());
    assert_eq!(partial_length(&context), 0);
    assert_eq!(leftovers(&context), 0);
}

#[test]
fn a_pull_takes_nothing_away_from_one_that_is_running() {
    let registry = FakeRegistry::builder()
        .fault(Fault::stall_after(2_000_000).once().on("GET", "/blobs/"))
        .start();
    let context = context_with(&registry);
    publish_as(&registry, "charts/demo", "1.2.3", &chart());
    let mut running = pull(&context, &registry).arg("--no-cache").start();
    let deadline = Instant::now() + Duration::from_secs(20);
    while leftovers(&context) == 0 {
        assert!(Instant::now() < deadline, "nothing was begun");
        thread::sleep(Duration::from_millis(5));
    }
    publish_as(&registry, "charts/other", "1.2.3", &demo("1.2.3"));
    let other = ["pull", &registry.oci("charts/other:1.2.3"), "--plain-http"];
    context.command(other).run().success();
    assert_eq!(leftovers(&context), 1, "it is being written");
    running.kill();
    drop(running.wait());
    context.command(other).run().success();
    assert_eq!(leftovers(&context), 0);
}

#[test]
fn a_pull_that_is_killed_at_any_moment_leaves_nothing_torn() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    publish_as(&registry, "charts/demo", "1.2.3", &chart());
    let expected = chart().archive().bytes();
    let started = Instant::now();
    pull(&context, &registry).run().success();
    let whole = started.elapsed();
    let kills = 40;
    for kill in 0..kills {
        // Begin with an empty cache now and then, or every kill but the first would meet a full one.
        if kill % 2 == 0 {
            context.run(["cache", "clean"]).success();
        }
        drop(fs_err::remove_file(context.path("demo-1.2.3.tgz")));
        let mut running = pull(&context, &registry).start();
        // Moments spread over the whole run; nothing is waited for.
        thread::sleep(whole * kill / kills);
        running.kill();
        drop(running.wait());
        if let Ok(content) = fs_err::read(context.path("demo-1.2.3.tgz")) {
            assert!(content == expected, "torn after kill {kill}");
        }
        context.run(["cache", "verify"]).success();
        pull(&context, &registry).run().success();
        assert!(context.read("demo-1.2.3.tgz") == expected, "kill {kill}");
        assert_eq!(leftovers(&context), 0, "kill {kill}");
        let offline = pull(&context, &registry).arg("--offline");
        offline.run().success();
    }
}
