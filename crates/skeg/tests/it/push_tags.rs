//! `skeg push`: under which tags, and what becomes of those that are there.

use skeg_test_support::{FakeRegistry, skeg_snapshot};

use crate::push::{manifest, push};
use crate::support::{context_with, demo, publish, write_archive};

#[test]
fn more_tags_can_be_given() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    write_archive(&context, "1.2.3");
    skeg_snapshot!(push(&context, &registry, &["--tag", "latest", "--tag", "1,1.2"]), @"
    Pushed: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    ");
    assert_eq!(registry.tags("charts/demo"), ["1", "1.2", "1.2.3", "latest"]);
    let digests = ["1", "1.2", "1.2.3", "latest"].map(|tag| registry.resolve("charts/demo", tag));
    assert!(digests.iter().all(|digest| *digest == digests[0]));
}

#[test]
fn a_tag_that_is_none_is_an_error() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    write_archive(&context, "1.2.3");
    skeg_snapshot!(push(&context, &registry, &["--tag", "no good"]), @r#"
    ----- stderr -----
    Error: invalid tag "no good"
    [exit status: 1]
    "#);
    assert!(registry.requests().is_empty());
}

#[test]
fn a_dry_run_asks_nothing() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    write_archive(&context, "1.2.3");
    skeg_snapshot!(push(&context, &registry, &["--dry-run"]), @"
    Would push: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    ");
    assert!(registry.requests().is_empty());
}

#[test]
fn moving_a_tag_is_told() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    publish(&registry, "charts/demo", "1.2.3");
    demo("1.2.3").file("more.txt", "x").write_archive(context.work());
    skeg_snapshot!(push(&context, &registry, &[]), @r#"
    Pushed: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    ----- stderr -----
    level=WARN msg="[REGISTRY]/charts/demo:1.2.3 was [DIGEST] and is [DIGEST] now; `--no-overwrite` refuses that"
    [exit status: 0]
    "#);
    skeg_snapshot!(push(&context, &registry, &[]), @"
    Pushed: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    ");
}

#[test]
fn moving_a_tag_can_be_refused() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    let before = publish(&registry, "charts/demo", "1.2.3");
    demo("1.2.3").file("more.txt", "x").write_archive(context.work());
    skeg_snapshot!(push(&context, &registry, &["--no-overwrite"]), @"
    ----- stderr -----
    Error: tag 1.2.3 exists already with digest [DIGEST]; the chart to push has [DIGEST]
    hint: raise the chart's version, or leave `--no-overwrite` out
    [exit status: 1]
    ");
    assert_eq!(registry.resolve("charts/demo", "1.2.3"), Some(before));
    assert_eq!(registry.requests().count("PUT", ""), 0);
}

#[test]
fn the_same_chart_again_is_no_overwrite() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    write_archive(&context, "1.2.3");
    push(&context, &registry, &["--no-overwrite"]).run().success();
    skeg_snapshot!(push(&context, &registry, &["--no-overwrite"]), @"
    Pushed: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    ");
    skeg_snapshot!(push(&context, &registry, &["--if-absent"]), @"
    Pushed: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    ");
}

#[test]
fn a_version_that_is_there_can_be_left_alone() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    let before = publish(&registry, "charts/demo", "1.2.3");
    demo("1.2.3").file("more.txt", "x").write_archive(context.work());
    skeg_snapshot!(push(&context, &registry, &["--if-absent"]), @"
    Exists: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    ----- stderr -----
    [REGISTRY]/charts/demo:1.2.3 exists already as [DIGEST] and was left alone
    [exit status: 0]
    ");
    assert_eq!(registry.resolve("charts/demo", "1.2.3"), Some(before));
}

#[test]
fn the_time_of_creation_can_be_given() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    write_archive(&context, "1.2.3");
    let created = |value: &str| {
        push(&context, &registry, &["--created", value]).run().success();
        manifest(&registry, "charts/demo", "1.2.3")["annotations"]["org.opencontainers.image.created"].clone()
    };
    assert_eq!(created("2026-01-31T12:00:00Z"), "2026-01-31T12:00:00Z");
    assert_eq!(created("2026-01-31T12:00:00+02:00"), "2026-01-31T10:00:00Z");
    assert_eq!(created("1700000000"), "2023-11-14T22:13:20Z");
}
