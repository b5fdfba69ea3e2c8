//! The `skeg` program: everything is in the library.

use std::process::ExitCode;

use mimalloc::MiMalloc;
use skeg::{Environment, Printer};

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    // `std::env::args_os` is no configuration: the command line is the argument of `run`.
    skeg::run(
        std::env::args_os().collect(),
        Environment::of_process(),
        Printer::of_process(),
    )
}
