//! Integration tests of `skeg-sprig`.
//!
//! `tests/data/functions.jsonl` begins with a line that says what printed it. Each other line is a call: the
//! function `f`, the arguments `a`, and the result `r` or the error `e`; `after` has the arguments as the call left
//! them, if it changed them.

#![expect(clippy::unwrap_used, reason = "a failed helper is a failed test")]

mod codec;
mod hostile;
mod names;
mod recorded;
mod sharing;
mod times_and_patterns;

use skeg_go::{CallError, GoValue};
use skeg_sprig::{Surroundings, functions};
use skeg_template::{Body, Function};

/// All functions, in a world where nothing happens.
fn all_functions() -> Vec<Function> {
    functions(&Surroundings {
        now: || 0,
        time_zone: None,
        fill_random: |_| {},
        host_addresses: |_| Vec::new(),
    })
}

fn call(function: &Function, arguments: &[GoValue]) -> Result<GoValue, CallError> {
    match &function.body {
        Body::Pure(body) => body(arguments),
        Body::Stateful(body) => body(arguments),
        Body::Caller(_) => panic!("{} wants to know its caller", function.name),
    }
}

/// The outcome of a function by its name.
fn outcome(name: &str, arguments: &[GoValue]) -> Result<GoValue, String> {
    let functions = all_functions();
    let function = functions.iter().find(|function| function.name == name).unwrap();
    call(function, arguments).map_err(|error| error.to_string())
}
mod crypto;
