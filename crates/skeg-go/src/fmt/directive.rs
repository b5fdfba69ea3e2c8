//! Formats: text with directives such as `%-8.3[2]d`.

use super::printer::Printer;
use crate::{GoValue, Kind};

/// The flags, the width and the precision of one directive.
#[derive(Clone, Copy, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each flag is given or not, whatever the others are"
)]
pub(super) struct Spec {
    pub(super) plus: bool,
    pub(super) minus: bool,
    pub(super) sharp: bool,
    pub(super) space: bool,
    pub(super) zero: bool,
    /// `%+v`: the names of fields.
    pub(super) named_fields: bool,
    /// `%#v`: Go syntax.
    pub(super) go_syntax: bool,
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
}

/// Numbers in formats and arguments for `*` have at most this magnitude.
const LARGEST: usize = 1_000_000;

/// Walks through a format.
pub(super) struct Formatter<'a> {
    printer: Printer<'a>,
    format: &'a [u8],
    args: &'a [GoValue],
    at: usize,
    /// The argument that is next.
    next: usize,
    /// Whether an argument was chosen by its index.
    reordered: bool,
    /// Whether the directive so far names arguments that exist.
    good_index: bool,
    /// Whether the last thing read was an index.
    after_index: bool,
}

impl<'a> Formatter<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>, format: &'a [u8], args: &'a [GoValue]) -> Self {
        Self {
            printer: Printer::new(out),
            format,
            args,
            at: 0,
            next: 0,
            reordered: false,
            good_index: true,
            after_index: false,
        }
    }

    pub(super) fn run(mut self) {
        while self.at < self.format.len() {
            let rest = &self.format[self.at..];
            let text = rest.iter().position(|byte| *byte == b'%').unwrap_or(rest.len());
            self.printer.out.extend_from_slice(&rest[..text]);
            self.at += text + 1;
            if text < rest.len() {
                self.directive();
            }
        }
        if !self.reordered && self.next < self.args.len() {
            self.extra();
        }
    }

    fn peek(&self) -> Option<u8> {
        self.format.get(self.at).copied()
    }

    /// Reads what follows a `%` and prints it.
    fn directive(&mut self) {
        self.good_index = true;
        self.printer.spec = Spec::default();
        self.flags();
        self.index();
        self.width();
        // A point that ends the format is a verb.
        if self.peek() == Some(b'.') && self.at + 1 < self.format.len() {
            self.at += 1;
            self.precision();
        }
        if !self.after_index {
            self.index();
        }
        match self.verb() {
            None => self.printer.out.extend_from_slice(b"%!(NOVERB)"),
            Some(verb) => self.print(verb),
        }
    }

    fn flags(&mut self) {
        let spec = &mut self.printer.spec;
        while let Some(byte) = self.format.get(self.at) {
            match byte {
                b'+' => spec.plus = true,
                b'-' => spec.minus = true,
                b'#' => spec.sharp = true,
                b' ' => spec.space = true,
                b'0' => spec.zero = true,
                _ => break,
            }
            self.at += 1;
        }
    }

    fn width(&mut self) {
        if self.peek() != Some(b'*') {
            let width = self.number();
            self.printer.spec.width = width;
            if self.after_index && width.is_some() {
                self.good_index = false;
            }
            return;
        }
        self.at += 1;
        self.after_index = false;
        let width = self.star();
        let spec = &mut self.printer.spec;
        spec.width = width.and_then(|width| usize::try_from(width.unsigned_abs()).ok());
        match width {
            None => self.printer.out.extend_from_slice(b"%!(BADWIDTH)"),
            Some(width) if width < 0 => {
                spec.minus = true;
                spec.zero = false;
            }
            Some(_) => {}
        }
    }

    fn precision(&mut self) {
        if self.after_index {
            self.good_index = false;
        }
        self.index();
        if self.peek() != Some(b'*') {
            self.printer.spec.precision = Some(self.number().unwrap_or(0));
            return;
        }
        self.at += 1;
        self.after_index = false;
        self.printer.spec.precision = self.star().and_then(|precision| usize::try_from(precision).ok());
        if self.printer.spec.precision.is_none() {
            self.printer.out.extend_from_slice(b"%!(BADPREC)");
        }
    }

    /// Takes an argument for a `*`.
    fn star(&mut self) -> Option<i64> {
        let value = self.args.get(self.next)?;
        self.next += 1;
        let number = match value {
            GoValue::Int(_, number) => Some(*number),
            GoValue::Uint(_, number) => i64::try_from(*number).ok(),
            GoValue::Object(object) => object.as_i64(),
            _ => None,
        };
        number.filter(|number| number.unsigned_abs() <= LARGEST as u64)
    }

    /// Reads digits. A number that is far too large swallows the rest of the format.
    fn number(&mut self) -> Option<usize> {
        let (number, end) = number(self.format, self.at, self.format.len());
        self.at = end;
        number
    }

    /// Reads an index, `[2]`.
    fn index(&mut self) {
        self.after_index = false;
        if self.peek() != Some(b'[') {
            return;
        }
        self.reordered = true;
        let rest = &self.format[self.at..];
        let close = rest
            .iter()
            .position(|byte| *byte == b']')
            .filter(|_| rest.len() >= 3);
        let Some(close) = close else {
            self.at += 1;
            self.good_index = false;
            return;
        };
        self.at += close + 1;
        match number(rest, 1, close) {
            (Some(index), end) if end == close => {
                self.after_index = true;
                if (1..=self.args.len()).contains(&index) {
                    self.next = index - 1;
                } else {
                    self.good_index = false;
                }
            }
            _ => self.good_index = false,
        }
    }

    /// The verb; what is not UTF-8 is U+FFFD.
    fn verb(&mut self) -> Option<char> {
        let rest = &self.format[self.at..];
        let chunk = rest[..rest.len().min(4)].utf8_chunks().next()?;
        let verb = chunk.valid().chars().next();
        self.at += verb.map_or(1, char::len_utf8);
        Some(verb.unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn print(&mut self, verb: char) {
        if verb == '%' {
            self.printer.out.push(b'%');
        } else if !self.good_index {
            self.printer.complain(verb, "BADINDEX)");
        } else if let Some(value) = self.args.get(self.next) {
            self.next += 1;
            let spec = &mut self.printer.spec;
            if matches!(verb, 'v' | 'w') {
                spec.go_syntax = std::mem::take(&mut spec.sharp);
                spec.named_fields = std::mem::take(&mut spec.plus);
            }
            self.printer.print(value, verb);
        } else {
            self.printer.complain(verb, "MISSING)");
        }
    }

    /// Complains about arguments that no directive has used.
    fn extra(&mut self) {
        self.printer.spec = Spec::default();
        self.printer.out.extend_from_slice(b"%!(EXTRA ");
        for (index, value) in self.args[self.next..].iter().enumerate() {
            if index > 0 {
                self.printer.out.extend_from_slice(b", ");
            }
            if value.kind() != Kind::Invalid {
                self.printer.out.extend_from_slice(value.type_name().as_bytes());
                self.printer.out.push(b'=');
            }
            self.printer.print(value, 'v');
        }
        self.printer.out.push(b')');
    }
}

/// Reads digits of `text` from `start` and before `end`; returns where they end.
fn number(text: &[u8], start: usize, end: usize) -> (Option<usize>, usize) {
    let mut number = None;
    let mut at = start;
    while at < end && text[at].is_ascii_digit() {
        let so_far = number.unwrap_or(0);
        if so_far > LARGEST {
            return (None, end);
        }
        number = Some(so_far * 10 + usize::from(text[at] - b'0'));
        at += 1;
    }
    (number, at)
}
