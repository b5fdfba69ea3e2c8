//! Go's package `regexp`: the syntax of RE2, leftmost-first matches, on bytes.
//!
//! The syntax is read here, the machine is that of the `regex` crate. Not here: `MatchLongest`, POSIX syntax.

mod class;
mod error;
mod escape;
mod expand;
mod haystack;
mod node;
mod parse;
mod scan;
mod unicode;

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::rc::Rc;

use crate::fmt::MAX_TEXT;
use regex_automata::Input;
use regex_automata::meta::{self, Regex};
use regex_automata::util::captures::Captures;

use expand::Piece;

pub use error::{ParsePatternError, Reason};
use haystack::Haystack;

pub(crate) use scan::decode_char;

/// A machine may take this much memory.
const MAX_MACHINE_SIZE: usize = 256 << 20;
const MAX_CACHED: usize = 512;

type Compiled = Result<Rc<Regexp>, ParsePatternError>;

thread_local! {
    static CACHE: RefCell<HashMap<Vec<u8>, Compiled>> = RefCell::default();
}

/// Compiles a pattern, or finds it among those that this thread compiled last.
pub fn compile(pattern: &[u8]) -> Result<Rc<Regexp>, ParsePatternError> {
    CACHE.with_borrow_mut(|cache| {
        if let Some(known) = cache.get(pattern) {
            return known.clone();
        }
        if cache.len() >= MAX_CACHED {
            cache.clear();
        }
        let compiled = Regexp::new(pattern).map(Rc::new);
        cache.insert(pattern.to_vec(), compiled.clone());
        compiled
    })
}

/// Puts a backslash before all that has a meaning in patterns.
pub fn quote_meta(text: &[u8]) -> Vec<u8> {
    let mut quoted = Vec::with_capacity(text.len() * 2);
    for &byte in text {
        if br"\.+*?()|[]{}^$".contains(&byte) {
            quoted.push(b'\\');
        }
        quoted.push(byte);
    }
    quoted
}

/// A compiled pattern.
pub struct Regexp {
    engine: Regex,
    /// The names of the groups; the first stands for the whole match.
    names: Vec<Option<Box<str>>>,
    is_empty: bool,
}

impl fmt::Debug for Regexp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Regexp")
            .field("names", &self.names)
            .finish_non_exhaustive()
    }
}

impl Regexp {
    /// Compiles a pattern. [`compile`] remembers.
    pub fn new(pattern: &[u8]) -> Result<Self, ParsePatternError> {
        let parsed = parse::parse(pattern)?;
        let config = meta::Config::new()
            .utf8_empty(true)
            .nfa_size_limit(Some(MAX_MACHINE_SIZE));
        let engine = meta::Builder::new()
            .configure(config)
            .build_from_hir(&parsed.hir)
            .map_err(|_| ParsePatternError::new(Reason::TooLarge, pattern))?;
        Ok(Self {
            engine,
            names: parsed.names,
            is_empty: pattern.is_empty(),
        })
    }

    /// Whether there is a match anywhere.
    pub fn is_match(&self, text: &[u8]) -> bool {
        let haystack = Haystack::new(text);
        self.engine.is_match(Input::new(haystack.text()))
    }

    /// The first match.
    pub fn find(&self, text: &[u8]) -> Option<Range<usize>> {
        let haystack = Haystack::new(text);
        let found = self.engine.find(Input::new(haystack.text()))?;
        Some(haystack.original(found.range()))
    }

    /// The first `limit` matches, or all of them. An empty match right after a match does not count.
    pub fn find_all(&self, text: &[u8], limit: Option<usize>) -> Vec<Range<usize>> {
        let haystack = Haystack::new(text);
        let bytes = haystack.text();
        let mut found = Vec::new();
        let mut position = 0;
        let mut previous_end = None;
        while limit.is_none_or(|limit| found.len() < limit) && position <= bytes.len() {
            let Some(range) = self.engine.find(Input::new(bytes).range(position..)) else {
                break;
            };
            let range = range.range();
            let counts = range.end != position || Some(range.start) != previous_end;
            position = if range.end == position {
                position + haystack.width(position)
            } else {
                range.end
            };
            previous_end = Some(range.end);
            if counts {
                found.push(haystack.original(range));
            }
        }
        found
    }

