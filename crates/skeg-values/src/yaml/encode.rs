//! Printing: block style as go-yaml v2 lays it out.

use std::io::Write as _;

use skeg_go::fmt::MAX_TEXT;
use skeg_go::number::{format_f64, format_json};

use super::order::{self, Letters};
use super::source::{Source, View};
use super::style::{self, Quick, Style};
use crate::json::small_integer;

/// Lines are folded at the first blank beyond this column.
const WIDTH: usize = 80;

/// Columns per level.
pub(super) const INDENT: usize = 2;

/// A value that JSON may not hold as it is, or one that is too deep.
#[derive(Clone, Copy, Debug)]
pub(super) struct Delicate;

/// Prints the value as a document with a line break at its end.
pub(super) fn encode<S: Source>(value: &S) -> Result<Vec<u8>, Delicate> {
    let mut printer = Printer::new(Dialect::V2);
    printer.node(value, None, false)?;
    Ok(printer.finish())
}

/// The version of go-yaml that is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    V2,
    V3,
}

pub(super) struct Printer {
    dialect: Dialect,
    out: Vec<u8>,
    /// In characters.
    column: usize,
    /// What was printed last separates words.
    after_blank: bool,
    /// Nothing but blanks and block indicators on this line so far.
    in_indentation: bool,
    depth: usize,
}

