//! Block structure: indentation, and the indicators that depend on it.

use super::Scanner;
use super::token::{Token, TokenKind};
use crate::error::Result;
use crate::event::Mark;

/// How many block collections may be open.
const MAX_INDENTS: usize = 10_000;

impl<'text> Scanner<'text> {
    /// Begins a block collection at a column, if that is further in than the current one; before the token with that
    /// number, or else behind all.
    pub(super) fn indent_to(
        &mut self,
        mark: Mark,
        number: Option<usize>,
        kind: TokenKind<'text>,
    ) -> Result<()> {
        if self.keys.flow_level() > 0 || self.indent >= Some(mark.column) {
            return Ok(());
        }
        self.outer_indents.push(self.indent);
        self.indent = Some(mark.column);
        if self.outer_indents.len() > MAX_INDENTS {
            return self.fail("exceeded max depth of 10000");
        }
        let token = Token { kind, mark };
        match number {
            Some(number) => self.insert(number, token),
            None => self.tokens.push_back(token),
        }
        Ok(())
    }

    /// Ends the block collections that are further in than a column; all of them for none.
    pub(super) fn dedent_to(&mut self, column: Option<usize>) {
        if self.keys.flow_level() > 0 {
            return;
        }
        while self.indent > column {
            self.push(TokenKind::BlockEnd, self.input.mark());
            self.indent = self.outer_indents.pop().flatten();
        }
    }

    /// A dash.
    pub(super) fn scan_block_entry(&mut self) -> Result<()> {
        // In brackets, the parser complains.
        if self.keys.flow_level() == 0 {
            if !self.key_allowed {
                return self.fail("block sequence entries are not allowed in this context");
            }
            self.indent_to(self.input.mark(), None, TokenKind::BlockSequenceStart)?;
        }
        self.drop_key()?;
        self.key_allowed = true;
        self.indicator(TokenKind::BlockEntry, 1);
        Ok(())
    }

    /// A question mark.
    pub(super) fn scan_key(&mut self) -> Result<()> {
        let in_block = self.keys.flow_level() == 0;
        if in_block {
            if !self.key_allowed {
                return self.fail("mapping keys are not allowed in this context");
            }
            self.indent_to(self.input.mark(), None, TokenKind::BlockMappingStart)?;
        }
        self.drop_key()?;
        self.key_allowed = in_block;
        self.indicator(TokenKind::Key, 1);
        Ok(())
    }

    /// `---` or `...`.
    pub(super) fn scan_document_indicator(&mut self, kind: TokenKind<'text>) -> Result<()> {
        self.leave_blocks()?;
        self.indicator(kind, 3);
        Ok(())
    }

    pub(super) fn scan_stream_end(&mut self) -> Result<()> {
        self.input.end_line();
        self.leave_blocks()?;
        self.push(TokenKind::StreamEnd, self.input.mark());
        Ok(())
    }

    /// Ends all block collections before something that stands outside of documents.
    pub(super) fn leave_blocks(&mut self) -> Result<()> {
        self.dedent_to(None);
        self.drop_key()?;
        self.key_allowed = false;
        Ok(())
    }
}
