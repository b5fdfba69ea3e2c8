//! The check for forgotten test files finds them, and only them.

use skeg_test_support::{TestContext, no_forgotten_files};

/// The check's complaint about a directory, or nothing.
fn complaint(context: &TestContext) -> Option<String> {
    let directory = context.work();
    let panic = std::panic::catch_unwind(|| no_forgotten_files(directory)).err()?;
    panic.downcast_ref::<String>().cloned()
}

#[test]
fn declared_files_are_fine() {
    let context = TestContext::new("unused");
    context.write("main.rs", "//! Tests.\nmod push;\npub mod group;\n");
    context.write("push.rs", "");
    context.write("group/mod.rs", "mod inner;\n");
    context.write("group/inner.rs", "");
    context.write("data/chart.rs", "no module: the directory has no mod.rs");
    context.write("notes.md", "");
    assert_eq!(complaint(&context), None);
}

#[test]
fn undeclared_files_are_named() {
    let context = TestContext::new("unused");
    context.write("main.rs", "mod group;\n// mod pull;\n");
    context.write("pull.rs", "");
    context.write("group/mod.rs", "");
    context.write("group/inner.rs", "");
    let complaint = complaint(&context).unwrap_or_default();
    assert!(complaint.contains("pull.rs"), "{complaint}");
    assert!(complaint.contains("inner.rs"), "{complaint}");
}
