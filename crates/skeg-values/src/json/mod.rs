//! Values as JSON text, written and read as Go's `encoding/json` does.

mod parse;
mod write;

pub use parse::{ParseJsonError, parse};
pub use write::to_string;
