//! The program of this checkout under a name of its own, so that cargo builds it for the tests of
//! this package.

use std::process::ExitCode;

use skeg::{Environment, Printer};

fn main() -> ExitCode {
    // `std::env::args_os` is no configuration: the command line is the argument of `run`.
    skeg::run(
        std::env::args_os().collect(),
        Environment::of_process(),
        Printer::of_process(),
    )
}
