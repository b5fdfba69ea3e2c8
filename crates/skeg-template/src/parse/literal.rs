//! Quoted characters, with Go's errors.

use skeg_go::quote;

/// The value of a character in single quotes; the error is Go's.
pub(crate) fn unquote_character(literal: &[u8]) -> Result<u32, String> {
    if let Some(code) = quote::unquote_char(literal) {
        return Ok(code);
    }
    if starts_with_character(literal) {
        let literal = String::from_utf8_lossy(literal);
        return Err(format!("malformed character constant: {literal}"));
    }
    Err("invalid syntax".to_owned())
}

/// Whether the quote is followed by a character or an escape sequence, whatever comes then.
fn starts_with_character(literal: &[u8]) -> bool {
    let longest = literal.len().min("'\\UFFFFFFFF".len());
    (2..=longest).any(|end| {
        let mut shortened = literal[..end].to_vec();
        shortened.push(b'\'');
        quote::unquote_char(&shortened).is_some()
    })
}
