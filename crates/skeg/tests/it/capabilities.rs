//! `skeg registry capabilities`: what is asked, what is found out by writing, and what is said beside the answers.

use serde_json::{Value, json};
use skeg_test_support::{FakeRegistry, Fault, TestContext};

use crate::support::{context_with, publish};

const DEMO: &str = "charts/demo";

#[track_caller]
fn json_of(context: &TestContext, arguments: &[&str]) -> Value {
    let output = context.run(arguments.iter().chain(&["-o", "json"])).success();
    serde_json::from_str(&output.stdout()).expect("because `-o json` prints JSON")
}

#[track_caller]
fn lines(context: &TestContext, arguments: &[&str]) -> Vec<String> {
    let output = context.run(arguments).success();
    output.stdout().lines().map(str::to_owned).collect()
}

#[track_caller]
fn fails(context: &TestContext, arguments: &[&str], expected: &str) {
    let output = context.run(arguments).failure();
    assert!(output.stderr().contains(expected), "{output}");
    assert!(output.stdout().is_empty(), "{output}");
}

#[test]
fn how_a_registry_is_written_to_is_found_out_on_request() {
    let check = |registry: FakeRegistry, expected: Value| {
        publish(&registry, DEMO, "1.0.0");
        let (blobs, tags) = (registry.blobs(DEMO), registry.tags(DEMO));
        let context = context_with(&registry);
        let place = format!("{}/{DEMO}", registry.host());
        let found = json_of(&context, &["registry", "capabilities", &place, "--probe-write"]);
        let found = json!([found["push"], found["mount"], found["chunkMinLength"]]);
        assert_eq!(found, expected, "{}", registry.requests());
        assert_eq!((registry.blobs(DEMO), registry.tags(DEMO)), (blobs, tags));
        assert_eq!(registry.open_uploads(), 0);
    };
    let builder = FakeRegistry::builder;
    check(builder().start(), json!([true, true, null]));
    check(
        builder().chunk_min_length(5000).start(),
        json!([true, true, 5000]),
    );
    check(builder().refuse_mounts().start(), json!([true, false, null]));
    check(builder().read_only().start(), json!([false, null, null]));
    let denied = Fault::error(403, "DENIED", "not you").on("POST", "");
    check(builder().fault(denied).start(), json!([false, null, null]));
    let mount_fails = Fault::error(400, "UNSUPPORTED", "no").on_target("mount=");
    check(builder().fault(mount_fails).start(), json!([true, null, null]));
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    fails(
        &context,
        &["registry", "capabilities", registry.host(), "--probe-write"],
        "names no repository to probe",
    );
    assert!(registry.requests().is_empty());
    registry.add_fault(Fault::status(500).on("POST", ""));
    let place = format!("{}/{DEMO}", registry.host());
    fails(
        &context,
        &[
            "registry",
            "capabilities",
            &place,
            "--probe-write",
            "--timeout=1s",
        ],
        "500",
    );
}

#[test]
fn what_a_registry_says_beside_its_answers_is_shown() {
    let registry = FakeRegistry::builder().chunk_min_length(5_242_880).start();
    publish(&registry, DEMO, "1.0.0");
    registry.add_fault(
        Fault::headers()
            .header("warning", "299 - \"this registry moves in May\"")
            .header("ratelimit-limit", "100;w=21600")
            .header("ratelimit-remaining", "76;w=21600")
            .on("HEAD", "/manifests/"),
    );
    let context = context_with(&registry);
    let place = format!("{}/{DEMO}", registry.host());
    let found = json_of(&context, &["registry", "capabilities", &place]);
    assert_eq!(found["warnings"], json!(["this registry moves in May"]));
    assert_eq!(found["rateLimit"]["remaining"], 76);
    assert_eq!(found["push"], Value::Null);
    let shown = lines(&context, &["registry", "capabilities", &place]).join("\n");
    for row in [
        "pushing                \tunknown",
        "mounting of blobs      \tunknown",
        "least part of an upload\tunknown",
    ] {
        assert!(shown.contains(row), "{shown}");
    }
    let shown = lines(&context, &["registry", "capabilities", &place, "--probe-write"]).join("\n");
    for row in [
        "pushing                \tyes",
        "least part of an upload\t5.00 MiB",
        "requests left          \t76 of 100 left in 21600 s",
        "warning                \tthis registry moves in May",
    ] {
        assert!(shown.contains(row), "{shown}");
    }
}
