//! The syntax of Go's regular expressions, read into the form that the machine is built from.
//!
//! Not here: what stands in brackets and after backslashes.

use regex_syntax::hir::{Class, ClassUnicode, Hir, Look};

use super::class::{self, any_char, any_char_but_newline};
use super::error::{ParsePatternError, Reason};
use super::escape;
use super::node::{Node, Times};
use super::scan::{check_utf8, decode, take_number};

/// A pattern that has been read.
pub(super) struct Parsed {
    pub(super) hir: Hir,
    /// The names of the groups; the first stands for the whole match.
    pub(super) names: Vec<Option<Box<str>>>,
}

pub(super) fn parse(pattern: &[u8]) -> Result<Parsed, ParsePatternError> {
    let mut parser = Parser {
        pattern,
        rest: pattern,
        flags: Flags::default(),
        open: Vec::new(),
        group: Group::default(),
        names: vec![None],
        ranges: 0,
        previous_repetition: None,
    };
    while let Some(&byte) = parser.rest.first() {
        let repetition = parser.item(byte)?;
        parser.previous_repetition = repetition;
    }
    let group = std::mem::take(&mut parser.group);
    let node = group.close().map_err(|reason| parser.whole(reason))?;
    if !parser.open.is_empty() {
        return Err(parser.whole(Reason::MissingParenthesis));
    }
    Ok(Parsed {
        hir: node.hir,
        names: parser.names,
    })
}

/// What `(?imsU)` switches.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Flags(u8);

impl Flags {
    pub(super) const FOLD_CASE: u8 = 1;
    const MULTI_LINE: u8 = 2;
    const DOT_NEWLINE: u8 = 4;
    const LAZY: u8 = 8;

    pub(super) fn has(self, flag: u8) -> bool {
        self.0 & flag != 0
    }

    fn with(self, flag: u8, on: bool) -> Self {
        Self(if on { self.0 | flag } else { self.0 & !flag })
    }
}

/// A group whose end has not come yet.
#[derive(Debug, Default)]
struct Group {
    capture: Option<u32>,
    /// The flags before it, which come back after it.
    flags_outside: Flags,
    alternatives: Vec<Node>,
    sequence: Vec<Node>,
}

impl Group {
    fn end_alternative(&mut self) -> Result<(), Reason> {
        let node = Node::concatenation(std::mem::take(&mut self.sequence))?;
        self.alternatives.push(node);
        Ok(())
    }

    fn close(mut self) -> Result<Node, Reason> {
        self.end_alternative()?;
        let node = Node::alternation(self.alternatives)?;
        match self.capture {
            Some(index) => node.capture(index),
            None => Ok(node),
        }
    }
}

/// More ranges of characters than this, over all classes, are too many.
const MAX_RANGES: usize = (128 << 20) / 8;

struct Parser<'p> {
    pattern: &'p [u8],
    rest: &'p [u8],
    flags: Flags,
    open: Vec<Group>,
    group: Group,
    names: Vec<Option<Box<str>>>,
    ranges: usize,
    /// What follows from the repetition operator on that was read last, if nothing was read since.
    previous_repetition: Option<&'p [u8]>,
}