impl Printer {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            out: Vec::with_capacity(256),
            column: 0,
            after_blank: true,
            in_indentation: true,
            depth: 0,
        }
    }

    /// Whether so much was printed that there may be no end.
    pub(super) fn is_too_long(&self) -> bool {
        self.out.len() > MAX_TEXT
    }

    /// Ends the document.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.indent(0);
        self.out
    }

    /// Prints a node; `parent` is the column of the collection it is in, `in_mapping` whether that is a mapping.
    fn node<S: Source>(
        &mut self,
        value: &S,
        parent: Option<usize>,
        in_mapping: bool,
    ) -> Result<(), Delicate> {
        value.visit(|view| {
            match view {
                View::Null => self.word("null"),
                View::Bool(value) => self.word(if value { "true" } else { "false" }),
                View::Int(value) => self.display(value),
                View::UInt(value) => self.display(value),
                View::Float(value) => self.float(value),
                View::Text(text) => {
                    let column = parent.map_or(INDENT, |parent| parent + INDENT);
                    self.string(text, column, false);
                }
                View::List([]) => self.word("[]"),
                View::List(items) => self.list(items, parent, in_mapping)?,
                View::Map(entries) if entries.is_empty() => self.word("{}"),
                View::Map(entries) => self.map(entries, parent.map_or(0, |parent| parent + INDENT))?,
                View::Delicate => return Err(Delicate),
            }
            Ok(())
        })
    }

    /// The dashes of a list that follows a key on its line stand under the key.
    fn list<S: Source>(
        &mut self,
        items: &[S],
        parent: Option<usize>,
        in_mapping: bool,
    ) -> Result<(), Delicate> {
        let column = match parent {
            None => 0,
            Some(parent) if in_mapping && !self.in_indentation => parent,
            Some(parent) => parent + INDENT,
        };
        self.descend::<S>()?;
        for item in items {
            self.indent(column);
            self.block_indicator("-");
            self.node(item, Some(column), false)?;
            self.check_length()?;
        }
        self.depth -= 1;
        Ok(())
    }

    fn map<S: Source>(&mut self, mut entries: Vec<(&str, &S)>, column: usize) -> Result<(), Delicate> {
        order::sort(&mut entries, Letters::Last);
        self.descend::<S>()?;
        for (key, value) in entries {
            self.indent(column);
            if style::is_simple_key(key) {
                self.simple_key(key, column + INDENT);
            } else {
                self.block_indicator("?");
                self.string(key, column + INDENT, false);
                self.indent(column);
                self.block_indicator(":");
            }
            self.node(value, Some(column), true)?;
            self.check_length()?;
        }
        self.depth -= 1;
        Ok(())
    }

    /// Prints a key and its colon on one line.
    pub(super) fn simple_key(&mut self, key: &str, column: usize) {
        self.string(key, column, true);
        self.ascii(":");
        self.after_blank = false;
        self.in_indentation = false;
    }

    fn check_length(&self) -> Result<(), Delicate> {
        if self.is_too_long() { Err(Delicate) } else { Ok(()) }
    }

    fn descend<S: Source>(&mut self) -> Result<(), Delicate> {
        self.depth += 1;
        if self.depth > S::MAX_DEPTH {
            Err(Delicate)
        } else {
            Ok(())
        }
    }

    pub(super) fn string(&mut self, text: &str, column: usize, simple_key: bool) {
        match style::quick(text.as_bytes()) {
            Quick::Plain if simple_key || !self.folds() || self.column + text.len() < WIDTH => {
                return self.word(text);
            }
            Quick::Literal if !simple_key => return self.literal(text, column),
            _ => {}
        }
        let foldable = !simple_key && self.folds();
        match style::choose(text, simple_key, self.dialect) {
            Style::Plain => self.plain(text, column, foldable),
            Style::SingleQuoted => self.single_quoted(text, column, foldable),
            Style::DoubleQuoted => self.double_quoted(text, column, foldable),
            Style::Literal => self.literal(text, column),
        }
    }

    fn folds(&self) -> bool {
        self.dialect == Dialect::V2
    }

    fn plain(&mut self, text: &str, column: usize, foldable: bool) {
        self.separate();
        self.folded(text, foldable.then_some(column));
        self.end_word();
    }

    fn single_quoted(&mut self, text: &str, column: usize, foldable: bool) {
        self.separate();
        self.raw("'");
        let mut after_break = false;
        for line in text.split_inclusive(style::is_break) {
            let content = line.trim_end_matches(style::is_break);
            if after_break && !content.is_empty() {
                self.indent(column);
            }
            let doubled = content.replace('\'', "''");
            self.folded(&doubled, foldable.then_some(column));
            if content.len() < line.len() {
                self.raw(&line[content.len()..]);
                self.column = 0;
                self.in_indentation = true;
                after_break = true;
            }
        }
        self.raw("'");
        self.end_word();
    }

    /// Prints text on one line, or folds it at the first single blank beyond the width.
    fn folded(&mut self, text: &str, fold_to: Option<usize>) {
        let column = match fold_to {
            Some(column) if self.column + text.len() > WIDTH => column,
            _ => return self.raw(text),
        };
        let mut rest = text;
        while let Some(at) = self.fold_at(rest) {
            self.raw(&rest[..at]);
            self.in_indentation = false;
            self.after_blank = false;
            self.indent(column);
            rest = &rest[at + 1..];
        }
        self.raw(rest);
    }

    /// The first blank beyond the width that stands alone.
    fn fold_at(&self, text: &str) -> Option<usize> {
        let bytes = text.as_bytes();
        for (column, (at, c)) in (self.column..).zip(text.char_indices()) {
            let is_alone = c == ' '
                && at > 0
                && bytes[at - 1] != b' '
                && bytes.get(at + 1).is_some_and(|next| *next != b' ');
            if is_alone && column > WIDTH {
                return Some(at);
            }
        }
        None
    }

    fn double_quoted(&mut self, text: &str, column: usize, foldable: bool) {
        self.separate();
        self.raw("\"");
        // go-yaml asks the beginning of the text, not each character, whether it is a byte order mark.
        let escape_all = text.starts_with('\u{feff}');
        let mut after_space = false;
        let mut characters = text.char_indices().peekable();
        while let Some((at, c)) = characters.next() {
            let next = characters.peek().map(|(_, next)| *next);
            let escaped =
                escape_all || !style::is_printable(c) || style::is_break(c) || matches!(c, '"' | '\\');
            let folds =
                c == ' ' && foldable && !after_space && self.column > WIDTH && at > 0 && next.is_some();
            if escaped {
                self.raw(&escape(c));
            } else if folds {
                self.in_indentation = false;
                self.after_blank = false;
                self.indent(column);
                if next == Some(' ') {
                    self.raw("\\");
                }
            } else {
                self.character(c);
            }
            after_space = c == ' ' && !escaped;
        }
        self.raw("\"");
        self.end_word();
    }

    fn literal(&mut self, text: &str, column: usize) {
        self.separate();
        self.raw("|");
        if text.starts_with(|c| c == ' ' || style::is_break(c)) {
            self.raw("2");
        }
        self.raw(chomping(text));
        self.line_break();
        for line in style::lines(text) {
            let content = style::trim_break(line);
            if !content.is_empty() {
                self.indent(column);
                self.raw(content);
                self.in_indentation = false;
            }
            if content.len() < line.len() {
                self.raw(&line[content.len()..]);
                self.column = 0;
                self.in_indentation = true;
            }
        }
    }

    /// Prints ASCII that stands for itself.
    pub(super) fn word(&mut self, word: &str) {
        self.separate();
        self.ascii(word);
        self.end_word();
    }

    pub(super) fn display(&mut self, value: impl std::fmt::Display) {
        self.separate();
        let start = self.out.len();
        write!(self.out, "{value}").expect("because a vector takes any bytes");
        self.column += self.out.len() - start;
        self.end_word();
    }

    fn float(&mut self, value: f64) {
        match small_integer(value) {
            Some(integer) => self.display(integer),
            None => self.word(&float(value)),
        }
    }

    pub(super) fn block_indicator(&mut self, indicator: &str) {
        self.separate();
        self.ascii(indicator);
        self.after_blank = false;
    }

    fn end_word(&mut self) {
        self.after_blank = false;
        self.in_indentation = false;
    }

    fn separate(&mut self) {
        if !self.after_blank {
            self.ascii(" ");
        }
    }

    /// Moves to a column, on a new line unless this one has nothing but indentation before it.
    pub(super) fn indent(&mut self, column: usize) {
        let fits = self.in_indentation && (self.column < column || self.column == column && self.after_blank);
        if !fits {
            self.line_break();
        }
        let blanks = column.saturating_sub(self.column);
        self.out.resize(self.out.len() + blanks, b' ');
        self.column += blanks;
        self.after_blank = true;
        self.in_indentation = true;
    }

    fn line_break(&mut self) {
        self.out.push(b'\n');
        self.column = 0;
        self.after_blank = true;
        self.in_indentation = true;
    }

    fn raw(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
        self.column += if text.is_ascii() {
            text.len()
        } else {
            text.chars().count()
        };
    }

    fn ascii(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
        self.column += text.len();
    }

    fn character(&mut self, c: char) {
        self.out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        self.column += 1;
    }
}

