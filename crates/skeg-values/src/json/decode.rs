//! Reading JSON into the values that templates compute with, as Go 1.27's `json.Unmarshal` does.
//!
//! Go checks the whole text before it decodes anything, so that a mistake of syntax leaves nothing behind. A
//! number that does not fit leaves 0 behind, and the first of them is reported.

use skeg_go::json::to_valid_utf8;
use skeg_go::{GoMap, GoString, GoType, GoValue};

use super::escape;

/// Collections within collections.
const MAX_DEPTH: usize = 10_000;

/// A text that cannot be decoded, in Go's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeJsonError {
    /// The text is not JSON.
    #[error("{0}")]
    Syntax(String),
    /// Something else is wanted at the top.
    #[error("json: cannot unmarshal {kind} into Go value of type {expected}")]
    WrongKind {
        /// What it is, such as `array`.
        kind: &'static str,
        /// The Go type that is wanted.
        expected: &'static str,
    },
    /// A number beyond the range of a float64.
    #[error(
        "json: cannot unmarshal number {number} into {}{} of type float64",
        if *.is_field { "Go struct field " } else { "" },
        if .path.is_empty() { "Go value" } else { .path.as_str() }
    )]
    NumberOutOfRange {
        /// The number as it was written.
        number: String,
        /// Where it is, such as `.a.0`.
        path: String,
        /// Whether it is the value of a key.
        is_field: bool,
    },
}

/// What was decoded, and what went wrong on the way.
#[derive(Clone, Debug)]
pub struct Decoded<T> {
    /// What Go leaves behind, even after a mistake.
    pub value: T,
    /// The first mistake.
    pub error: Option<DecodeJsonError>,
}

/// Decodes into `any`; every number is a float64.
pub fn decode_go(json: &[u8]) -> Decoded<GoValue> {
    match Parser::new(json).document() {
        Ok((decoded, _)) => decoded,
        Err(error) => Decoded {
            value: GoValue::Nil,
            error: Some(error),
        },
    }
}

/// Decodes the value at the beginning of a text as [`decode_go`], and says where it ends.
pub(crate) fn decode_go_prefix(json: &[u8]) -> Result<(Decoded<GoValue>, usize), DecodeJsonError> {
    let mut parser = Parser::new(json);
    parser.more_may_follow = true;
    parser.document()
}

/// Decodes into `map[string]interface {}`; `null` is a `nil` map.
pub fn decode_go_map(json: &[u8]) -> Decoded<GoMap> {
    let Decoded { value, mut error } = decode_go(json);
    let value = match value {
        GoValue::Map(map) => map,
        GoValue::Nil if error.is_none() => GoMap::nil(GoType::Interface),
        GoValue::Nil => GoMap::new(),
        other => {
            error = Some(wrong_kind(&other, "map[string]interface {}"));
            GoMap::new()
        }
    };
    Decoded { value, error }
}

/// Decodes into `[]interface {}`; `null` is an empty slice.
pub fn decode_go_list(json: &[u8]) -> Decoded<Vec<GoValue>> {
    let Decoded { value, mut error } = decode_go(json);
    let value = match value {
        GoValue::List(list) => list.items().to_vec(),
        GoValue::Nil => Vec::new(),
        other => {
            error = Some(wrong_kind(&other, "[]interface {}"));
            Vec::new()
        }
    };
    Decoded { value, error }
}

fn wrong_kind(value: &GoValue, expected: &'static str) -> DecodeJsonError {
    DecodeJsonError::WrongKind {
        kind: kind_name(value),
        expected,
    }
}

/// JSON's word for a decoded value.
pub(crate) fn kind_name(value: &GoValue) -> &'static str {
    match value {
        GoValue::Nil => "null",
        GoValue::Bool(_) => "bool",
        GoValue::String(_) => "string",
        GoValue::List(_) => "array",
        GoValue::Map(_) => "object",
        _ => "number",
    }
}

/// A collection that is being read.
enum Open {
    List(Vec<GoValue>),
    Map(GoMap, GoString),
}

struct Parser<'json> {
    json: &'json [u8],
    at: usize,
    open: Vec<Open>,
    error: Option<DecodeJsonError>,
    more_may_follow: bool,
}

impl<'json> Parser<'json> {
    fn new(json: &'json [u8]) -> Self {
        Self {
            json,
            at: 0,
            open: Vec::new(),
            error: None,
            more_may_follow: false,
        }
    }