impl<'p> Parser<'p> {
    /// Reads one item; if it is a repetition operator, returns what follows from it on.
    fn item(&mut self, byte: u8) -> Result<Option<&'p [u8]>, ParsePatternError> {
        match byte {
            b'(' if self.rest.get(1) == Some(&b'?') => self.perl_group()?,
            b'(' => self.open_capture(None, 1),
            b'|' => {
                self.rest = &self.rest[1..];
                self.group
                    .end_alternative()
                    .map_err(|reason| self.whole(reason))?;
            }
            b')' => self.close_group()?,
            b'^' if self.flags.has(Flags::MULTI_LINE) => self.push_look(Look::StartLF, 1),
            b'^' => self.push_look(Look::Start, 1),
            b'$' if self.flags.has(Flags::MULTI_LINE) => self.push_look(Look::EndLF, 1),
            b'$' => self.push_look(Look::End, 1),
            b'.' if self.flags.has(Flags::DOT_NEWLINE) => self.push_class(any_char(), &self.rest[1..])?,
            b'.' => self.push_class(any_char_but_newline(), &self.rest[1..])?,
            b'[' => {
                let (class, rest) = class::bracketed(self.rest, self.flags)?;
                self.push_class(class, rest)?;
            }
            b'*' => return self.repeat(Times::uncounted(0, None), 1),
            b'+' => return self.repeat(Times::uncounted(1, None), 1),
            b'?' => return self.repeat(Times::uncounted(0, Some(1)), 1),
            b'{' => return self.braces(),
            b'\\' => self.escape()?,
            _ => {
                let (c, rest) = decode(self.rest)?;
                self.push_literal(c);
                self.rest = rest;
            }
        }
        Ok(None)
    }

    fn whole(&self, reason: Reason) -> ParsePatternError {
        ParsePatternError::new(reason, self.pattern)
    }

    fn push_look(&mut self, look: Look, width: usize) {
        self.group.sequence.push(Node::leaf(Hir::look(look)));
        self.rest = &self.rest[width..];
    }

    fn push_class(&mut self, class: ClassUnicode, rest: &'p [u8]) -> Result<(), ParsePatternError> {
        self.ranges += class.ranges().len();
        if self.ranges > MAX_RANGES {
            return Err(self.whole(Reason::TooLarge));
        }
        let hir = Hir::class(Class::Unicode(class));
        self.group.sequence.push(Node::leaf(hir));
        self.rest = rest;
        Ok(())
    }

    fn push_literal(&mut self, c: char) {
        let node = if self.flags.has(Flags::FOLD_CASE) {
            Node::leaf(Hir::class(Class::Unicode(class::folded_char(c))))
        } else {
            Node::literal(c)
        };
        self.group.sequence.push(node);
    }

    fn open_group(&mut self, capture: Option<u32>) {
        let group = Group {
            capture,
            flags_outside: self.flags,
            ..Group::default()
        };
        self.open.push(std::mem::replace(&mut self.group, group));
    }

    fn open_capture(&mut self, name: Option<Box<str>>, width: usize) {
        let index = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(name);
        self.open_group(Some(index));
        self.rest = &self.rest[width..];
    }

    fn close_group(&mut self) -> Result<(), ParsePatternError> {
        let Some(outer) = self.open.pop() else {
            return Err(self.whole(Reason::UnexpectedParenthesis));
        };
        let group = std::mem::replace(&mut self.group, outer);
        self.flags = group.flags_outside;
        let node = group.close().map_err(|reason| self.whole(reason))?;
        self.group.sequence.push(node);
        self.rest = &self.rest[1..];
        Ok(())
    }

    /// `(?:`, `(?i)`, `(?i-s:`, `(?P<name>`, `(?<name>`
    fn perl_group(&mut self) -> Result<(), ParsePatternError> {
        let text = self.rest;
        if text.len() > 4 && text.starts_with(b"(?P<") {
            return self.named_capture(4);
        }
        if text.len() > 3 && text.starts_with(b"(?<") {
            return self.named_capture(3);
        }
        let mut flags = self.flags;
        let mut on = true;
        let mut has_flag = false;
        let mut rest = &text[2..];
        while !rest.is_empty() {
            let (c, after) = decode(rest)?;
            rest = after;
            let flag = match c {
                'i' => Flags::FOLD_CASE,
                'm' => Flags::MULTI_LINE,
                's' => Flags::DOT_NEWLINE,
                'U' => Flags::LAZY,
                '-' if on => {
                    on = false;
                    has_flag = false;
                    continue;
                }
                ':' | ')' if on || has_flag => {
                    if c == ':' {
                        self.open_group(None);
                    }
                    self.flags = flags;
                    self.rest = rest;
                    return Ok(());
                }
                _ => break,
            };
            flags = flags.with(flag, on);
            has_flag = true;
        }
        let part = &text[..text.len() - rest.len()];
        Err(ParsePatternError::new(Reason::PerlOperator, part))
    }

    fn named_capture(&mut self, name_start: usize) -> Result<(), ParsePatternError> {
        let text = self.rest;
        let Some(end) = memchr(text, b'>') else {
            check_utf8(text)?;
            return Err(ParsePatternError::new(Reason::NamedCapture, text));
        };
        let name = check_utf8(&text[name_start..end])?;
        let is_word = |name: &str| {
            name.bytes()
                .all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
        };
        if name.is_empty() || !is_word(name) {
            return Err(ParsePatternError::new(Reason::NamedCapture, &text[..=end]));
        }
        self.open_capture(Some(name.into()), end + 1);
        Ok(())
    }

    /// `{2}`, `{2,}`, `{2,3}`; other braces stand for themselves.
    fn braces(&mut self) -> Result<Option<&'p [u8]>, ParsePatternError> {
        let text = self.rest;
        let Some((bounds, rest)) = scan_braces(text) else {
            self.push_literal('{');
            self.rest = &text[1..];
            return Ok(None);
        };
        let width = text.len() - rest.len();
        match bounds {
            Some(times) if times.min <= 1000 && times.max.is_none_or(|m| m <= 1000 && times.min <= m) => {
                self.repeat(times, width)
            }
            _ => Err(ParsePatternError::new(Reason::RepeatCount, &text[..width])),
        }
    }

    fn repeat(&mut self, times: Times, width: usize) -> Result<Option<&'p [u8]>, ParsePatternError> {
        let text = self.rest;
        let mut rest = &text[width..];
        let mut greedy = !self.flags.has(Flags::LAZY);
        if let Some(after) = rest.strip_prefix(b"?") {
            rest = after;
            greedy = !greedy;
        }
        let error = |reason, text: &[u8]| ParsePatternError::new(reason, &text[..text.len() - rest.len()]);
        if let Some(previous) = self.previous_repetition {
            return Err(error(Reason::NestedRepetition, previous));
        }
        let Some(node) = self.group.sequence.pop() else {
            return Err(error(Reason::MissingRepeatArgument, text));
        };
        let node = node.repeated(times, greedy).map_err(|reason| match reason {
            Reason::RepeatCount => error(reason, text),
            _ => self.whole(reason),
        })?;
        self.group.sequence.push(node);
        self.rest = rest;
        Ok(Some(text))
    }

    fn escape(&mut self) -> Result<(), ParsePatternError> {
        let text = self.rest;
        match text.get(1) {
            Some(b'A') => self.push_look(Look::Start, 2),
            Some(b'b') => self.push_look(Look::WordAscii, 2),
            Some(b'B') => self.push_look(Look::WordAsciiNegate, 2),
            Some(b'z') => self.push_look(Look::End, 2),
            Some(b'C') => return Err(ParsePatternError::new(Reason::Escape, &text[..2])),
            Some(b'Q') => self.quoted()?,
            _ => {
                if let Some((class, rest)) = class::escaped(text, self.flags)? {
                    return self.push_class(class, rest);
                }
                let (code, rest) = escape::character(text)?;
                match char::from_u32(code) {
                    Some(c) => self.push_literal(c),
                    None => self.group.sequence.push(Node::leaf(Hir::fail())),
                }
                self.rest = rest;
            }
        }
        Ok(())
    }

    /// `\Q…\E`, or `\Q…` up to the end.
    fn quoted(&mut self) -> Result<(), ParsePatternError> {
        let text = &self.rest[2..];
        let end = text.windows(2).position(|pair| pair == br"\E");
        let mut literal = &text[..end.unwrap_or(text.len())];
        self.rest = &text[end.map_or(text.len(), |end| end + 2)..];
        while !literal.is_empty() {
            let (c, rest) = decode(literal)?;
            self.push_literal(c);
            literal = rest;
        }
        Ok(())
    }
}

impl Times {
    fn uncounted(min: u32, max: Option<u32>) -> Self {
        let is_counted = false;
        Self { min, max, is_counted }
    }
}

/// Reads `{min,max}`; the bounds are `None` when they are too big for anything.
fn scan_braces(text: &[u8]) -> Option<(Option<Times>, &[u8])> {
    let (min, rest) = take_number(text.get(1..)?)?;
    let (max, rest) = match rest.strip_prefix(b",") {
        None => (Some(min), rest),
        Some(rest) if rest.first() == Some(&b'}') => (None, rest),
        Some(rest) => {
            let (max, rest) = take_number(rest)?;
            (Some(max), rest)
        }
    };
    let rest = rest.strip_prefix(b"}")?;
    let times = |min, max| Times {
        min,
        max,
        is_counted: true,
    };
    let bounds = match (min, max) {
        (Some(min), None) => Some(times(min, None)),
        (Some(min), Some(Some(max))) => Some(times(min, Some(max))),
        _ => None,
    };
    Some((bounds, rest))
}

fn memchr(text: &[u8], byte: u8) -> Option<usize> {
    text.iter().position(|b| *b == byte)
}