/// `-` drops the line break at the end, `+` keeps several.
fn chomping(text: &str) -> &'static str {
    let mut from_end = text.chars().rev();
    match (from_end.next(), from_end.next()) {
        (Some(last), _) if !style::is_break(last) => "-",
        (Some(_), Some(before)) if !style::is_break(before) => "",
        _ => "+",
    }
}

fn escape(c: char) -> String {
    let letter = match c {
        '\0' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{b}' => 'v',
        '\u{c}' => 'f',
        '\r' => 'r',
        '\u{1b}' => 'e',
        '"' | '\\' => c,
        '\u{85}' => 'N',
        '\u{a0}' => '_',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        _ => {
            let code = u32::from(c);
            return match code {
                0..=0xff => format!("\\x{code:02X}"),
                0x100..=0xffff => format!("\\u{code:04X}"),
                _ => format!("\\U{code:08X}"),
            };
        }
    };
    format!("\\{letter}")
}

/// A float64 after its way through JSON: an integer where JSON shows one that fits 64 bits, else Go's `'g'`.
fn float(value: f64) -> String {
    match format_json(value) {
        None => match format_f64(value).as_str() {
            "+Inf" => ".inf".to_owned(),
            "-Inf" => "-.inf".to_owned(),
            _ => ".nan".to_owned(),
        },
        Some(text) if text == "-0" => "0".to_owned(),
        Some(text) if text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok() => text,
        Some(_) => format_f64(value),
    }
}
