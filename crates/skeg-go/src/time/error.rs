//! Why a text is no time or duration, in Go's words.

/// A text that is not a time of the wanted layout.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("parsing time {}{}", quote(.value), self.rest())]
pub struct ParseTimeError {
    pub(super) value: Vec<u8>,
    pub(super) kind: ParseTimeErrorKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ParseTimeErrorKind {
    /// This part of the text is not what this element of the layout wants.
    Mismatch {
        layout: Vec<u8>,
        element: Vec<u8>,
        part: Vec<u8>,
    },
    /// The text goes on after the layout ends.
    Extra(Vec<u8>),
    /// Something else, such as `month out of range`.
    Other(String),
}

impl ParseTimeError {
    fn rest(&self) -> String {
        match &self.kind {
            ParseTimeErrorKind::Mismatch {
                layout,
                element,
                part,
            } => format!(
                " as {}: cannot parse {} as {}",
                quote(layout),
                quote(part),
                quote(element)
            ),
            ParseTimeErrorKind::Extra(part) => format!(": extra text: {}", quote(part)),
            ParseTimeErrorKind::Other(message) => format!(": {message}"),
        }
    }
}

/// A text that is not a duration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("time: {problem} {}", quote(.text))]
pub struct ParseDurationError {
    pub(super) problem: String,
    pub(super) text: Vec<u8>,
}

/// Quotes as package `time` does, which escapes all bytes beyond ASCII.
pub(super) fn quote(text: &[u8]) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for &byte in text {
        match byte {
            b'"' | b'\\' => quoted.extend(['\\', char::from(byte)]),
            b' '..=0x7F => quoted.push(char::from(byte)),
            _ => {
                let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
                quoted.extend(['\\', 'x', digit(byte >> 4), digit(byte & 15)]);
            }
        }
    }
    quoted.push('"');
    quoted
}
