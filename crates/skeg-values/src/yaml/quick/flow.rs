//! Flow collections of simple scalars: `[a, "b"]`, `{a: 1}`.

use std::borrow::Cow;

use super::shape::Shape;
use super::{Key, Reader, Slot};

impl<'text> Reader<'text> {
    /// Reads a flow collection that begins here.
    pub(super) fn flow<S: Shape>(&mut self) -> Option<S> {
        self.descend()?;
        let is_list = self.peek() == Some(b'[');
        self.at += 1;
        let value = if is_list {
            self.flow_list()
        } else {
            self.flow_map()
        };
        self.depth -= 1;
        value
    }

    fn flow_list<S: Shape>(&mut self) -> Option<S> {
        let mut list = S::List::default();
        loop {
            self.skip_flow_blanks()?;
            if self.accept(b']') {
                return S::list(list);
            }
            let item = self.flow_value()?;
            S::push(&mut list, item);
            self.skip_flow_blanks()?;
            if self.peek() != Some(b']') && !self.accept(b',') {
                return None;
            }
        }
    }

    fn flow_map<S: Shape>(&mut self) -> Option<S> {
        let mut map = S::Map::default();
        loop {
            self.skip_flow_blanks()?;
            if self.accept(b'}') {
                return S::map(map);
            }
            let key = match self.peek()? {
                b'"' | b'\'' => Key::Quoted(self.flow_quoted(true)?),
                _ => Key::Plain(self.flow_plain()?),
            };
            let is_quoted = matches!(key, Key::Quoted(_));
            if is_quoted {
                self.skip_spaces();
            }
            if !self.accept(b':') || !is_quoted && self.peek() != Some(b' ') {
                return None;
            }
            self.skip_spaces();
            S::entry(&mut map, &key, self, Slot::Flow)?;
            self.skip_flow_blanks()?;
            if self.peek() != Some(b'}') && !self.accept(b',') {
                return None;
            }
        }
    }

    /// Skips blanks and line breaks, but not comments.
    fn skip_flow_blanks(&mut self) -> Option<()> {
        loop {
            self.skip_spaces();
            if self.peek() != Some(b'\n') {
                return Some(());
            }
            self.next_line();
            if self.at_document_mark() {
                return None;
            }
        }
    }

    pub(super) fn flow_value<S: Shape>(&mut self) -> Option<S> {
        match self.peek()? {
            b'"' | b'\'' => S::text(self.flow_quoted(S::NEEDS_TEXT)?),
            b'[' | b'{' => self.flow(),
            _ => S::plain(self.flow_plain()?),
        }
    }

    fn flow_quoted(&mut self, needs_text: bool) -> Option<Cow<'text, str>> {
        let line = self.line;
        let text = self.quoted(needs_text)?;
        (self.line == line).then_some(text)
    }

    /// Reads a plain scalar of harmless characters.
    fn flow_plain(&mut self) -> Option<&'text str> {
        let rest = &self.bytes[self.at..];
        let is_harmless = |byte: &u8| byte.is_ascii_alphanumeric() || b"_./- ".contains(byte);
        let end = rest.iter().position(|byte| !is_harmless(byte))?;
        let starts_well = match rest {
            [b'-', next, ..] => next.is_ascii_alphanumeric(),
            [b' ', ..] => false,
            _ => true,
        };
        // Words may follow on the next line, which would belong to the scalar.
        let next = rest[end..].trim_ascii_start().first();
        if end == 0 || !starts_well || !matches!(next, Some(b',' | b']' | b'}' | b':')) {
            return None;
        }
        let text = self.text[self.at..self.at + end].trim_end_matches(' ');
        self.at += text.len();
        Some(text)
    }

    fn accept(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }
}
