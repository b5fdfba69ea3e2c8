//! A short way through ordinary YAML: block collections, scalars and flow collections on one line.
//!
//! It reads what nearly every values file and manifest consists of, faster than the full parser. Whatever
//! is unusual (anchors, tags, directives, tabs, several documents) and whatever is wrong makes it give up, and
//! the caller takes the long way, which has Go-YAML's answer to everything. So nothing here has messages.
//!
//! What a document becomes is up to a [`Shape`].

mod flow;
mod scalar;
mod shape;

pub(super) use shape::{Shape, Skipped, Whole, is_finite};

use std::borrow::Cow;

use super::resolve::resolve_plain;

/// Collections within collections.
const MAX_DEPTH: usize = 100;

/// Keys that are longer may be too long for Go-YAML.
const MAX_KEY: usize = 500;

/// Reads a document with a mapping or a sequence; `None` if that takes the long way.
pub(super) fn read<S: Shape>(yaml: &[u8]) -> Option<S> {
    let text = tame_text(yaml)?;
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
        line: 0,
        depth: 0,
    };
    reader.skip_document_start()?;
    let Line::Indented(indent) = reader.indent()? else {
        return None;
    };
    let document = reader.block(indent, None)?;
    matches!(reader.indent()?, Line::End).then_some(document)
}

/// The text, if it has nothing but printable characters, line feeds and tabs.
fn tame_text(yaml: &[u8]) -> Option<&str> {
    let is_wild = |byte: &u8| matches!(byte, 0..=8 | 11..=31 | 127);
    if yaml.iter().any(is_wild) {
        return None;
    }
    let text = std::str::from_utf8(yaml).ok()?;
    let is_wild = |c: char| {
        matches!(
            c,
            '\u{80}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
    };
    (text.is_ascii() || !text.contains(is_wild)).then_some(text)
}

/// A key as it was written.
pub(super) enum Key<'text> {
    Plain(&'text str),
    Quoted(Cow<'text, str>),
}

impl Key<'_> {
    /// The text that the key is in JSON; gives up where there is none.
    pub(super) fn to_text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Quoted(text) => Some(Cow::Borrowed(text)),
            Self::Plain(text) => super::decode::scalar_key(resolve_plain(text), text),
        }
    }
}

pub(super) struct Reader<'text> {
    text: &'text str,
    bytes: &'text [u8],
    at: usize,
    /// Where the current line begins.
    line: usize,
    depth: usize,
}

/// The next line with content.
#[derive(Clone, Copy)]
enum Line {
    Indented(usize),
    /// There is none in this document.
    End,
}

/// Where a value stands: in a block mapping or sequence at a column, or in brackets.
#[derive(Clone, Copy)]
pub(super) enum Slot {
    Mapping(usize),
    Sequence(usize),
    Flow,
}

