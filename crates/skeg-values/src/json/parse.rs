//! Reading JSON.

use super::{escape, quote_character};
use crate::value::{Map, Value};

/// Collections within collections. Go stops at 10 000; this keeps within small stacks.
const MAX_DEPTH: usize = 500;

/// A text that is not JSON, in Go's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseJsonError {
    /// A character that JSON does not allow at this place.
    #[error("invalid character {} {expected}", quote_character(*.character))]
    InvalidCharacter {
        /// The character.
        character: char,
        /// What the parser was doing, such as `looking for beginning of value`.
        expected: &'static str,
        /// Where, in bytes from the beginning.
        offset: usize,
    },
    /// The text ends too early.
    #[error("unexpected end of JSON input")]
    UnexpectedEnd,
    /// More than 500 levels.
    #[error("exceeded max depth")]
    TooDeep,
    /// A number beyond the range of a float64.
    #[error("cannot unmarshal number {0} into Go value of type float64")]
    NumberOutOfRange(String),
}

/// Reads one JSON value. Integers that fit 64 bits stay integers; of equal keys the last wins; bytes that are
/// not UTF-8 and lone surrogates become U+FFFD.
pub fn parse(json: &[u8]) -> Result<Value, ParseJsonError> {
    let text = skeg_go::json::to_valid_utf8(json);
    let mut parser = Parser {
        text: &text,
        at: 0,
        depth: 0,
    };
    let value = parser.value()?;
    parser.skip_blanks();
    match parser.peek() {
        None => Ok(value),
        Some(_) => Err(parser.unexpected("after top-level value")),
    }
}