    /// Replaces all matches by `template`, in which `$1` and `${name}` stand for groups.
    pub fn replace_all(&self, text: &[u8], template: &[u8]) -> Vec<u8> {
        if !template.contains(&b'$') {
            return self.replace_all_literal(text, template);
        }
        let pieces = expand::pieces(template);
        let haystack = Haystack::new(text);
        let mut captures = self.engine.create_captures();
        let mut output = Output::new(text);
        let mut position = 0;
        while position <= haystack.text().len() {
            let input = Input::new(haystack.text()).range(position..);
            self.engine.captures(input, &mut captures);
            let Some(found) = captures.get_match() else { break };
            position = haystack.next_position(position, found.end());
            output.insert(haystack.original(found.range()), |output| {
                for piece in &pieces {
                    if let Some(range) = self.referred(piece, &captures) {
                        output.extend_from_slice(&text[haystack.original(range)]);
                    } else if let Piece::Text(text) = piece {
                        output.extend_from_slice(text);
                    }
                }
            });
        }
        output.finish()
    }

    /// Replaces all matches by `replacement` as it is.
    pub fn replace_all_literal(&self, text: &[u8], replacement: &[u8]) -> Vec<u8> {
        let haystack = Haystack::new(text);
        let mut output = Output::new(text);
        let mut position = 0;
        while position <= haystack.text().len() {
            let input = Input::new(haystack.text()).range(position..);
            let Some(found) = self.engine.find(input) else {
                break;
            };
            position = haystack.next_position(position, found.end());
            output.insert(haystack.original(found.range()), |output| {
                output.extend_from_slice(replacement);
            });
        }
        output.finish()
    }

    /// The parts between the matches, at most `limit` of them; the last one is the rest of the text.
    pub fn split<'t>(&self, text: &'t [u8], limit: Option<usize>) -> Vec<&'t [u8]> {
        if limit == Some(0) {
            return Vec::new();
        }
        if text.is_empty() && !self.is_empty {
            return vec![text];
        }
        let mut parts = Vec::new();
        let (mut begin, mut end) = (0, 0);
        for range in self.find_all(text, limit) {
            if limit.is_some_and(|limit| parts.len() == limit - 1) {
                break;
            }
            end = range.start;
            if range.end != 0 {
                parts.push(&text[begin..end]);
            }
            begin = range.end;
        }
        if end != text.len() {
            parts.push(&text[begin..]);
        }
        parts
    }

    /// The range of the group that a piece of a template refers to, if the group took part in the match.
    fn referred(&self, piece: &Piece<'_>, captures: &Captures) -> Option<Range<usize>> {
        let group = |index: usize| captures.get_group(index).map(|span| span.range());
        match piece {
            Piece::Text(_) => None,
            Piece::Number(index) => group(*index),
            Piece::Name(name) => {
                let has_name =
                    |own: &Option<Box<str>>| own.as_deref().is_some_and(|own| own.as_bytes() == *name);
                let indices = (0..self.names.len()).filter(|index| has_name(&self.names[*index]));
                indices.into_iter().find_map(group)
            }
        }
    }
}

/// A text with replacements, as far as it is written.
struct Output<'t> {
    text: &'t [u8],
    written: Vec<u8>,
    last_end: usize,
}

impl<'t> Output<'t> {
    fn new(text: &'t [u8]) -> Self {
        Self {
            text,
            written: Vec::with_capacity(text.len()),
            last_end: 0,
        }
    }

    /// Replaces `range`, unless it is an empty match right after another match.
    fn insert(&mut self, range: Range<usize>, write: impl FnOnce(&mut Vec<u8>)) {
        // What is longer is refused anyway.
        if self.written.len() > MAX_TEXT {
            return;
        }
        self.written
            .extend_from_slice(&self.text[self.last_end..range.start]);
        if range.end > self.last_end || range.start == 0 {
            write(&mut self.written);
        }
        self.last_end = range.end;
    }

    fn finish(mut self) -> Vec<u8> {
        self.written.extend_from_slice(&self.text[self.last_end..]);
        self.written
    }
}
