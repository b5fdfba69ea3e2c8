//! Texts to search in, as Go sees them: a byte that is not part of UTF-8 is the character U+FFFD.

use std::borrow::Cow;
use std::ops::Range;

const REPLACEMENT: &[u8] = "\u{FFFD}".as_bytes();

/// A text that is UTF-8 for sure, and where its bytes come from.
pub(super) struct Haystack<'t> {
    text: Cow<'t, [u8]>,
    /// Where the text has a replacement for one byte, ascending.
    replacements: Vec<usize>,
}

impl<'t> Haystack<'t> {
    pub(super) fn new(bytes: &'t [u8]) -> Self {
        if std::str::from_utf8(bytes).is_ok() {
            let text = Cow::Borrowed(bytes);
            let replacements = Vec::new();
            return Self { text, replacements };
        }
        let mut text = Vec::with_capacity(bytes.len() + 16);
        let mut replacements = Vec::new();
        for chunk in bytes.utf8_chunks() {
            text.extend_from_slice(chunk.valid().as_bytes());
            for _ in chunk.invalid() {
                replacements.push(text.len());
                text.extend_from_slice(REPLACEMENT);
            }
        }
        let text = Cow::Owned(text);
        Self { text, replacements }
    }

    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    /// How many bytes the character at `position` has; 1 at the end.
    pub(super) fn width(&self, position: usize) -> usize {
        match self.text.get(position) {
            Some(0xC0..=0xDF) => 2,
            Some(0xE0..=0xEF) => 3,
            Some(0xF0..) => 4,
            _ => 1,
        }
    }

    /// Where the next search begins after a match that ends at `end` and was searched from `position` on.
    pub(super) fn next_position(&self, position: usize, end: usize) -> usize {
        end.max(position + self.width(position))
    }

    /// A range of the original bytes.
    pub(super) fn original(&self, range: Range<usize>) -> Range<usize> {
        self.original_position(range.start)..self.original_position(range.end)
    }

    fn original_position(&self, position: usize) -> usize {
        let before = self.replacements.partition_point(|start| *start < position);
        position - before * (REPLACEMENT.len() - 1)
    }
}