struct Parser<'text> {
    text: &'text str,
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn value(&mut self) -> Result<Value, ParseJsonError> {
        self.skip_blanks();
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => self.string().map(Value::String),
            Some(b't') => self.literal("true", "in literal true", Value::Bool(true)),
            Some(b'f') => self.literal("false", "in literal false", Value::Bool(false)),
            Some(b'n') => self.literal("null", "in literal null", Value::Null),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => Err(self.unexpected("looking for beginning of value")),
        }
    }

    fn nested(
        &mut self,
        read: fn(&mut Self) -> Result<Value, ParseJsonError>,
    ) -> Result<Value, ParseJsonError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(ParseJsonError::TooDeep);
        }
        self.at += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn object(&mut self) -> Result<Value, ParseJsonError> {
        let mut map = Map::new();
        if self.accept(b'}') {
            return Ok(Value::Map(map));
        }
        loop {
            self.skip_blanks();
            if self.peek() != Some(b'"') {
                return Err(self.unexpected("looking for beginning of object key string"));
            }
            let key = self.string()?;
            if !self.accept(b':') {
                return Err(self.unexpected("after object key"));
            }
            let value = self.value()?;
            map.insert(key, value);
            if self.accept(b'}') {
                return Ok(Value::Map(map));
            }
            if !self.accept(b',') {
                return Err(self.unexpected("after object key:value pair"));
            }
        }
    }

    fn array(&mut self) -> Result<Value, ParseJsonError> {
        let mut items = Vec::new();
        if self.accept(b']') {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value()?);
            if self.accept(b']') {
                return Ok(Value::List(items));
            }
            if !self.accept(b',') {
                return Err(self.unexpected("after array element"));
            }
        }
    }

    fn literal(&mut self, word: &str, context: &'static str, value: Value) -> Result<Value, ParseJsonError> {
        for expected in word.bytes() {
            if self.peek() != Some(expected) {
                return Err(self.unexpected(context));
            }
            self.at += 1;
        }
        Ok(value)
    }

    fn number(&mut self) -> Result<Value, ParseJsonError> {
        let start = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits("in numeric literal")?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits("after decimal point in numeric literal")?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.digits("in exponent of numeric literal")?;
        }
        let text = &self.text[start..self.at];
        if let Ok(value) = text.parse::<i64>()
            && text != "-0"
        {
            return Ok(Value::Int(value));
        }
        if let Ok(value) = text.parse::<u64>() {
            return Ok(Value::UInt(value));
        }
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Value::Float(value)),
            _ => Err(ParseJsonError::NumberOutOfRange(text.to_owned())),
        }
    }

    fn digits(&mut self, context: &'static str) -> Result<(), ParseJsonError> {
        let digits = self.text.as_bytes()[self.at..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if digits == 0 {
            return Err(self.unexpected(context));
        }
        self.at += digits;
        Ok(())
    }

    fn string(&mut self) -> Result<String, ParseJsonError> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = &self.text[self.at..];
            let clean = rest
                .bytes()
                .take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f))
                .count();
            out.push_str(&rest[..clean]);
            self.at += clean;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => out.push(self.escape()?),
                _ => return Err(self.unexpected("in string literal")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, ParseJsonError> {
        let rest = &self.text.as_bytes()[self.at..];
        if let Some((c, length)) = escape::read(rest) {
            self.at += length;
            return Ok(c);
        }
        self.at += 1;
        if self.peek() != Some(b'u') {
            return Err(self.unexpected("in string escape code"));
        }
        let digits = rest.iter().skip(2).take_while(|byte| byte.is_ascii_hexdigit());
        self.at += 1 + digits.count();
        Err(self.unexpected("in \\u hexadecimal character escape"))
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
        self.text.as_bytes().get(self.at).copied()
    }

    fn unexpected(&self, expected: &'static str) -> ParseJsonError {
        match self.text[self.at..].chars().next() {
            None => ParseJsonError::UnexpectedEnd,
            Some(character) => ParseJsonError::InvalidCharacter {
                character,
                expected,
                offset: self.at,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::to_string;

    #[track_caller]
    fn check(json: &str, expected: &str) {
        let value = parse(json.as_bytes()).expect("because the text is JSON");
        assert_eq!(to_string(&value), expected);
    }

    #[track_caller]
    fn check_error(json: &str, expected: &str) {
        let error = parse(json.as_bytes()).expect_err("because the text is no JSON");
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn reads_values() {
        check(" null ", "null");
        check("[true, false,[ ],{ }]", "[true,false,[],{}]");
        check(r#"{"b":1,"a":2,"b":3}"#, r#"{"a":2,"b":3}"#);
        check(r#""\"\\\/\b\f\n\r\tA\u00e9""#, r#""\"\\/\b\f\n\r\tAé""#);
        check(
            r#""\ud83d\ude00 \ud83d \ude00 \ud83dA""#,
            "\"😀 \u{fffd} \u{fffd} \u{fffd}A\"",
        );
        check(
            "[0,-0,1.0,-2.5e3,18446744073709551615,18446744073709551616]",
            "[0,-0,1,-2500,18446744073709551615,18446744073709552000]",
        );
    }

    // Every expectation was printed by Go 1.26.8.
    #[test]
    fn refuses_in_go_words() {
        check_error("", "unexpected end of JSON input");
        check_error("{", "unexpected end of JSON input");
        check_error("[1", "unexpected end of JSON input");
        check_error("\"a", "unexpected end of JSON input");
        check_error("t", "unexpected end of JSON input");
        check_error("x", "invalid character 'x' looking for beginning of value");
        check_error("[1,]", "invalid character ']' looking for beginning of value");
        check_error("[1 2]", "invalid character '2' after array element");
        check_error(
            "{a:1}",
            "invalid character 'a' looking for beginning of object key string",
        );
        check_error(r#"{"a" 1}"#, "invalid character '1' after object key");
        check_error(
            r#"{"a":1 "b"}"#,
            "invalid character '\"' after object key:value pair",
        );
        check_error("1 2", "invalid character '2' after top-level value");
        check_error("01", "invalid character '1' after top-level value");
        check_error("-x", "invalid character 'x' in numeric literal");
        check_error(
            "1.x",
            "invalid character 'x' after decimal point in numeric literal",
        );
        check_error("1e'", r"invalid character '\'' in exponent of numeric literal");
        check_error("\"\n\"", r"invalid character '\n' in string literal");
        check_error(r#""\x""#, "invalid character 'x' in string escape code");
        check_error(r#""\"#, "unexpected end of JSON input");
        check_error(r#""\u12"#, "unexpected end of JSON input");
        check_error(
            r#""\ud83d\u1x""#,
            r"invalid character 'x' in \u hexadecimal character escape",
        );
        check_error(
            r#""\u00g0""#,
            r"invalid character 'g' in \u hexadecimal character escape",
        );
        check_error(&"[".repeat(501), "exceeded max depth");
    }

    #[test]
    fn broken_utf8_is_replaced() {
        assert_eq!(parse(b"\"a\xff\""), Ok(Value::from("a\u{fffd}")));
    }
}
