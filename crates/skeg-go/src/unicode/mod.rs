//! Go's package `unicode`, and what its package `strings` does with it: categories, simple case mapping.
//!
//! Unicode 17, as in Go 1.27 and in this Rust. Rust's own categories and case mappings are wider than Go's: they
//! follow derived properties, and map one character to several.

mod tables;
mod text;

pub use text::{fields, title, to_lower, to_upper, trim_space};

use tables::{DIGITS, LETTERS, PUNCTUATION};

/// `unicode.IsLetter`: category `L`.
pub fn is_letter(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphabetic()
    } else {
        is_in(&LETTERS, c)
    }
}

/// `unicode.IsDigit`: category `Nd`.
pub fn is_digit(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_digit()
    } else {
        is_in(&DIGITS, c)
    }
}

/// `unicode.IsNumber`: category `N`.
pub fn is_number(c: char) -> bool {
    c.is_numeric()
}

/// `unicode.IsPunct`: category `P`.
pub fn is_punctuation(c: char) -> bool {
    is_in(&PUNCTUATION, c)
}

/// `unicode.IsSpace`: the property `White_Space`.
pub fn is_space(c: char) -> bool {
    c.is_whitespace()
}

/// `unicode.IsUpper`: category `Lu`.
pub fn is_upper(c: char) -> bool {
    let other_uppercase = matches!(c,
        '\u{2160}'..='\u{216f}' | '\u{24b6}'..='\u{24cf}' | '\u{1f130}'..='\u{1f149}'
        | '\u{1f150}'..='\u{1f169}' | '\u{1f170}'..='\u{1f189}');
    c.is_uppercase() && !other_uppercase
}

/// `unicode.IsLower`: category `Ll`.
pub fn is_lower(c: char) -> bool {
    let other_lowercase = matches!(c,
        '\u{aa}' | '\u{ba}' | '\u{2b0}'..='\u{2b8}' | '\u{2c0}'..='\u{2c1}' | '\u{2e0}'..='\u{2e4}' | '\u{345}'
        | '\u{37a}' | '\u{10fc}' | '\u{1d2c}'..='\u{1d6a}' | '\u{1d78}' | '\u{1d9b}'..='\u{1dbf}' | '\u{2071}'
        | '\u{207f}' | '\u{2090}'..='\u{209c}' | '\u{2170}'..='\u{217f}' | '\u{24d0}'..='\u{24e9}'
        | '\u{2c7c}'..='\u{2c7d}' | '\u{a69c}'..='\u{a69d}' | '\u{a770}' | '\u{a7f1}'..='\u{a7f4}'
        | '\u{a7f8}'..='\u{a7f9}' | '\u{ab5c}'..='\u{ab5f}' | '\u{ab69}' | '\u{10780}'
        | '\u{10783}'..='\u{10785}' | '\u{10787}'..='\u{107b0}' | '\u{107b2}'..='\u{107ba}'
        | '\u{1e030}'..='\u{1e06d}');
    c.is_lowercase() && !other_lowercase
}

/// `unicode.ToUpper`: one character for one; `ß` stays as it is.
pub fn upper(c: char) -> char {
    match c {
        // Rust writes the iota as a letter of its own.
        '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => shifted(c, 8),
        '\u{1fb3}' | '\u{1fc3}' | '\u{1ff3}' => shifted(c, 9),
        _ => single(c, c.to_uppercase()),
    }
}

/// `unicode.ToLower`: one character for one.
pub fn lower(c: char) -> char {
    if c == '\u{130}' {
        'i'
    } else {
        single(c, c.to_lowercase())
    }
}

/// `unicode.ToTitle`: as [`upper`], but for digraphs (`ǆ` to `ǅ`) and Georgian, which has no title case.
pub fn title_case(c: char) -> char {
    match c {
        '\u{1c4}'..='\u{1c6}' => '\u{1c5}',
        '\u{1c7}'..='\u{1c9}' => '\u{1c8}',
        '\u{1ca}'..='\u{1cc}' => '\u{1cb}',
        '\u{1f1}'..='\u{1f3}' => '\u{1f2}',
        '\u{10d0}'..='\u{10fa}' | '\u{10fd}'..='\u{10ff}' => c,
        _ => upper(c),
    }
}

/// Whether a character is in a table of where runs begin and, in turn, end.
pub(crate) fn is_in(boundaries: &[u32], c: char) -> bool {
    boundaries.partition_point(|boundary| *boundary <= u32::from(c)) % 2 == 1
}

fn shifted(c: char, by: u32) -> char {
    char::from_u32(u32::from(c) + by).unwrap_or(c)
}

/// The character that `c` maps to, or itself if there are several.
fn single(c: char, mut mapped: impl Iterator<Item = char>) -> char {
    match (mapped.next(), mapped.next()) {
        (Some(mapped), None) => mapped,
        _ => c,
    }
}