    fn document(mut self) -> Result<(Decoded<GoValue>, usize), DecodeJsonError> {
        loop {
            let Some(mut value) = self.begin_value()? else {
                continue;
            };
            // Close all collections that end here.
            loop {
                match self.add(value)? {
                    Added::Closed(collection) => value = collection,
                    Added::Open => break,
                    Added::Root(value) => {
                        let error = self.error;
                        return Ok((Decoded { value, error }, self.at));
                    }
                }
            }
        }
    }

    /// Reads a scalar or an empty collection; opens any other collection and gives nothing.
    fn begin_value(&mut self) -> Result<Option<GoValue>, DecodeJsonError> {
        self.skip_blanks();
        Ok(Some(match self.peek() {
            Some(b'{') => {
                self.descend()?;
                if self.accept(b'}') {
                    return Ok(Some(GoMap::new().into()));
                }
                let key = self.key()?;
                self.open.push(Open::Map(GoMap::new(), key));
                return Ok(None);
            }
            Some(b'[') => {
                self.descend()?;
                if self.accept(b']') {
                    return Ok(Some(GoValue::list(Vec::new())));
                }
                self.open.push(Open::List(Vec::new()));
                return Ok(None);
            }
            Some(b'"') => GoValue::String(self.string()?),
            Some(b't') => self.literal("true", GoValue::Bool(true))?,
            Some(b'f') => self.literal("false", GoValue::Bool(false))?,
            Some(b'n') => self.literal("null", GoValue::Nil)?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => return Err(self.unexpected("looking for beginning of value")),
        }))
    }

    fn descend(&mut self) -> Result<(), DecodeJsonError> {
        if self.open.len() == MAX_DEPTH {
            return Err(DecodeJsonError::Syntax("exceeded max depth".to_owned()));
        }
        self.at += 1;
        Ok(())
    }

    /// Adds a value to the innermost open collection and reads what follows it.
    fn add(&mut self, value: GoValue) -> Result<Added, DecodeJsonError> {
        if self.more_may_follow && self.open.is_empty() {
            return Ok(Added::Root(value));
        }
        self.skip_blanks();
        match self.open.pop() {
            None if self.at == self.json.len() => Ok(Added::Root(value)),
            None => Err(self.unexpected("after top-level value")),
            Some(Open::List(mut items)) => {
                items.push(value);
                if self.accept(b']') {
                    return Ok(Added::Closed(GoValue::list(items)));
                }
                if !self.accept(b',') {
                    return Err(self.unexpected("after array element"));
                }
                self.open.push(Open::List(items));
                Ok(Added::Open)
            }
            Some(Open::Map(map, key)) => {
                map.insert(key, value);
                if self.accept(b'}') {
                    return Ok(Added::Closed(map.into()));
                }
                if !self.accept(b',') {
                    return Err(self.unexpected("after object key:value pair"));
                }
                let key = self.key()?;
                self.open.push(Open::Map(map, key));
                Ok(Added::Open)
            }
        }
    }

