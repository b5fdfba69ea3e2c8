//! Development tasks, run as `cargo xtask <task>`: one module per task.
//!
//! `flags` is the list of tasks; `process`, `paths` and `failure` are what they share. Nothing
//! here is part of the product.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a development tool reports to the terminal it was started from"
)]

mod bench;
mod charts;
mod ci;
mod cluster;
mod codegen;
mod dist;
mod failure;
mod flags;
mod fuzz;
mod graphs;
mod http;
mod integration;
mod link;
mod matrix;
mod oracle;
mod paths;
mod peers;
mod process;
mod quickstart;
mod reliability;
mod sample;
mod sections;
mod server;
mod test;
mod tidy;
mod transcript;

use std::process::ExitCode;

fn main() -> ExitCode {
    match flags::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}
