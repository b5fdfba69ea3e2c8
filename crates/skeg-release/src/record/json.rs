//! JSON text that was checked once and is then walked without copying it.
//!
//! The syntax is Go's: at most 10,000 levels, and bytes that are not UTF-8 have become U+FFFD before.

use std::borrow::Cow;

use memchr::memchr2;
use skeg_values::json::{ParseJsonError, parse};

/// Collections within collections, as in Go.
const MAX_DEPTH: usize = 10_000;

/// One value in a checked JSON text, without blanks around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Json<'text>(&'text str);

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Bool,
    Number,
    String,
    Array,
    Object,
}

impl<'text> Json<'text> {
    /// Checks a text that is one value.
    pub(super) fn check(text: &'text str) -> Result<Self, ParseJsonError> {
        let mut checker = Checker {
            bytes: text.as_bytes(),
            at: 0,
        };
        match checker.whole() {
            Some(()) => Ok(Self(text.trim_matches(BLANKS))),
            None => Err(in_words(text)),
        }
    }

    /// The text.
    pub(super) fn text(self) -> &'text str {
        self.0
    }

    pub(super) fn kind(self) -> Kind {
        match self.0.as_bytes().first() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b'"') => Kind::String,
            Some(b't' | b'f') => Kind::Bool,
            Some(b'n') | None => Kind::Null,
            Some(_) => Kind::Number,
        }
    }

    pub(super) fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// The fields of an object in the order of the text; none of anything else.
    pub(super) fn fields(self) -> impl Iterator<Item = (Cow<'text, str>, Json<'text>)> {
        let mut parts = Parts::of(self, Kind::Object);
        std::iter::from_fn(move || Some((parts.next()?.string()?, parts.next()?)))
    }

    /// The elements of an array; none of anything else.
    pub(super) fn items(self) -> impl Iterator<Item = Json<'text>> {
        Parts::of(self, Kind::Array)
    }

    /// The text of a string.
    pub(super) fn string(self) -> Option<Cow<'text, str>> {
        let inner = self.0.strip_prefix('"')?.strip_suffix('"')?;
        if memchr::memchr(b'\\', inner.as_bytes()).is_none() {
            return Some(Cow::Borrowed(inner));
        }
        Some(Cow::Owned(unescape(inner)))
    }

    /// What is between the quotes of a string, with its escapes.
    pub(super) fn raw_string(self) -> Option<&'text str> {
        self.0.strip_prefix('"')?.strip_suffix('"')
    }

    /// A whole number without fraction and exponent that fits 64 bits.
    pub(super) fn int(self) -> Option<i64> {
        self.0.parse().ok()
    }
}

impl Kind {
    /// Go's word.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "bool",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}

const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// What is wrong with a text, in Go's words.
fn in_words(text: &str) -> ParseJsonError {
    parse(text.as_bytes()).err().unwrap_or(ParseJsonError::TooDeep)
}

fn unescape(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        let (c, length) = escape(&rest[at..]);
        out.push(c);
        rest = rest.get(at + length..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// The character of an escape, and its length; half a surrogate pair is U+FFFD.
fn escape(text: &str) -> (char, usize) {
    let c = match text.as_bytes().get(1) {
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return escape_of_code(text),
        Some(byte) => char::from(*byte),
        None => char::REPLACEMENT_CHARACTER,
    };
    (c, 2)
}

fn escape_of_code(text: &str) -> (char, usize) {
    let code = |from: usize| {
        let digits = text.get(from + 2..from + 6)?;
        text[from..].starts_with("\\u").then_some(())?;
        u16::from_str_radix(digits, 16).ok()
    };
    let Some(first) = code(0) else {
        return (char::REPLACEMENT_CHARACTER, 2);
    };
    let units = [first, code(6).unwrap_or_default()];
    let found = char::decode_utf16(units).next();
    match found {
        Some(Ok(c)) => (c, 6 * c.len_utf16()),
        _ => (char::REPLACEMENT_CHARACTER, 6),
    }
}

/// The values directly inside a collection, keys included.
struct Parts<'text> {
    text: &'text str,
    at: usize,
}

impl<'text> Parts<'text> {
    fn of(json: Json<'text>, kind: Kind) -> Self {
        let has_parts = json.kind() == kind;
        Self {
            text: json.0,
            at: if has_parts { 1 } else { json.0.len() },
        }
    }
}

impl<'text> Iterator for Parts<'text> {
    type Item = Json<'text>;

    fn next(&mut self) -> Option<Json<'text>> {
        let bytes = self.text.as_bytes();
        while is_blank(*bytes.get(self.at)?) || matches!(bytes[self.at], b',' | b':') {
            self.at += 1;
        }
        if matches!(bytes[self.at], b']' | b'}') {
            return None;
        }
        let start = self.at;
        self.at = end_of_value(bytes, start);
        Some(Json(self.text.get(start..self.at)?))
    }
}

/// Where the value ends that begins at `start`, in a text known to be right.
fn end_of_value(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    let mut depth = 0_usize;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = end_of_string(bytes, at + 1),
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' | b',' | b':' if depth == 0 => return at,
            b'}' | b']' => {
                depth -= 1;
                at += 1;
            }
            byte if depth == 0 && is_blank(*byte) => return at,
            _ => at += 1,
        }
        if depth == 0 && matches!(bytes.get(at - 1), Some(b'"' | b'}' | b']')) {
            return at;
        }
    }
    at
}

