//! Tests of the crate as others use it.

mod data;
mod functions;
mod recorded;
