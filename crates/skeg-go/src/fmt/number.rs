//! Integers and floating-point numbers.

use super::printer::Printer;
use crate::number::{FloatFormat, write_float};
use crate::quote::{is_print, write_quoted_rune};

impl Printer<'_> {
    /// An integer; `false` if the verb is none for integers.
    pub(super) fn integer(&mut self, negative: bool, magnitude: u64, signed: bool, verb: char) -> bool {
        match verb {
            'v' if self.spec.go_syntax && !signed => self.hexadecimal_syntax(magnitude, true),
            'v' | 'd' | 'b' | 'o' | 'O' | 'x' | 'X' => self.digits(negative, magnitude, verb),
            'c' => self.pad(rune(negative, magnitude).encode_utf8(&mut [0; 4]).as_bytes()),
            'q' => {
                let mut quoted = Vec::new();
                write_quoted_rune(&mut quoted, u32::from(rune(negative, magnitude)), self.escaping());
                self.pad(&quoted);
            }
            'U' => self.unicode(negative, magnitude),
            _ => return false,
        }
        true
    }

    /// As `%#x` or `%x`.
    pub(super) fn hexadecimal_syntax(&mut self, number: u64, prefix: bool) {
        let sharp = std::mem::replace(&mut self.spec.sharp, prefix);
        self.digits(false, number, 'x');
        self.spec.sharp = sharp;
    }

    fn digits(&mut self, negative: bool, magnitude: u64, verb: char) {
        let spec = self.spec;
        if spec.precision == Some(0) && magnitude == 0 {
            let width = spec.width.unwrap_or(0);
            self.out.resize(self.out.len() + width, b' ');
            return;
        }
        let digits = match verb {
            'b' => format!("{magnitude:b}"),
            'o' | 'O' => format!("{magnitude:o}"),
            'x' => format!("{magnitude:x}"),
            'X' => format!("{magnitude:X}"),
            _ => magnitude.to_string(),
        };
        let has_sign = negative || spec.plus || spec.space;
        let least = match (spec.precision, spec.width) {
            (Some(precision), _) => precision,
            (None, Some(width)) if spec.zero && !spec.minus => width.saturating_sub(usize::from(has_sign)),
            _ => 0,
        };
        let zeros = least.saturating_sub(digits.len());
        let mut text = Vec::with_capacity(zeros + digits.len() + 3);
        if has_sign {
            text.push(if negative {
                b'-'
            } else if spec.plus {
                b'+'
            } else {
                b' '
            });
        }
        text.extend_from_slice(match verb {
            'O' if spec.sharp && zeros == 0 && magnitude != 0 => b"0o0",
            'O' => b"0o",
            'b' if spec.sharp => b"0b",
            'o' if spec.sharp && zeros == 0 && magnitude != 0 => b"0",
            'x' if spec.sharp => b"0x",
            'X' if spec.sharp => b"0X",
            _ => b"",
        });
        text.resize(text.len() + zeros, b'0');
        text.extend_from_slice(digits.as_bytes());
        self.pad_with_blanks(&text);
    }

    /// `%U`: `U+0041`, `U+0041 'A'`
    fn unicode(&mut self, negative: bool, magnitude: u64) {
        let code = if negative {
            magnitude.wrapping_neg()
        } else {
            magnitude
        };
        let digits = self.spec.precision.unwrap_or(0).max(4);
        let code_digits = format!("{code:X}");
        let mut text = b"U+".to_vec();
        text.resize(2 + digits.saturating_sub(code_digits.len()), b'0');
        text.extend_from_slice(code_digits.as_bytes());
        let c = u32::try_from(code).ok().and_then(char::from_u32);
        if let Some(c) = c.filter(|c| self.spec.sharp && is_print(*c)) {
            text.extend_from_slice(format!(" '{c}'").as_bytes());
        }
        self.pad_with_blanks(&text);
    }

    /// A floating-point number; `false` if the verb is none for such numbers.
    pub(super) fn float(&mut self, value: f64, verb: char) -> bool {
        let (format, precision) = match verb {
            'v' | 'g' | 'G' => (FloatFormat::General, None),
            'b' => (FloatFormat::Binary, None),
            'x' | 'X' => (FloatFormat::Hexadecimal, None),
            'f' | 'F' => (FloatFormat::Plain, Some(6)),
            'e' | 'E' => (FloatFormat::Exponent, Some(6)),
            _ => return false,
        };
        let spec = self.spec;
        let precision = spec.precision.or(precision);
        let mut text = vec![b'+'];
        write_float(&mut text, value, format, precision);
        if matches!(text[1], b'-' | b'+') {
            text.remove(0);
        }
        if !value.is_finite() {
            self.not_finite(&text, value.is_nan());
            return true;
        }
        if spec.sharp && verb != 'b' {
            add_point(&mut text, verb, precision);
        }
        if matches!(verb, 'G' | 'X' | 'E') {
            text.make_ascii_uppercase();
        }
        if spec.space && !spec.plus && text[0] == b'+' {
            text[0] = b' ';
        }
        let shows_sign = spec.plus || text[0] != b'+';
        match spec.width {
            Some(width) if shows_sign && spec.zero && !spec.minus && width > text.len() => {
                self.out.push(text[0]);
                self.out.resize(self.out.len() + width - text.len(), b'0');
                self.out.extend_from_slice(&text[1..]);
            }
            _ => self.pad(&text[usize::from(!shows_sign)..]),
        }
        true
    }

    /// `+Inf`, `-Inf` and `NaN`, which has a sign only if one is asked for.
    fn not_finite(&mut self, text: &[u8], is_nan: bool) {
        let spec = self.spec;
        let mut text = text.to_vec();
        if spec.space && !spec.plus && text[0] == b'+' {
            text[0] = b' ';
        }
        let hides_sign = if is_nan { !spec.space && !spec.plus } else { false };
        self.pad_with_blanks(&text[usize::from(hides_sign)..]);
    }
}

/// The character; U+FFFD for what is none.
fn rune(negative: bool, magnitude: u64) -> char {
    let code = u32::try_from(magnitude).ok().filter(|_| !negative);
    code.and_then(char::from_u32)
        .unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The flag `#`: a point always, and zeros up to the number of digits for `%g` and its like.
fn add_point(text: &mut Vec<u8>, verb: char, precision: Option<usize>) {
    let mut missing = match verb {
        'v' | 'g' | 'G' | 'x' => precision.unwrap_or(6),
        _ => 0,
    };
    let is_hexadecimal = matches!(verb, 'x' | 'X');
    let marks: &[u8] = if is_hexadecimal { b"p" } else { b"e" };
    let end = text
        .iter()
        .position(|byte| marks.contains(byte))
        .unwrap_or(text.len());
    let tail = text.split_off(end);
    let has_point = text.contains(&b'.');
    let significant = text[1..]
        .iter()
        .filter(|byte| **byte != b'.')
        .skip_while(|byte| **byte == b'0')
        .count();
    missing = missing.saturating_sub(significant);
    if !has_point {
        if text.len() == 2 && text[1] == b'0' {
            missing = missing.saturating_sub(1);
        }
        text.push(b'.');
    }
    text.resize(text.len() + missing, b'0');
    text.extend_from_slice(&tail);
}
