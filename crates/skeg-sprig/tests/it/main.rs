//! Integration tests of `skeg-sprig`.

mod codec;
mod names;
mod recorded;