impl<'text> Reader<'text> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn peek_at(&self, offset: usize) -> Option<u8> {
        self.bytes.get(self.at + offset).copied()
    }

    fn column(&self) -> usize {
        self.at - self.line
    }

    fn skip_spaces(&mut self) {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    /// Goes to the beginning of the next line.
    fn next_line(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += rest
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(rest.len(), |end| end + 1);
        self.line = self.at;
    }

    /// Takes the end of a line, with blanks and a comment before it; gives up on anything else.
    fn end_line(&mut self) -> Option<()> {
        let start = self.at;
        self.skip_spaces();
        match self.peek() {
            None | Some(b'\n') => {}
            Some(b'#') if self.at > start => {}
            _ => return None,
        }
        self.next_line();
        Some(())
    }

    /// `---`, after comments.
    fn skip_document_start(&mut self) -> Option<()> {
        loop {
            self.skip_spaces();
            match self.peek() {
                Some(b'\n' | b'#') => self.next_line(),
                _ => break,
            }
        }
        if self.column() == 0 && self.bytes[self.at..].starts_with(b"---") {
            self.at += 3;
            return self.end_line();
        }
        self.at = self.line;
        Some(())
    }

    /// Skips empty lines and comments, and tells how far the next line is indented. Stays at the beginning
    /// of the line.
    fn indent(&mut self) -> Option<Line> {
        loop {
            let start = self.at;
            self.skip_spaces();
            match self.peek() {
                None => return Some(Line::End),
                Some(b'\n' | b'#') => self.next_line(),
                Some(b'\t') => return None,
                Some(_) => {
                    let indent = self.at - start;
                    self.at = start;
                    if indent == 0 && self.at_next_document() {
                        return Some(Line::End);
                    }
                    return (indent > 0 || !self.at_document_mark()).then_some(Line::Indented(indent));
                }
            }
        }
    }

    /// Whether the line is the beginning of another document, which nobody reads.
    fn at_next_document(&self) -> bool {
        let rest = &self.bytes[self.at..];
        rest.starts_with(b"---") && matches!(rest.get(3), None | Some(b' ' | b'\n'))
    }

    /// Whether the line begins like the mark of a document or a directive.
    fn at_document_mark(&self) -> bool {
        let rest = &self.bytes[self.at..];
        rest.starts_with(b"---") || rest.starts_with(b"...") || rest.starts_with(b"%")
    }

    fn at_dash(&self) -> bool {
        self.peek() == Some(b'-') && matches!(self.peek_at(1), None | Some(b' ' | b'\n'))
    }

    /// Reads the node that begins on this line at the column `indent`; `parent` is the column of the
    /// collection that it is in, none for the document.
    fn block<S: Shape>(&mut self, indent: usize, parent: Option<usize>) -> Option<S> {
        self.at += indent;
        if self.at_dash() {
            return self.sequence(indent, false);
        }
        if self.has_key() {
            return self.mapping(indent);
        }
        self.inline(parent?)
    }

    fn descend(&mut self) -> Option<()> {
        self.depth += 1;
        (self.depth <= MAX_DEPTH).then_some(())
    }

    /// Reads a sequence whose first dash is here. A compact one stands under the key of its mapping.
    fn sequence<S: Shape>(&mut self, column: usize, compact: bool) -> Option<S> {
        self.descend()?;
        let mut list = S::List::default();
        let slot = Slot::Sequence(column);
        loop {
            self.at += 1;
            let item = self.item(slot)?;
            S::push(&mut list, item);
            match self.indent()? {
                Line::Indented(indent) if indent == column => {
                    self.at += indent;
                    if !self.at_dash() {
                        self.at = self.line;
                        if !compact {
                            return None;
                        }
                        break;
                    }
                }
                Line::Indented(indent) if indent > column => return None,
                _ => break,
            }
        }
        self.depth -= 1;
        S::list(list)
    }

    /// What follows a dash.
    fn item<S: Shape>(&mut self, slot: Slot) -> Option<S> {
        self.skip_spaces();
        if self.at_dash() {
            let column = self.column();
            return self.sequence(column, false);
        }
        let column = self.column();
        if self.has_key() {
            return self.mapping(column);
        }
        self.value(slot)
    }

    /// Reads a mapping whose first key is here.
    fn mapping<S: Shape>(&mut self, column: usize) -> Option<S> {
        self.descend()?;
        let mut map = S::Map::default();
        let slot = Slot::Mapping(column);
        loop {
            let key = self.key()?;
            S::entry(&mut map, &key, self, slot)?;
            match self.indent()? {
                Line::Indented(indent) if indent == column => {
                    self.at += indent;
                    if self.at_dash() {
                        return None;
                    }
                }
                Line::Indented(indent) if indent > column => return None,
                _ => break,
            }
        }
        self.depth -= 1;
        S::map(map)
    }

    /// Reads what follows a key or a dash.
    pub(super) fn value<S: Shape>(&mut self, slot: Slot) -> Option<S> {
        let (parent, in_mapping) = match slot {
            Slot::Mapping(column) => (column, true),
            Slot::Sequence(column) => (column, false),
            Slot::Flow => return self.flow_value(),
        };
        let start = self.at;
        self.skip_spaces();
        match self.peek() {
            None | Some(b'\n') => {}
            Some(b'#') if self.at > start || self.bytes[self.at - 1] == b' ' => {}
            Some(_) => return self.inline(parent),
        }
        self.next_line();
        match self.indent()? {
            Line::Indented(indent) if indent > parent => self.block(indent, Some(parent)),
            Line::Indented(indent) if in_mapping && indent == parent => {
                self.at += indent;
                if self.at_dash() {
                    return self.sequence(indent, true);
                }
                self.at = self.line;
                S::plain("")
            }
            _ => S::plain(""),
        }
    }

    /// Reads a value that begins here and is no block collection.
    fn inline<S: Shape>(&mut self, parent: usize) -> Option<S> {
        match self.peek()? {
            b'|' | b'>' => self.block_scalar(parent),
            b'"' | b'\'' => {
                let text = self.quoted(S::NEEDS_TEXT)?;
                self.end_line()?;
                S::text(text)
            }
            b'[' | b'{' => {
                let value = self.flow()?;
                self.end_line()?;
                Some(value)
            }
            _ => self.plain(parent),
        }
    }

    /// Whether a key and a colon are on this line, from here on.
    fn has_key(&self) -> bool {
        let rest = &self.bytes[self.at..];
        let (Some(&first), end) = (rest.first(), rest.iter().position(|byte| *byte == b'\n')) else {
            return false;
        };
        let line = &rest[..end.unwrap_or(rest.len())];
        if first == b'"' || first == b'\'' {
            let Some(length) = line[1..].iter().position(|byte| *byte == first) else {
                return false;
            };
            let after = line[length + 2..].trim_ascii_start();
            return after.first() == Some(&b':');
        }
        first != b'[' && first != b'{' && find_colon(line).is_some()
    }

    /// Reads a key and its colon.
    fn key(&mut self) -> Option<Key<'text>> {
        let start = self.at;
        if let quote @ (b'"' | b'\'') = self.peek()? {
            let rest = &self.text[start + 1..];
            let end = rest.find(char::from(quote))?;
            let text = &rest[..end];
            if end > MAX_KEY || text.contains(['\\', '\n', '\t']) {
                return None;
            }
            self.at = start + end + 2;
            self.skip_spaces();
            let is_blank = matches!(self.peek_at(1), None | Some(b' ' | b'\n'));
            if self.peek() != Some(b':') || !is_blank {
                return None;
            }
            self.at += 1;
            return Some(Key::Quoted(Cow::Borrowed(text)));
        }
        if !self.begins_plain() {
            return None;
        }
        let rest = &self.bytes[start..];
        let line = &rest[..rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())];
        let end = find_colon(line).filter(|end| *end <= MAX_KEY)?;
        self.at = start + end + 1;
        let text = self.text[start..start + end].trim_end_matches(' ');
        // Merging is for the long way.
        (text != "<<").then_some(Key::Plain(text))
    }

    /// Whether a plain scalar or key may begin here. Some that may are not among them.
    fn begins_plain(&self) -> bool {
        match self.peek() {
            Some(b'-' | b':') => !matches!(self.peek_at(1), None | Some(b' ' | b'\n' | b'\t')),
            Some(byte) => byte.is_ascii_alphanumeric() || byte >= 0x80 || b"_./$()~+^;\\<=".contains(&byte),
            None => false,
        }
    }
}

/// The first colon of a line that ends a key; none if a comment or a tab comes before it.
fn find_colon(line: &[u8]) -> Option<usize> {
    for (at, byte) in line.iter().enumerate() {
        match byte {
            b':' if matches!(line.get(at + 1), None | Some(b' ')) => return Some(at),
            b'#' if at == 0 || line[at - 1] == b' ' => return None,
            b'\t' => return None,
            _ => {}
        }
    }
    None
}
