//! Strings, bytes, and padding.

use super::printer::Printer;
use crate::quote::{Escaping, can_backquote, write_quoted};

/// The number of characters, where each byte that is not part of UTF-8 counts as one.
fn rune_count(text: &[u8]) -> usize {
    let count = |chunk: std::str::Utf8Chunk<'_>| chunk.valid().chars().count() + chunk.invalid().len();
    text.utf8_chunks().map(count).sum()
}

/// The first `count` characters.
fn first_runes(text: &[u8], count: usize) -> &[u8] {
    let mut left = count;
    let mut end = 0;
    for chunk in text.utf8_chunks() {
        for c in chunk.valid().chars() {
            if left == 0 {
                return &text[..end];
            }
            left -= 1;
            end += c.len_utf8();
        }
        let invalid = chunk.invalid().len().min(left);
        left -= invalid;
        end += invalid;
        if invalid < chunk.invalid().len() {
            return &text[..end];
        }
    }
    text
}

impl Printer<'_> {
    /// Appends text, and what it lacks to the width.
    pub(super) fn pad(&mut self, text: &[u8]) {
        let zero = self.spec.zero && !self.spec.minus;
        self.pad_with(text, if zero { b'0' } else { b' ' });
    }

    /// As [`Self::pad`], always with blanks.
    pub(super) fn pad_with_blanks(&mut self, text: &[u8]) {
        self.pad_with(text, b' ');
    }

    fn pad_with(&mut self, text: &[u8], padding: u8) {
        let Some(width) = self.spec.width else {
            return self.out.extend_from_slice(text);
        };
        let missing = width.saturating_sub(rune_count(text));
        if self.spec.minus {
            self.out.extend_from_slice(text);
        }
        self.out.resize(self.out.len() + missing, padding);
        if !self.spec.minus {
            self.out.extend_from_slice(text);
        }
    }

    fn truncated<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        self.spec.precision.map_or(text, |count| first_runes(text, count))
    }

    pub(super) fn string(&mut self, text: &[u8]) {
        self.pad(self.truncated(text));
    }

    /// `%q`
    pub(super) fn quoted(&mut self, text: &[u8]) {
        let text = self.truncated(text);
        let mut quoted = Vec::with_capacity(text.len() + 2);
        if self.spec.sharp && can_backquote(text) {
            quoted.push(b'`');
            quoted.extend_from_slice(text);
            quoted.push(b'`');
        } else {
            write_quoted(&mut quoted, text, self.escaping());
        }
        self.pad(&quoted);
    }

    pub(super) fn escaping(&self) -> Escaping {
        if self.spec.plus {
            Escaping::NonAscii
        } else {
            Escaping::Unprintable
        }
    }

    /// `%x` and `%X` of text
    pub(super) fn hexadecimal_text(&mut self, text: &[u8], verb: char) {
        let text = &text[..self.spec.precision.unwrap_or(text.len()).min(text.len())];
        let (digits, prefix) = match verb {
            'x' => (b"0123456789abcdef", b"0x"),
            _ => (b"0123456789ABCDEF", b"0X"),
        };
        let mut hexadecimal = Vec::with_capacity(2 * text.len() + 2);
        for (index, byte) in text.iter().enumerate() {
            if self.spec.space && index > 0 {
                hexadecimal.push(b' ');
            }
            if self.spec.sharp && (self.spec.space || index == 0) {
                hexadecimal.extend_from_slice(prefix);
            }
            hexadecimal.extend([digits[usize::from(byte >> 4)], digits[usize::from(byte & 0xf)]]);
        }
        self.pad(&hexadecimal);
    }
}
