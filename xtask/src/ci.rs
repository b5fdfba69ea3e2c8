//! What continuous integration runs, and what a person runs before pushing: the same.

use std::time::Instant;

use crate::codegen;
use crate::failure::Result;
use crate::process;
use crate::process::Run;
use crate::test;
use crate::tidy;

/// What one step does.
type Step = fn() -> Result<()>;

/// The steps, the quick ones first.
const STEPS: [(&str, Step); 8] = [
    ("format", format),
    ("tidy", tidy::run),
    ("lint", lint),
    ("documentation", documentation),
    ("generated files", codegen::check),
    ("dependencies", dependencies),
    ("spelling", spelling),
    ("tests", test::run),
];

/// Runs every step; stops at the first that fails.
pub(crate) fn run() -> Result<()> {
    for (name, step) in STEPS {
        println!("\n==== {name}");
        let started = Instant::now();
        step()?;
        println!("==== {name}: {} s", started.elapsed().as_secs());
    }
    Ok(())
}

fn format() -> Result<()> {
    process::cargo().args(["fmt", "--all", "--check"]).run()
}

fn lint() -> Result<()> {
    process::cargo()
        .args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--all-features",
            "--locked",
        ])
        .args(["--", "-D", "warnings"])
        .run()
}

fn documentation() -> Result<()> {
    process::cargo()
        .args(["doc", "--workspace", "--no-deps", "--locked"])
        .env("RUSTDOCFLAGS", "-D warnings")
        .run()
}

fn dependencies() -> Result<()> {
    if process::find_in_path("cargo-deny").is_none() {
        println!("NOT CHECKED: `cargo-deny` is not installed (`cargo install --locked cargo-deny`)");
        return Ok(());
    }
    process::cargo()
        .args(["deny", "check", "bans", "licenses", "sources"])
        .run()
}

fn spelling() -> Result<()> {
    if process::find_in_path("typos").is_none() {
        println!("NOT CHECKED: `typos` is not installed (`cargo install --locked typos-cli`)");
        return Ok(());
    }
    process::program("typos").run()
}
