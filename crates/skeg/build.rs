//! Links the program at a fixed address on Linux: relocating it would be a fifth of the time of a short command.

use std::env;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is_gnu_linux =
        variable("CARGO_CFG_TARGET_OS") == "linux" && variable("CARGO_CFG_TARGET_ENV") == "gnu";
    if is_gnu_linux {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}

#[expect(clippy::disallowed_methods, reason = "cargo tells build scripts by variables")]
fn variable(name: &str) -> String {
    env::var(name).unwrap_or_default()
}
