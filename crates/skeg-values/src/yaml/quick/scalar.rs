//! Scalars: plain, quoted, and blocks of lines.

use std::borrow::Cow;

use super::Reader;
use super::shape::Shape;

impl<'text> Reader<'text> {
    /// Reads a plain scalar, which may go on for several lines.
    pub(super) fn plain<S: Shape>(&mut self, parent: usize) -> Option<S> {
        if !self.begins_plain() {
            return None;
        }
        let (first, mut may_continue) = self.plain_line()?;
        let mut text = Cow::Borrowed(first);
        while may_continue {
            let breaks = self.continuation(parent)?;
            if breaks == 0 {
                break;
            }
            let (line, continues) = self.plain_line()?;
            may_continue = continues;
            if S::NEEDS_TEXT {
                fold(text.to_mut(), breaks);
                text.to_mut().push_str(line);
            }
        }
        S::plain(&text)
    }

    /// Reads the rest of a line as part of a plain scalar; whether the scalar may go on.
    fn plain_line(&mut self) -> Option<(&'text str, bool)> {
        let rest = &self.bytes[self.at..];
        let mut end = rest.len();
        let mut has_comment = false;
        for (at, byte) in rest.iter().enumerate() {
            match byte {
                b'\n' => {
                    end = at;
                    break;
                }
                b'#' if at > 0 && rest[at - 1] == b' ' => {
                    end = at;
                    has_comment = true;
                    break;
                }
                b':' if matches!(rest.get(at + 1), None | Some(b' ' | b'\n')) => return None,
                b'\t' => return None,
                _ => {}
            }
        }
        let line = self.text[self.at..self.at + end].trim_end_matches(' ');
        self.at += end;
        self.next_line();
        Some((line, !has_comment))
    }

    /// Goes to where a plain scalar continues on a line below, and tells how many line breaks are between;
    /// none if it does not.
    fn continuation(&mut self, parent: usize) -> Option<usize> {
        let start = self.at;
        let mut breaks = 1;
        loop {
            self.line = self.at;
            self.skip_spaces();
            match self.peek() {
                Some(b'\n') => {
                    self.at += 1;
                    breaks += 1;
                }
                Some(b'\t') => return None,
                Some(byte) if byte != b'#' && self.column() > parent => return Some(breaks),
                _ => {
                    self.at = start;
                    self.line = start;
                    return Some(0);
                }
            }
        }
    }

