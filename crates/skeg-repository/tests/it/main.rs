//! The crate from outside.

mod index;
