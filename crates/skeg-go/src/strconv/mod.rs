//! Go's package `strconv`: text to numbers and back, with its errors.
//!
//! Quoting is in [`crate::quote`], the formatting of floating-point numbers in [`crate::number`].

mod error;
mod float;
mod integer;

pub use crate::number::{FloatFormat, format_float, write_float};
pub use error::{NumberError, NumberProblem};
pub use float::parse_float;
pub use integer::{atoi, format_int, format_uint, parse_int, parse_uint};

/// `strconv.ParseBool`: `1 t T TRUE true True 0 f F FALSE false False`
pub fn parse_bool(text: &[u8]) -> Result<bool, NumberError<bool>> {
    match text {
        b"1" | b"t" | b"T" | b"true" | b"TRUE" | b"True" => Ok(true),
        b"0" | b"f" | b"F" | b"false" | b"FALSE" | b"False" => Ok(false),
        _ => Err(NumberError::new("ParseBool", text, NumberProblem::Syntax, false)),
    }
}