    /// Reads text in quotes. It is only made up if it is needed.
    pub(super) fn quoted(&mut self, needs_text: bool) -> Option<Cow<'text, str>> {
        let quote = self.peek()?;
        self.at += 1;
        let start = self.at;
        let rest = &self.bytes[start..];
        let end = rest.iter().position(|byte| *byte == quote)?;
        let content = &rest[..end];
        let is_simple = !content.iter().any(|byte| matches!(byte, b'\\' | b'\n' | b'\t'));
        if is_simple && (quote == b'"' || rest.get(end + 1) != Some(&quote)) {
            self.at += end + 1;
            return Some(Cow::Borrowed(&self.text[start..start + end]));
        }
        let mut text = String::new();
        self.quoted_parts(quote, needs_text, &mut text)?;
        Some(Cow::Owned(text))
    }

    fn quoted_parts(&mut self, quote: u8, needs_text: bool, text: &mut String) -> Option<()> {
        loop {
            let rest = &self.bytes[self.at..];
            let is_special = |byte: &u8| *byte == quote || matches!(byte, b'\\' | b'\n' | b'\t');
            let end = rest.iter().position(is_special)?;
            let part = &self.text[self.at..self.at + end];
            self.at += end + 1;
            match rest[end] {
                b'\n' => {
                    text.push_str(part.trim_end_matches(' '));
                    let breaks = self.quoted_breaks()?;
                    fold(text, breaks);
                }
                b'\\' if quote == b'"' && self.peek() == Some(b'\n') => {
                    text.push_str(part);
                    self.at += 1;
                    let breaks = self.quoted_breaks()?;
                    text.extend(std::iter::repeat_n('\n', breaks - 1));
                }
                b'\\' if quote == b'"' => {
                    text.push_str(part);
                    text.push(self.escape()?);
                }
                b'\\' => {
                    text.push_str(part);
                    text.push('\\');
                }
                b'\t' => return None,
                _ => {
                    text.push_str(part);
                    if quote == b'"' || self.peek() != Some(b'\'') {
                        return Some(());
                    }
                    self.at += 1;
                    text.push('\'');
                }
            }
            if !needs_text {
                text.clear();
            }
        }
    }

    /// Skips empty lines and the indentation of the next; the number of line breaks.
    fn quoted_breaks(&mut self) -> Option<usize> {
        let mut breaks = 1;
        loop {
            self.line = self.at;
            if self.at_document_mark() {
                return None;
            }
            self.skip_spaces();
            match self.peek()? {
                b'\n' => {
                    self.at += 1;
                    breaks += 1;
                }
                b'\t' => return None,
                _ => return Some(breaks),
            }
        }
    }

    /// What a backslash and the next character stand for; gives up on those that are rare.
    fn escape(&mut self) -> Option<char> {
        let c = match self.peek()? {
            byte @ (b'"' | b'\\' | b' ') => char::from(byte),
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'u' => {
                let digits = self.text.get(self.at + 1..self.at + 5)?;
                let is_hexadecimal = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
                let code = u32::from_str_radix(digits, 16).ok().filter(|_| is_hexadecimal)?;
                self.at += 5;
                return char::from_u32(code);
            }
            _ => return None,
        };
        self.at += 1;
        Some(c)
    }

    /// Reads `|` or `>` and the lines below.
    pub(super) fn block_scalar<S: Shape>(&mut self, parent: usize) -> Option<S> {
        let folded = self.peek() == Some(b'>');
        self.at += 1;
        let mut chomping = None;
        let mut explicit = None;
        while let Some(byte @ (b'+' | b'-' | b'1'..=b'9')) = self.peek() {
            let previous = match byte {
                b'+' | b'-' => chomping.replace(byte),
                digit => explicit.replace(digit),
            };
            if previous.is_some() {
                return None;
            }
            self.at += 1;
        }
        self.end_line()?;
        let indent = match explicit {
            Some(digit) => parent + usize::from(digit - b'0'),
            None => self.block_indent(parent)?,
        };
        if indent == 0 {
            return if chomping == Some(b'+') {
                None
            } else {
                S::text(Cow::Borrowed(""))
            };
        }
        let lines = self.block_lines(indent)?;
        if !S::NEEDS_TEXT {
            return S::text(Cow::Borrowed(""));
        }
        let mut text = if folded {
            fold_lines(lines, indent)
        } else {
            literal_lines(lines, indent)
        };
        chomp(&mut text, chomping, lines);
        S::text(Cow::Owned(text))
    }

    /// The indentation of the first line with content; 0, and what is empty is skipped, if there is none.
    fn block_indent(&mut self, parent: usize) -> Option<usize> {
        let start = self.at;
        let mut blanks = 0;
        loop {
            let line = self.at;
            self.skip_spaces();
            let indent = self.at - line;
            match self.peek() {
                Some(b'\n') => {
                    blanks = blanks.max(indent);
                    self.at += 1;
                }
                Some(b'\t') => return None,
                Some(_) if indent > parent => {
                    self.at = start;
                    return (blanks <= indent).then_some(indent);
                }
                _ => {
                    self.at = line;
                    self.line = line;
                    return Some(0);
                }
            }
        }
    }

    /// Takes all lines that are indented as far, and empty ones; at least one has content.
    fn block_lines(&mut self, indent: usize) -> Option<&'text str> {
        let start = self.at;
        let mut has_content = false;
        while self.at < self.bytes.len() {
            let line = self.at;
            while self.at - line < indent && self.peek() == Some(b' ') {
                self.at += 1;
            }
            match self.peek() {
                Some(b'\n') => {}
                Some(_) if self.at - line == indent => has_content = true,
                // Blanks may end the text, but whether that is a line is not for sure.
                Some(b'\t') | None => return None,
                Some(_) => {
                    self.at = line;
                    break;
                }
            }
            self.next_line();
        }
        self.line = self.at;
        has_content.then_some(&self.text[start..self.at])
    }
}

/// What line breaks between two lines of a scalar become.
fn fold(text: &mut String, breaks: usize) {
    if breaks == 1 {
        text.push(' ');
    } else {
        text.extend(std::iter::repeat_n('\n', breaks - 1));
    }
}

/// The content of a line of a block; nothing of an empty line.
fn content(line: &str, indent: usize) -> &str {
    let line = line.strip_suffix('\n').unwrap_or(line);
    line.get(indent..).unwrap_or_default()
}

/// All lines without their indentation.
fn literal_lines(lines: &str, indent: usize) -> String {
    let mut text = String::with_capacity(lines.len());
    for line in lines.split_inclusive('\n') {
        text.push_str(content(line, indent));
        if line.ends_with('\n') {
            text.push('\n');
        }
    }
    text
}

/// All lines joined, but for those that begin with a blank, and the breaks at the end.
fn fold_lines(lines: &str, indent: usize) -> String {
    let mut text = String::with_capacity(lines.len());
    let mut breaks = 0;
    let mut after_blank = true;
    for line in lines.split_inclusive('\n') {
        let content = content(line, indent);
        if !content.is_empty() {
            let begins_blank = content.starts_with([' ', '\t']);
            if breaks > 0 && !after_blank && !begins_blank {
                fold(&mut text, breaks);
            } else {
                text.extend(std::iter::repeat_n('\n', breaks));
            }
            text.push_str(content);
            after_blank = begins_blank;
            breaks = 0;
        }
        breaks += usize::from(line.ends_with('\n'));
    }
    text.extend(std::iter::repeat_n('\n', breaks));
    text
}

/// Drops line breaks at the end: all, all but one, or none.
fn chomp(text: &mut String, chomping: Option<u8>, lines: &str) {
    if chomping == Some(b'+') {
        return;
    }
    text.truncate(text.trim_end_matches('\n').len());
    if chomping.is_none() && lines.ends_with('\n') {
        text.push('\n');
    }
}
