//! TOML as `BurntSushi/toml` 1.6.0 writes and reads it.
//!
//! Here: [`encode`] prints any value byte for byte as Go's encoder does with its default settings, [`decode`]
//! reads a document into a map. Not here: Go's types for dates and times, which become text.

mod decode;
mod encode;
mod scalar;

pub use decode::{DecodeError, decode};
pub use encode::{EncodeError, encode};
