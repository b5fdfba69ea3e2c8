//! `%YAML` and `%TAG`.

use super::Scanner;
use super::token::{TagPrefix, TokenKind};
use crate::character::NAME;
use crate::error::Result;

/// Digits in a version number.
const MAX_DIGITS: usize = 2;

impl<'text> Scanner<'text> {
    pub(super) fn scan_directive(&mut self) -> Result<()> {
        self.leave_blocks()?;
        let mark = self.input.mark();
        self.input.skip();
        let kind = match self.scan_directive_name()? {
            "YAML" => self.scan_version()?,
            "TAG" => self.scan_tag_prefix()?,
            _ => return self.fail("found unknown directive name"),
        };
        self.skip_line_rest()?;
        self.push(kind, mark);
        Ok(())
    }

    fn scan_directive_name(&mut self) -> Result<&'text str> {
        self.input.need(1)?;
        let start = self.input.offset();
        self.input.run(self.length_of(NAME), 1)?;
        let name = self.input.since(start);
        if name.is_empty() {
            return self.fail("could not find expected directive name");
        }
        if !self.input.is_space_at(0) {
            return self.fail("found unexpected non-alphabetical character");
        }
        Ok(name)
    }

    fn scan_version(&mut self) -> Result<TokenKind<'text>> {
        self.input.need(1)?;
        self.skip_blanks()?;
        let major = self.scan_version_number()?;
        if self.input.peek() != b'.' {
            return self.fail("did not find expected digit or '.' character");
        }
        self.input.skip();
        let minor = self.scan_version_number()?;
        Ok(TokenKind::VersionDirective(major, minor))
    }

    fn scan_version_number(&mut self) -> Result<u8> {
        self.input.need(1)?;
        let mut number = 0;
        let mut length = 0;
        while let digit @ b'0'..=b'9' = self.input.peek() {
            length += 1;
            if length > MAX_DIGITS {
                return self.fail("found extremely long version number");
            }
            number = number * 10 + (digit - b'0');
            self.input.skip();
            self.input.need(1)?;
        }
        if length == 0 {
            return self.fail("did not find expected version number");
        }
        Ok(number)
    }

    fn scan_tag_prefix(&mut self) -> Result<TokenKind<'text>> {
        self.input.need(1)?;
        self.skip_blanks()?;
        let handle = self.scan_tag_handle(true)?;
        self.input.need(1)?;
        if !self.input.is_at_blank() {
            return self.fail("did not find expected whitespace");
        }
        self.skip_blanks()?;
        let prefix = self.scan_tag_text(self.input.offset(), true)?;
        self.input.need(1)?;
        if !self.input.is_space_at(0) {
            return self.fail("did not find expected whitespace or line break");
        }
        Ok(TokenKind::TagDirective(TagPrefix { handle, prefix }))
    }
}
