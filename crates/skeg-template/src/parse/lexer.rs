//! Cuts a text into tokens, with Go's messages about what is none.

use memchr::memmem;
use skeg_go::quote;

use super::token::{Keyword, Kind, Token};
use crate::ast::Span;

const LEFT: &[u8] = b"{{";
const RIGHT: &[u8] = b"}}";
const COMMENT_START: &[u8] = b"/*";
const COMMENT_END: &[u8] = b"*/";
/// A space and the `-` that trims, or the other way round.
const TRIM_MARKER: usize = 2;

#[derive(Debug)]
pub(crate) struct Lexer<'a> {
    text: &'a [u8],
    position: usize,
    /// Where the current token starts.
    start: usize,
    inside_action: bool,
    parentheses: usize,
    /// Whether `break` is a keyword, and not a function.
    pub(crate) has_break: bool,
    /// Whether `continue` is a keyword, and not a function.
    pub(crate) has_continue: bool,
    /// The message of the first token that is an error.
    error: Option<(Token, String)>,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(text: &'a [u8]) -> Self {
        Self {
            text,
            position: 0,
            start: 0,
            inside_action: false,
            parentheses: 0,
            has_break: true,
            has_continue: true,
            error: None,
        }
    }

    /// The message of the error.
    pub(crate) fn message(&self) -> &str {
        self.error.as_ref().map_or("", |(_, message)| message)
    }

    pub(crate) fn next(&mut self) -> Token {
        if let Some((token, _)) = self.error {
            return token;
        }
        if self.inside_action {
            self.action()
        } else {
            self.outside()
        }
    }

    fn rest(&self) -> &'a [u8] {
        &self.text[self.position..]
    }

    fn token(&mut self, kind: Kind) -> Token {
        let span = span(self.start, self.position);
        self.start = self.position;
        Token { kind, span }
    }

    fn fail(&mut self, message: impl Into<String>) -> Token {
        let token = Token {
            kind: Kind::Error,
            span: span(self.start, self.start),
        };
        self.error = Some((token, message.into()));
        token
    }

    fn skip(&mut self, bytes: usize) {
        self.position += bytes;
        self.start = self.position;
    }

    /// Text up to the next action, comments left out.
    fn outside(&mut self) -> Token {
        loop {
            let Some(length) = find_left(self.rest()) else {
                self.position = self.text.len();
                let is_end = self.start == self.position;
                return self.token(if is_end { Kind::EndOfText } else { Kind::Text });
            };
            let delimiter = self.position + length;
            let trims = starts_with_trim(&self.text[delimiter + LEFT.len()..]);
            self.position = delimiter;
            if trims {
                self.position = self.start + trim_end(&self.text[self.start..delimiter]);
            }
            if self.position > self.start {
                let token = self.token(Kind::Text);
                self.skip(delimiter - self.position);
                return token;
            }
            self.skip(delimiter - self.position);
            if let Some(token) = self.left_delimiter(trims) {
                return token;
            }
        }
    }

    /// `{{`, or nothing if it starts a comment, which is skipped.
    fn left_delimiter(&mut self, trims: bool) -> Option<Token> {
        self.position += LEFT.len();
        let marker = if trims { TRIM_MARKER } else { 0 };
        if self.text[self.position + marker..].starts_with(COMMENT_START) {
            self.skip(marker);
            return self.comment();
        }
        let token = self.token(Kind::LeftDelimiter);
        self.inside_action = true;
        self.parentheses = 0;
        self.skip(marker);
        Some(token)
    }

    /// Skips a comment.
    fn comment(&mut self) -> Option<Token> {
        self.position += COMMENT_START.len();
        let Some(length) = memmem::find(self.rest(), COMMENT_END) else {
            return Some(self.fail("unclosed comment"));
        };
        self.position += length + COMMENT_END.len();
        let Some(trims) = self.at_right_delimiter() else {
            return Some(self.fail("comment ends before closing delimiter"));
        };
        self.close(trims);
        None
    }

    /// Whether here is `}}`, and if so whether it trims.
    fn at_right_delimiter(&self) -> Option<bool> {
        let rest = self.rest();
        if ends_with_trim(rest) && rest[TRIM_MARKER..].starts_with(RIGHT) {
            return Some(true);
        }
        rest.starts_with(RIGHT).then_some(false)
    }

    /// Skips `}}` and the space that it trims.
    fn close(&mut self, trims: bool) {
        if trims {
            self.position += TRIM_MARKER + RIGHT.len();
            self.position += trim_start(self.rest());
        } else {
            self.position += RIGHT.len();
        }
        self.start = self.position;
    }

    fn right_delimiter(&mut self, trims: bool) -> Token {
        self.skip(if trims { TRIM_MARKER } else { 0 });
        self.position += RIGHT.len();
        let token = self.token(Kind::RightDelimiter);
        if trims {
            let space = trim_start(self.rest());
            self.skip(space);
        }
        self.inside_action = false;
        token
    }

    fn action(&mut self) -> Token {
        if let Some(trims) = self.at_right_delimiter() {
            if self.parentheses == 0 {
                return self.right_delimiter(trims);
            }
            return self.fail("unclosed left paren");
        }
        let Some((character, size)) = decode(self.rest()) else {
            return self.fail("unclosed action");
        };
        match character {
            ' ' | '\t' | '\r' | '\n' => return self.space(),
            '0'..='9' | '+' | '-' => return self.number(),
            '.' => {
                let next = self.rest().get(1);
                if next.is_none_or(u8::is_ascii_digit) {
                    return self.number();
                }
            }
            _ if is_alphanumeric(character) => return self.identifier(),
            _ => {}
        }
        self.position += size;
        self.symbol(character)
    }

    /// A token whose first character has been read.
    fn symbol(&mut self, character: char) -> Token {
        match character {
            '=' => self.token(Kind::Assign),
            ':' if self.rest().starts_with(b"=") => {
                self.position += 1;
                self.token(Kind::Declare)
            }
            ':' => self.fail("expected :="),
            '|' => self.token(Kind::Pipe),
            '"' => self.quoted(b'"', Kind::Quoted, "unterminated quoted string"),
            '`' => self.raw_quoted(),
            '\'' => self.quoted(b'\'', Kind::CharacterConstant, "unterminated character constant"),
            '$' => self.name(Kind::Variable, Kind::Variable),
            '.' => self.name(Kind::Field, Kind::Keyword(Keyword::Dot)),
            '(' => {
                self.parentheses += 1;
                self.token(Kind::LeftParenthesis)
            }
            ')' if self.parentheses == 0 => self.fail("unexpected right paren"),
            ')' => {
                self.parentheses -= 1;
                self.token(Kind::RightParenthesis)
            }
            ' '..='~' => self.token(Kind::Character),
            _ => self.fail(format!(
                "unrecognized character in action: {}",
                code_point(character)
            )),
        }
    }

    /// A run of space, without the last one if that belongs to ` -}}`.
    fn space(&mut self) -> Token {
        let count = trim_start(self.rest());
        self.position += count;
        let last = &self.text[self.position - 1..];
        if ends_with_trim(last) && last[TRIM_MARKER..].starts_with(RIGHT) {
            self.position -= 1;
            if count == 1 {
                return self.right_delimiter(true);
            }
        }
        self.token(Kind::Space)
    }

    fn identifier(&mut self) -> Token {
        self.take_alphanumerics();
        let word = &self.text[self.start..self.position];
        if let Some(error) = self.bad_end() {
            return error;
        }
        let keyword = Keyword::parse(word).filter(|keyword| match keyword {
            Keyword::Break => self.has_break,
            Keyword::Continue => self.has_continue,
            _ => true,
        });
        let kind = match keyword {
            Some(keyword) => Kind::Keyword(keyword),
            None if word == b"true" || word == b"false" => Kind::Bool,
            None => Kind::Identifier,
        };
        self.token(kind)
    }

    /// The name after a `.` or `$`, which may be without one.
    fn name(&mut self, kind: Kind, alone: Kind) -> Token {
        if self.at_terminator() {
            return self.token(alone);
        }
        self.take_alphanumerics();
        self.bad_end().unwrap_or_else(|| self.token(kind))
    }

    fn take_alphanumerics(&mut self) {
        while let Some(byte) = self.text.get(self.position) {
            if byte.is_ascii_alphanumeric() || *byte == b'_' {
                self.position += 1;
            } else if byte.is_ascii() {
                break;
            } else {
                match decode(self.rest()) {
                    Some((character, size)) if is_alphanumeric(character) => self.position += size,
                    _ => break,
                }
            }
        }
    }

    fn bad_end(&mut self) -> Option<Token> {
        if self.at_terminator() {
            return None;
        }
        let (character, _) = decode(self.rest())?;
        Some(self.fail(format!("bad character {}", code_point(character))))
    }

    /// Whether a name may end here.
    fn at_terminator(&self) -> bool {
        match self.rest() {
            []
            | [
                b' ' | b'\t' | b'\r' | b'\n' | b'.' | b',' | b'|' | b':' | b')' | b'(',
                ..,
            ] => true,
            rest => rest.starts_with(RIGHT),
        }
    }

    fn quoted(&mut self, quote: u8, kind: Kind, message: &str) -> Token {
        loop {
            let Some(byte) = self.text.get(self.position) else {
                return self.fail(message);
            };
            self.position += 1;
            match *byte {
                b'\\' => match self.text.get(self.position) {
                    None | Some(b'\n') => return self.fail(message),
                    Some(_) => self.position += 1,
                },
                b'\n' => return self.fail(message),
                byte if byte == quote => return self.token(kind),
                _ => {}
            }
        }
    }

    fn raw_quoted(&mut self) -> Token {
        match memchr::memchr(b'`', self.rest()) {
            Some(length) => {
                self.position += length + 1;
                self.token(Kind::RawQuoted)
            }
            None => self.fail("unterminated raw quoted string"),
        }
    }

    fn number(&mut self) -> Token {
        if !self.scan_number() {
            return self.bad_number();
        }
        if matches!(self.rest(), [b'+' | b'-', ..]) {
            if !self.scan_number() || self.text[self.position - 1] != b'i' {
                return self.bad_number();
            }
            return self.token(Kind::Complex);
        }
        self.token(Kind::Number)
    }

    fn bad_number(&mut self) -> Token {
        let number = quote::quote_bytes(&self.text[self.start..self.position]);
        self.fail(format!("bad number syntax: {number}"))
    }

    /// Takes whatever looks like a number; whether it is one is for the parser to say.
    fn scan_number(&mut self) -> bool {
        self.accept(|byte| matches!(byte, b'+' | b'-'));
        let mut digits: fn(u8) -> bool = |byte| byte.is_ascii_digit() || byte == b'_';
        let mut exponents: &[u8] = b"eE";
        if self.accept(|byte| byte == b'0') {
            if self.accept(|byte| matches!(byte, b'x' | b'X')) {
                digits = |byte| byte.is_ascii_hexdigit() || byte == b'_';
                exponents = b"pP";
            } else if self.accept(|byte| matches!(byte, b'o' | b'O')) {
                digits = |byte| matches!(byte, b'0'..=b'7' | b'_');
                exponents = b"";
            } else if self.accept(|byte| matches!(byte, b'b' | b'B')) {
                digits = |byte| matches!(byte, b'0' | b'1' | b'_');
                exponents = b"";
            }
        }
        while self.accept(digits) {}
        if self.accept(|byte| byte == b'.') {
            while self.accept(digits) {}
        }
        if self.accept(|byte| exponents.contains(&byte)) {
            self.accept(|byte| matches!(byte, b'+' | b'-'));
            while self.accept(|byte| byte.is_ascii_digit() || byte == b'_') {}
        }
        self.accept(|byte| byte == b'i');
        match decode(self.rest()) {
            Some((character, size)) if is_alphanumeric(character) => {
                self.position += size;
                false
            }
            _ => true,
        }
    }

    fn accept(&mut self, accepts: impl Fn(u8) -> bool) -> bool {
        let accepted = self.text.get(self.position).is_some_and(|byte| accepts(*byte));
        self.position += usize::from(accepted);
        accepted
    }
}