/// Behind the closing quote of a string that is known to end.
fn end_of_string(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(found) = memchr2(b'"', b'\\', bytes.get(at..).unwrap_or_default()) {
        at += found;
        if bytes[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    bytes.len()
}

/// Checks the syntax. `None` is a mistake.
struct Checker<'text> {
    bytes: &'text [u8],
    at: usize,
}

impl Checker<'_> {
    fn whole(&mut self) -> Option<()> {
        let mut open: Vec<u8> = Vec::new();
        loop {
            self.skip_blanks();
            let is_open = self.value(&mut open)?;
            if !is_open && !self.separate(&mut open)? {
                return Some(());
            }
            if open.last() == Some(&b'{') {
                self.key()?;
            }
        }
    }

    /// Goes over a scalar, or into a collection: `true` if that has values.
    fn value(&mut self, open: &mut Vec<u8>) -> Option<bool> {
        let byte = self.peek()?;
        if !matches!(byte, b'{' | b'[') {
            self.scalar()?;
            return Some(false);
        }
        self.at += 1;
        open.push(byte);
        if open.len() > MAX_DEPTH {
            return None;
        }
        self.skip_blanks();
        Some(!self.close(open))
    }

    /// Goes on to the next value. `false` at the end of the text.
    fn separate(&mut self, open: &mut Vec<u8>) -> Option<bool> {
        loop {
            self.skip_blanks();
            if open.is_empty() {
                return (self.at == self.bytes.len()).then_some(false);
            }
            if self.peek()? == b',' {
                self.at += 1;
                return Some(true);
            }
            if !self.close(open) {
                return None;
            }
        }
    }

    fn close(&mut self, open: &mut Vec<u8>) -> bool {
        let expected = match open.last() {
            Some(b'{') => b'}',
            _ => b']',
        };
        let is_end = self.peek() == Some(expected);
        if is_end {
            self.at += 1;
            open.pop();
        }
        is_end
    }

    fn key(&mut self) -> Option<()> {
        self.skip_blanks();
        if self.peek()? != b'"' {
            return None;
        }
        self.scalar()?;
        self.skip_blanks();
        self.byte(b':')
    }

    fn scalar(&mut self) -> Option<()> {
        match self.peek()? {
            b'"' => self.string(),
            b't' => self.word(b"true"),
            b'f' => self.word(b"false"),
            b'n' => self.word(b"null"),
            _ => self.number(),
        }
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        self.bytes[self.at..].starts_with(word).then_some(())?;
        self.at += word.len();
        Some(())
    }

    fn number(&mut self) -> Option<()> {
        if self.peek()? == b'-' {
            self.at += 1;
        }
        if self.peek()? == b'0' {
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
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let rest = &self.bytes[self.at..];
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        (count > 0).then_some(())
    }

    fn string(&mut self) -> Option<()> {
        self.at += 1;
        loop {
            let rest = &self.bytes[self.at..];
            let length = memchr2(b'"', b'\\', rest)?;
            if rest[..length].iter().any(|byte| *byte < b' ') {
                return None;
            }
            self.at += length + 1;
            if rest[length] == b'"' {
                return Some(());
            }
            self.escape()?;
        }
    }

    fn escape(&mut self) -> Option<()> {
        let byte = self.peek()?;
        self.at += 1;
        match byte {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(()),
            b'u' => {
                let digits = self.bytes.get(self.at..self.at + 4)?;
                self.at += 4;
                digits.iter().all(u8::is_ascii_hexdigit).then_some(())
            }
            _ => None,
        }
    }

    fn byte(&mut self, byte: u8) -> Option<()> {
        let is_there = self.peek()? == byte;
        self.at += 1;
        is_there.then_some(())
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(is_blank) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::{Json, Kind};

    /// Writes a value again from its parts.
    fn walk(json: Json<'_>) -> String {
        match json.kind() {
            Kind::Object => {
                let fields = json.fields();
                let fields = fields.map(|(key, value)| format!("{key}={}", walk(value)));
                format!("{{{}}}", fields.collect::<Vec<_>>().join(" "))
            }
            Kind::Array => {
                let items: Vec<String> = json.items().map(walk).collect();
                format!("[{}]", items.join(" "))
            }
            Kind::String => json.string().map(|text| format!("'{text}'")).unwrap_or_default(),
            _ => json.text().to_owned(),
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found = match Json::check(text) {
            Ok(json) => walk(json),
            Err(error) => format!("error: {error}"),
        };
        assert_eq!(found, expected, "{text}");
        let by_go = skeg_values::json::parse(text.as_bytes());
        assert_eq!(by_go.is_ok(), !found.starts_with("error: "), "{text}");
    }

    #[test]
    fn values_are_walked() {
        check("{}", "{}");
        check(" [ ] ", "[]");
        check(r#"{"a":1,"b":[true,false,null]}"#, "{a=1 b=[true false null]}");
        check(
            "{ \"a\" :\n{\"b\": -1.5e+3 } ,\"c\":[[],{}]\r\n}",
            "{a={b=-1.5e+3} c=[[] {}]}",
        );
        check(r#"["a\"b","\\","\u00e9\n","{[,:"]"#, "['a\"b' '\\' 'é\n' '{[,:']");
        check(
            r#"["\ud83d\ude00","\ud83d","\ud83dA","\ude00"]"#,
            "['😀' '\u{fffd}' '\u{fffd}A' '\u{fffd}']",
        );
        check(r#""é""#, "'é'");
        check("0", "0");
    }

    #[test]
    fn mistakes_are_told_in_gos_words() {
        check("", "error: unexpected end of JSON input");
        check("{", "error: unexpected end of JSON input");
        check("[1", "error: unexpected end of JSON input");
        check("[1,", "error: unexpected end of JSON input");
        check(r#"{"a""#, "error: unexpected end of JSON input");
        check(r#"{"a":"#, "error: unexpected end of JSON input");
        check(r#""a"#, "error: unexpected end of JSON input");
        check(r#""\"#, "error: unexpected end of JSON input");
        check(r#""\u12"#, "error: unexpected end of JSON input");
        check("nul", "error: unexpected end of JSON input");
        check("1.", "error: unexpected end of JSON input");
        check("-", "error: unexpected end of JSON input");
        let unexpected = |found: &str, place: &str| format!("error: invalid character {found} {place}");
        check(
            "{]",
            &unexpected("']'", "looking for beginning of object key string"),
        );
        check("[}", &unexpected("'}'", "looking for beginning of value"));
        check("[1,]", &unexpected("']'", "looking for beginning of value"));
        check(
            r#"{"a":1,}"#,
            &unexpected("'}'", "looking for beginning of object key string"),
        );
        check("{}{", &unexpected("'{'", "after top-level value"));
        check("01", &unexpected("'1'", "after top-level value"));
        check("[1}", &unexpected("'}'", "after array element"));
        check(r#"{"a":1]"#, &unexpected("']'", "after object key:value pair"));
        check("\"\n\"", &unexpected(r"'\n'", "in string literal"));
        check(r#""\x""#, &unexpected("'x'", "in string escape code"));
        check(
            "\u{feff}{}",
            &unexpected("'\\ufeff'", "looking for beginning of value"),
        );
    }

    #[test]
    fn depth_is_limited() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(Json::check(&nested(10_000)).is_ok());
        assert!(Json::check(&nested(10_001)).is_err());
    }
}
