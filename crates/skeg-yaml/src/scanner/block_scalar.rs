//! Literal and folded scalars.

use std::borrow::Cow;

use super::Scanner;
use super::token::TokenKind;
use crate::error::Result;
use crate::event::ScalarStyle;

/// What happens to the line breaks at the end.
#[derive(Clone, Copy, PartialEq)]
enum Chomping {
    Clip,
    Strip,
    Keep,
}

/// The text, of which each line is followed by its break only when the next line is there.
#[derive(Default)]
struct Lines {
    text: String,
    /// The break of the last line.
    last_break: Option<&'static str>,
    /// The breaks of the empty lines after it.
    blank_breaks: String,
    /// The last line begins with a blank.
    begins_blank: bool,
}

impl Scanner<'_> {
    pub(super) fn scan_block_scalar(&mut self, style: ScalarStyle) -> Result<()> {
        self.drop_key()?;
        self.key_allowed = true;
        let mark = self.input.mark();
        self.input.skip();
        let (chomping, indentation) = self.scan_block_header()?;
        self.skip_line_rest()?;
        let mut indent = indentation.map(|indentation| self.indent.unwrap_or(0) + indentation);
        let mut lines = Lines::default();
        self.scan_indentation(&mut indent, &mut lines.blank_breaks)?;
        self.input.need(1)?;
        while Some(self.input.column()) == indent && !self.input.is_at_end() {
            lines.begin(self.input.is_at_blank(), style);
            let start = self.input.offset();
            let length = self.input.line_length();
            self.input.run(length, 1)?;
            lines.text.push_str(self.input.since(start));
            self.input.need(2)?;
            lines.last_break = self.input.take_break();
            self.scan_indentation(&mut indent, &mut lines.blank_breaks)?;
        }
        self.push(TokenKind::Scalar(Cow::Owned(lines.finish(chomping)), style), mark);
        Ok(())
    }

    /// Reads the indicators of chomping and indentation, in either order.
    fn scan_block_header(&mut self) -> Result<(Chomping, Option<usize>)> {
        self.input.need(1)?;
        let mut chomping = self.scan_chomping();
        if chomping.is_some() {
            self.input.need(1)?;
        }
        let indentation = self.scan_indentation_indicator()?;
        if chomping.is_none() && indentation.is_some() {
            self.input.need(1)?;
            chomping = self.scan_chomping();
        }
        Ok((chomping.unwrap_or(Chomping::Clip), indentation))
    }

    fn scan_chomping(&mut self) -> Option<Chomping> {
        let chomping = match self.input.peek() {
            b'+' => Chomping::Keep,
            b'-' => Chomping::Strip,
            _ => return None,
        };
        self.input.skip();
        Some(chomping)
    }

    fn scan_indentation_indicator(&mut self) -> Result<Option<usize>> {
        let digit = self.input.peek();
        match digit {
            b'0' => self.fail("found an indentation indicator equal to 0"),
            b'1'..=b'9' => {
                self.input.skip();
                Ok(Some(usize::from(digit - b'0')))
            }
            _ => Ok(None),
        }
    }

    /// Skips the indentation of the next line with content, and what is before it. If the indentation is not known,
    /// it is found out.
    fn scan_indentation(&mut self, indent: &mut Option<usize>, breaks: &mut String) -> Result<()> {
        let mut widest = 0;
        loop {
            self.input.need(1)?;
            let wanted = indent.map_or(usize::MAX, |indent| indent.saturating_sub(self.input.column()));
            let spaces = self.input.rest().iter().take(wanted);
            let spaces = spaces.take_while(|byte| **byte == b' ').count();
            self.input.run(spaces, 1)?;
            let column = self.input.column();
            widest = widest.max(column);
            if indent.is_none_or(|indent| column < indent) && self.input.peek() == b'\t' {
                return self.fail("found a tab character where an indentation space is expected");
            }
            if !self.input.is_at_break() {
                break;
            }
            self.input.need(2)?;
            breaks.push_str(self.input.take_break().unwrap_or_default());
        }
        let least = self.indent.map_or(1, |indent| indent + 1);
        indent.get_or_insert(widest.max(least));
        Ok(())
    }
}

impl Lines {
    /// Begins a line, after the breaks before it. A single break between two lines folds to a space.
    fn begin(&mut self, begins_blank: bool, style: ScalarStyle) {
        let folds = style == ScalarStyle::Folded
            && !self.begins_blank
            && !begins_blank
            && self.last_break == Some("\n");
        if !folds {
            self.text.push_str(self.last_break.unwrap_or_default());
        } else if self.blank_breaks.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(&self.blank_breaks);
        self.blank_breaks.clear();
        self.begins_blank = begins_blank;
    }

    fn finish(mut self, chomping: Chomping) -> String {
        if chomping != Chomping::Strip {
            self.text.push_str(self.last_break.unwrap_or_default());
        }
        if chomping == Chomping::Keep {
            self.text.push_str(&self.blank_breaks);
        }
        self.text
    }
}
