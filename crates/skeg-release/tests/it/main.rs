//! The crate as its users see it.

mod list;
mod records;
mod store;
mod support;
