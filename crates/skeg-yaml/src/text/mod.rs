//! The characters of a stream: from bytes in UTF-8 or UTF-16 to text.

mod decode;
mod input;

use std::borrow::Cow;

pub(crate) use input::Input;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A stream as text, without the byte order mark at its beginning.
///
/// Bytes that are no text are no error yet: it comes from the parser, when it gets as far as Go-YAML's would.
#[derive(Clone, Debug)]
pub struct Text<'bytes> {
    content: Cow<'bytes, str>,
    is_ascii: bool,
    /// All lines end with a line feed and nothing else.
    has_plain_breaks: bool,
    portions: Option<Portions>,
}

/// How Go-YAML's reader gets hold of a text that is not ordinary.
///
/// It reads 512 bytes when it has no more characters than it needs at the moment. So what is wrong with a portion is
/// noticed when the portion before it is used up; and a byte order mark is noticed only at the beginning of what the
/// reader had left when it read the last time.
#[derive(Clone, Debug, Default)]
struct Portions {
    /// Where the portions end.
    ends: Vec<usize>,
    /// The reader knows with the first portion that it is the last.
    ends_early: bool,
    /// What is wrong with the portion after the last.
    fault: Option<&'static str>,
}

impl<'bytes> Text<'bytes> {
    /// Decodes a stream. UTF-16 is known by its byte order mark.
    pub fn new(bytes: &'bytes [u8]) -> Self {
        decode::ordinary(bytes).unwrap_or_else(|| decode::in_portions(bytes))
    }
}
