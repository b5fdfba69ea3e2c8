//! What continuous integration runs, and what a person runs before pushing: the same.

use std::path::PathBuf;
use std::time::Instant;

use crate::codegen;
use crate::failure::Result;
use crate::graphs;
use crate::matrix;
use crate::paths;
use crate::process;
use crate::process::Run;
use crate::quickstart;
use crate::test;
use crate::tidy;

/// What one step does.
type Step = fn() -> Result<()>;

/// The steps, the quick ones first.
const STEPS: [(&str, Step); 11] = [
    ("format", format),
    ("tidy", tidy::run),
    ("lint", lint),
    ("documentation", documentation),
    ("generated files", codegen::check),
    ("dependencies", dependencies),
    ("spelling", spelling),
    ("tests", test::run),
    ("dependency graphs", graphs::run_few),
    ("releases by turns", matrix::run_few),
    ("quickstart", quickstart::run),
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
    let Some(cargo_deny) = tool("cargo-deny", "cargo-deny@0.20.2")? else {
        return Ok(());
    };
    process::program(cargo_deny)
        .args(["--log-level", "error", "check", "bans", "licenses", "sources"])
        .run()
}

fn spelling() -> Result<()> {
    match tool("typos", "typos-cli@1.52.0")? {
        Some(typos) => process::program(typos).run(),
        None => Ok(()),
    }
}

/// Finds a checking tool in `PATH` or among those installed for this project. Continuous integration installs what is
/// missing; a person is told what is not checked.
fn tool(name: &str, package: &str) -> Result<Option<PathBuf>> {
    let root = paths::target().join("tools");
    let installed = root.join("bin").join(paths::executable(name));
    if let Some(found) = process::find_in_path(name) {
        return Ok(Some(found));
    }
    if !installed.is_file() {
        if !process::is_ci() {
            println!("NOT CHECKED: `{name}` is not installed (`cargo install --locked {package}`)");
            return Ok(None);
        }
        process::cargo()
            .args(["install", "--locked", package, "--root"])
            .arg(&root)
            .run()?;
    }
    Ok(Some(installed))
}
