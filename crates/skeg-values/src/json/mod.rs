//! Values as JSON text, written and read as Go's `encoding/json` does.
//!
//! [`parse`] and [`to_string`] are for document values, the others for the values that templates compute with.

mod decode;
mod encode;
mod escape;
mod parse;
mod write;

pub use decode::{DecodeJsonError, Decoded, decode_go, decode_go_list, decode_go_map};
pub(crate) use decode::{decode_go_prefix, kind_name};
pub(crate) use encode::small_integer;
pub use encode::{EncodeJsonError, encode_go, encode_go_pretty, encode_go_raw};
pub use parse::{ParseJsonError, parse};
pub use write::to_string;

/// Go's `'x'`, with its special cases for the two quotes.
pub(crate) fn quote_character(c: char) -> String {
    match c {
        '\'' => r"'\''".to_owned(),
        '"' => r#"'"'"#.to_owned(),
        c => {
            let quoted = skeg_go::quote::quote(c.encode_utf8(&mut [0; 4]));
            format!("'{}'", quoted.trim_matches('"'))
        }
    }
}
