//! Comparing with the Go libraries behind Helm on made-up input: the working part of `cargo xtask fuzz`.
//!
//! An [`Area`] makes a request of a seed, answers it with our crates, and the same request goes to a program over
//! the Go libraries (`tests/fuzz-oracle`). Requests are made of seeds alone, so that a seed is enough to see a
//! difference again.

mod areas;
mod generate;
mod oracle;
mod random;
mod run;
mod shrink;
mod typed;

pub use areas::ALL;
pub use oracle::Oracle;
pub use run::Run;

pub(crate) use random::Random;
use serde_json::Value;

/// What is compared.
#[derive(Clone, Copy, Debug)]
pub struct Area {
    /// The name, on the command line and in requests.
    pub name: &'static str,
    /// Makes a request up.
    generate: fn(&mut Random) -> Value,
    /// Answers as the program over the Go libraries does.
    answer: fn(&Value) -> Value,
    /// Why a difference is known and no mistake of ours.
    known: fn(&Difference) -> Option<&'static str>,
}

/// Two answers to one request.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The request.
    pub request: Value,
    /// Our answer.
    pub ours: Value,
    /// The answer of the Go libraries.
    pub theirs: Value,
}

/// No difference is known.
fn none(_: &Difference) -> Option<&'static str> {
    None
}
