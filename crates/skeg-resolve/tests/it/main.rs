//! Tests of the crate, beside a source in memory that counts what it is asked.

mod lock;
mod memory;
mod resolving;