/// Where the first `{{` is.
fn find_left(text: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'{', text).find(|place| text.get(place + 1) == Some(&b'{'))
}

fn span(start: usize, end: usize) -> Span {
    let offset = |offset: usize| u32::try_from(offset).expect("because longer texts are refused");
    Span {
        start: offset(start),
        end: offset(end),
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// `- ` after `{{`.
fn starts_with_trim(text: &[u8]) -> bool {
    matches!(text, [b'-', space, ..] if is_space(*space))
}

/// ` -` before `}}`.
fn ends_with_trim(text: &[u8]) -> bool {
    matches!(text, [space, b'-', ..] if is_space(*space))
}

/// The number of bytes of space at the start.
fn trim_start(text: &[u8]) -> usize {
    text.iter().take_while(|byte| is_space(**byte)).count()
}

/// The length without the space at the end.
fn trim_end(text: &[u8]) -> usize {
    let space = text.iter().rev().take_while(|byte| is_space(**byte)).count();
    text.len() - space
}

/// The first character and its size; U+FFFD of size one if there is no UTF-8.
pub(crate) fn decode(bytes: &[u8]) -> Option<(char, usize)> {
    let first = *bytes.first()?;
    if first.is_ascii() {
        return Some((char::from(first), 1));
    }
    let character = (2..=4).find_map(|size| {
        let text = std::str::from_utf8(bytes.get(..size)?).ok()?;
        Some((text.chars().next()?, size))
    });
    Some(character.unwrap_or((char::REPLACEMENT_CHARACTER, 1)))
}

/// A letter, digit or underscore.
fn is_alphanumeric(character: char) -> bool {
    if character.is_ascii() {
        return character == '_' || character.is_ascii_alphanumeric();
    }
    character.is_alphabetic() || character.is_numeric()
}

/// A character as `%#U` prints it: `U+0040 '@'`.
fn code_point(character: char) -> String {
    let code = format!("U+{:04X}", u32::from(character));
    if quote::is_print(character) {
        format!("{code} '{character}'")
    } else {
        code
    }
}
