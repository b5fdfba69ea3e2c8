//! Anchors, aliases and tags.

use std::borrow::Cow;

use super::Scanner;
use super::token::{Tag, TokenKind};
use crate::character::{NAME, TAG, is};
use crate::error::Result;

impl<'text> Scanner<'text> {
    /// `*alias` or `&anchor`.
    pub(super) fn scan_name(&mut self, kind: fn(&'text str) -> TokenKind<'text>) -> Result<()> {
        self.note_key()?;
        self.key_allowed = false;
        let mark = self.input.mark();
        self.input.skip();
        self.input.need(1)?;
        let start = self.input.offset();
        self.input.run(self.length_of(NAME), 1)?;
        let name = self.input.since(start);
        let is_over = self.input.is_space_at(0) || b"?:,]}%@`".contains(&self.input.peek());
        if name.is_empty() || !is_over {
            return self.fail("did not find expected alphabetic or numeric character");
        }
        self.push(kind(name), mark);
        Ok(())
    }

    /// `!suffix`, `!handle!suffix`, `!<all of it>` or `!`.
    pub(super) fn scan_tag(&mut self) -> Result<()> {
        self.note_key()?;
        self.key_allowed = false;
        let mark = self.input.mark();
        self.input.need(2)?;
        let tag = if self.input.peek_at(1) == b'<' {
            self.scan_verbatim_tag()?
        } else {
            self.scan_shorthand_tag()?
        };
        self.input.need(1)?;
        if !self.input.is_space_at(0) {
            return self.fail("did not find expected whitespace or line break");
        }
        self.push(TokenKind::Tag(tag), mark);
        Ok(())
    }

    fn scan_verbatim_tag(&mut self) -> Result<Tag<'text>> {
        self.input.skip();
        self.input.skip();
        let suffix = self.scan_tag_text(self.input.offset(), true)?;
        if self.input.peek() != b'>' {
            return self.fail("did not find the expected '>'");
        }
        self.input.skip();
        Ok(Tag { handle: None, suffix })
    }

    fn scan_shorthand_tag(&mut self) -> Result<Tag<'text>> {
        let start = self.input.offset();
        let handle = self.scan_tag_handle(false)?;
        if handle.len() > 1 && handle.ends_with('!') {
            let suffix = self.scan_tag_text(self.input.offset(), true)?;
            let handle = Some(handle);
            return Ok(Tag { handle, suffix });
        }
        // It was no handle, but the beginning of the suffix.
        let suffix = self.scan_tag_text(start + 1, false)?;
        Ok(if suffix.is_empty() {
            let suffix = Cow::Borrowed("!");
            Tag { handle: None, suffix }
        } else {
            let handle = Some("!");
            Tag { handle, suffix }
        })
    }

    /// Reads `!` or `!name!`, or, unless it has to be one of them, `!name`.
    pub(super) fn scan_tag_handle(&mut self, in_directive: bool) -> Result<&'text str> {
        self.input.need(1)?;
        if self.input.peek() != b'!' {
            return self.fail("did not find expected '!'");
        }
        let start = self.input.offset();
        self.input.skip();
        self.input.need(1)?;
        self.input.run(self.length_of(NAME), 1)?;
        if self.input.peek() == b'!' {
            self.input.skip();
        } else if in_directive && self.input.since(start) != "!" {
            return self.fail("did not find expected '!'");
        }
        Ok(self.input.since(start))
    }

    /// Reads the text of a tag, which began at an offset, with its escapes.
    pub(super) fn scan_tag_text(&mut self, start: usize, must_go_on: bool) -> Result<Cow<'text, str>> {
        self.input.need(1)?;
        let went_so_far = self.input.offset();
        let mut decoded: Option<Vec<u8>> = None;
        while is(self.input.peek(), TAG) {
            let at = self.input.offset();
            if self.input.peek() == b'%' {
                let decoded = decoded.get_or_insert_with(|| self.input.since(start).into());
                self.scan_escaped_octets(decoded)?;
            } else {
                self.input.skip();
                if let Some(decoded) = &mut decoded {
                    decoded.extend_from_slice(self.input.since(at).as_bytes());
                }
            }
            self.input.need(1)?;
        }
        if must_go_on && self.input.offset() == went_so_far {
            return self.fail("did not find expected tag URI");
        }
        Ok(match decoded {
            Some(decoded) => Cow::Owned(String::from_utf8_lossy(&decoded).into_owned()),
            None => Cow::Borrowed(self.input.since(start)),
        })
    }

    /// Reads the octets of one character, each as `%` and two digits.
    fn scan_escaped_octets(&mut self, decoded: &mut Vec<u8>) -> Result<()> {
        let mut missing = None;
        while missing != Some(0) {
            self.input.need(3)?;
            let digit = |offset| char::from(self.input.peek_at(offset)).to_digit(16);
            let (b'%', Some(high), Some(low)) = (self.input.peek(), digit(1), digit(2)) else {
                return self.fail("did not find URI escaped octet");
            };
            let octet = u8::try_from(high << 4 | low).expect("because two digits make an octet");
            missing = Some(match (missing, octet) {
                (None, 0..=0x7f) => 0,
                (None, 0xc0..=0xdf) => 1,
                (None, 0xe0..=0xef) => 2,
                (None, 0xf0..=0xf7) => 3,
                (None, _) => return self.fail("found an incorrect leading UTF-8 octet"),
                (Some(missing), 0x80..=0xbf) => missing - 1,
                (Some(_), _) => return self.fail("found an incorrect trailing UTF-8 octet"),
            });
            decoded.push(octet);
            for _ in 0..3 {
                self.input.skip();
            }
        }
        Ok(())
    }
}
