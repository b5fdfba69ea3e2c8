//! Keys without a question mark: what is one is known only at the colon.

use std::collections::VecDeque;

use super::Scanner;
use super::token::{Token, TokenKind};
use crate::error::Result;
use crate::event::Mark;

/// How many characters may be between the beginning of a key and its colon.
const LONGEST: usize = 1024;

/// How many brackets may be open.
const MAX_FLOW_LEVEL: usize = 10_000;

/// The last place on a flow level where a key may have begun.
#[derive(Debug, Default)]
struct Candidate {
    /// No colon so far, and one may still come.
    possible: bool,
    /// Nothing but a key makes sense there.
    required: bool,
    /// The number of the token that the key begins with.
    token: usize,
    index: usize,
    mark: Mark,
}

/// The candidates of all flow levels, the block level first.
#[derive(Debug)]
pub(super) struct SimpleKeys {
    candidates: Vec<Candidate>,
    /// Token number and level of the candidates on whose colon the parser waits.
    ///
    /// These are not all that are possible: the end of `[]` or `{}` drops the candidate that began with it.
    awaited: VecDeque<(usize, usize)>,
}

impl SimpleKeys {
    pub(super) fn new() -> Self {
        Self {
            candidates: vec![Candidate::default()],
            awaited: VecDeque::new(),
        }
    }

    /// How many brackets are open.
    pub(super) fn flow_level(&self) -> usize {
        self.candidates.len() - 1
    }

    fn stop_awaiting(&mut self, token: usize) {
        if self.awaited.back().is_some_and(|(awaited, _)| *awaited == token) {
            self.awaited.pop_back();
        }
    }
}

impl<'text> Scanner<'text> {
    /// Whether the next token may turn out to be the beginning of a key.
    pub(super) fn head_may_be_key(&mut self) -> Result<bool> {
        while let Some((token, level)) = self.keys.awaited.front().copied() {
            if token > self.taken {
                return Ok(false);
            }
            if token == self.taken {
                return self.is_possible(level);
            }
            self.keys.awaited.pop_front();
        }
        Ok(false)
    }

    /// Whether the candidate of a level may still get its colon: on its line, and not too far away.
    fn is_possible(&mut self, level: usize) -> Result<bool> {
        let (line, index) = (self.input.line(), self.input.index());
        let candidate = &mut self.keys.candidates[level];
        if !candidate.possible {
            return Ok(false);
        }
        if candidate.mark.line >= line && candidate.index + LONGEST >= index {
            return Ok(true);
        }
        if candidate.required {
            return self.fail("could not find expected ':'");
        }
        candidate.possible = false;
        Ok(false)
    }

    /// Notes that a key may begin here.
    pub(super) fn note_key(&mut self) -> Result<()> {
        if !self.key_allowed {
            return Ok(());
        }
        let mark = self.input.mark();
        let candidate = Candidate {
            possible: true,
            required: self.keys.flow_level() == 0 && self.indent == Some(mark.column),
            token: self.taken + self.tokens.len(),
            index: self.input.index(),
            mark,
        };
        self.drop_key()?;
        let level = self.keys.flow_level();
        self.keys.awaited.push_back((candidate.token, level));
        self.keys.candidates[level] = candidate;
        Ok(())
    }

    /// Gives up the candidate of the current level.
    pub(super) fn drop_key(&mut self) -> Result<()> {
        let level = self.keys.flow_level();
        let candidate = &mut self.keys.candidates[level];
        if !candidate.possible {
            return Ok(());
        }
        if candidate.required {
            return self.fail("could not find expected ':'");
        }
        candidate.possible = false;
        let token = candidate.token;
        self.keys.stop_awaiting(token);
        Ok(())
    }

    pub(super) fn open_flow_level(&mut self) -> Result<()> {
        self.keys.candidates.push(Candidate {
            token: self.taken + self.tokens.len(),
            ..Candidate::default()
        });
        if self.keys.flow_level() > MAX_FLOW_LEVEL {
            return self.fail("exceeded max depth of 10000");
        }
        Ok(())
    }

    pub(super) fn close_flow_level(&mut self) {
        if self.keys.flow_level() > 0
            && let Some(candidate) = self.keys.candidates.pop()
        {
            self.keys.stop_awaiting(candidate.token);
        }
    }

    /// A colon: if a key has begun on this level, it gets its place now.
    pub(super) fn scan_value(&mut self) -> Result<()> {
        let level = self.keys.flow_level();
        if self.is_possible(level)? {
            let Candidate { token, mark, .. } = self.keys.candidates[level];
            let kind = TokenKind::Key;
            self.insert(token, Token { kind, mark });
            self.indent_to(mark, Some(token), TokenKind::BlockMappingStart)?;
            self.keys.candidates[level].possible = false;
            self.keys.stop_awaiting(token);
            self.key_allowed = false;
        } else {
            let in_block = level == 0;
            if in_block {
                if !self.key_allowed {
                    return self.fail("mapping values are not allowed in this context");
                }
                self.indent_to(self.input.mark(), None, TokenKind::BlockMappingStart)?;
            }
            self.key_allowed = in_block;
        }
        self.indicator(TokenKind::Value, 1);
        Ok(())
    }

    /// Puts a token before the one with that number; to the end if that one is gone.
    pub(super) fn insert(&mut self, number: usize, token: Token<'text>) {
        match number.checked_sub(self.taken) {
            Some(at) => self.tokens.insert(at, token),
            None => self.tokens.push_back(token),
        }
    }
}
