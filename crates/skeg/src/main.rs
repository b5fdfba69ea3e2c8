//! The `skeg` program: everything is in the library.

use std::process::ExitCode;

use skeg::{Environment, Printer};

/// Rendering allocates millions of small pieces on a thread of its own, where the C library's allocator grows its memory
/// page by page; see `docs/decisions/0008-allocator.md`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // `std::env::args_os` is no configuration: the command line is the argument of `run`.
    skeg::run(
        std::env::args_os().collect(),
        Environment::of_process(),
        Printer::of_process(),
    )
}