    /// Reads a key and its colon.
    fn key(&mut self) -> Result<GoString, DecodeJsonError> {
        self.skip_blanks();
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("looking for beginning of object key string"));
        }
        let key = self.string()?;
        if !self.accept(b':') {
            return Err(self.unexpected("after object key"));
        }
        Ok(key)
    }

    fn literal(&mut self, word: &str, value: GoValue) -> Result<GoValue, DecodeJsonError> {
        for expected in word.chars() {
            match self.peek() {
                Some(byte) if char::from(byte) == expected => self.at += 1,
                _ => {
                    let context = format!("in literal {word} (expecting '{expected}')");
                    return Err(self.unexpected(&context));
                }
            }
        }
        Ok(value)
    }

    fn number(&mut self) -> Result<GoValue, DecodeJsonError> {
        let start = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.digits()?;
        }
        let text = String::from_utf8_lossy(&self.json[start..self.at]);
        let value: f64 = text.parse().unwrap_or(f64::INFINITY);
        if value.is_finite() {
            return Ok(GoValue::Float(value));
        }
        if self.error.is_none() {
            self.error = Some(self.out_of_range(text.into_owned()));
        }
        Ok(GoValue::Float(0.0))
    }

    fn digits(&mut self) -> Result<(), DecodeJsonError> {
        let rest = &self.json[self.at..];
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            return Err(self.unexpected("in numeric literal"));
        }
        self.at += digits;
        Ok(())
    }

    fn out_of_range(&self, number: String) -> DecodeJsonError {
        let mut path = String::new();
        for open in &self.open {
            path.push('.');
            match open {
                Open::List(items) => path.push_str(&items.len().to_string()),
                Open::Map(_, key) => {
                    path.push_str(&key.to_lossy().replace('~', "~0").replace('/', "~1"));
                }
            }
        }
        DecodeJsonError::NumberOutOfRange {
            number,
            path,
            is_field: matches!(self.open.last(), Some(Open::Map(..))),
        }
    }

    fn string(&mut self) -> Result<GoString, DecodeJsonError> {
        self.at += 1;
        let clean = self.clean();
        if self.peek_at(clean) == Some(b'"') {
            let text = &self.json[self.at..self.at + clean];
            self.at += clean + 1;
            return Ok(valid_text(text));
        }
        let mut out = Vec::new();
        loop {
            let clean = self.clean();
            out.extend_from_slice(&self.json[self.at..self.at + clean]);
            self.at += clean;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(valid_text(&out));
                }
                Some(b'\\') => {
                    let c = self.escape()?;
                    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                }
                _ => return Err(self.unexpected("in string")),
            }
        }
    }

    /// How many bytes follow that stand for themselves in a string.
    fn clean(&self) -> usize {
        let rest = &self.json[self.at..];
        let end = rest
            .iter()
            .position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f));
        end.unwrap_or(rest.len())
    }

    fn escape(&mut self) -> Result<char, DecodeJsonError> {
        let (c, length) = escape::read(&self.json[self.at..]).ok_or_else(|| self.bad_escape())?;
        self.at += length;
        Ok(c)
    }

    fn bad_escape(&self) -> DecodeJsonError {
        let mut digits = self.json[self.at..].iter().skip(2).take(4);
        match self.peek_at(1) {
            None => unexpected_end(),
            Some(b'u') if self.json.len() < self.at + 6 && digits.all(u8::is_ascii_hexdigit) => {
                unexpected_end()
            }
            Some(b'u') => self.invalid_escape(6),
            Some(_) => self.invalid_escape(2),
        }
    }

    fn invalid_escape(&self, length: usize) -> DecodeJsonError {
        let end = self.json.len().min(self.at + length);
        let text = &self.json[self.at..end];
        let shown = match std::str::from_utf8(text) {
            Ok(text) if is_presentable(text) => format!("`{text}`"),
            _ => skeg_go::quote::quote_bytes(text),
        };
        DecodeJsonError::Syntax(format!("invalid escape sequence {shown} in string"))
    }

    fn accept(&mut self, byte: u8) -> bool {
        self.skip_blanks();
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.peek_at(0)
    }

    fn peek_at(&self, offset: usize) -> Option<u8> {
        self.json.get(self.at + offset).copied()
    }

    fn unexpected(&self, context: &str) -> DecodeJsonError {
        let rest = &self.json[self.at..];
        if rest.is_empty() {
            return unexpected_end();
        }
        let chunk = rest[..rest.len().min(4)].utf8_chunks().next();
        let character = match chunk.and_then(|chunk| chunk.valid().chars().next()) {
            Some(c) => super::quote_character(c),
            None => format!("'\\x{:x}'", rest[0]),
        };
        DecodeJsonError::Syntax(format!("invalid character {character} {context}"))
    }
}

/// What became of a collection when a value was added.
enum Added {
    Open,
    Closed(GoValue),
    Root(GoValue),
}

fn unexpected_end() -> DecodeJsonError {
    DecodeJsonError::Syntax("unexpected end of JSON input".to_owned())
}

fn valid_text(bytes: &[u8]) -> GoString {
    match std::str::from_utf8(bytes) {
        Ok(text) => GoString::from(text),
        Err(_) => GoString::from(to_valid_utf8(bytes)),
    }
}

/// Whether Go shows an escape as it is, between backticks.
fn is_presentable(text: &str) -> bool {
    let quoted = skeg_go::quote::quote(text);
    let is_plain = quoted.len() == text.len() + 2 + text.matches(['"', '\\']).count();
    is_plain && !text.contains(|c: char| c == '`' || c == char::REPLACEMENT_CHARACTER || c.is_whitespace())
}
