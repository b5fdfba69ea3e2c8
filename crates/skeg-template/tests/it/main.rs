//! Tests of the crate as others use it.

#![expect(clippy::unwrap_used, reason = "a failed helper is a failed test")]

mod data;
mod errors;
mod functions;
mod limits;
mod recorded;
