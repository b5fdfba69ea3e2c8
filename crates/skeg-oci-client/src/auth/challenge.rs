//! Parsing `WWW-Authenticate`: what a server demands. No IO.
//!
//! Spec: RFC 9110, "Authentication Scheme" to "WWW-Authenticate". A header may be repeated, each line may hold several
//! challenges, schemes and parameter names are case-insensitive, and values are tokens or quoted strings.

use http::header::{HeaderMap, WWW_AUTHENTICATE};

/// One demand of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Challenge {
    /// The scheme in lower case.
    pub(crate) scheme: String,
    parameters: Vec<(String, String)>,
}

impl Challenge {
    /// A parameter by its lower-case name. The first wins when one is repeated.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Parses every challenge of a response's head. A malformed rest of a line is left out.
pub(crate) fn challenges(headers: &HeaderMap) -> Vec<Challenge> {
    let lines = headers.get_all(WWW_AUTHENTICATE).iter();
    lines
        .filter_map(|line| std::str::from_utf8(line.as_bytes()).ok())
        .flat_map(parse_line)
        .collect()
}

fn parse_line(line: &str) -> Vec<Challenge> {
    let mut challenges: Vec<Challenge> = Vec::new();
    let mut rest = Cursor { rest: line };
    loop {
        rest.skip_separators();
        let Some(word) = rest.token() else {
            return challenges;
        };
        match rest.value() {
            Value::Given(value) => {
                let Some(challenge) = challenges.last_mut() else {
                    return challenges;
                };
                challenge.parameters.push((word.to_ascii_lowercase(), value));
            }
            Value::None => challenges.push(Challenge {
                scheme: word.to_ascii_lowercase(),
                parameters: Vec::new(),
            }),
            Value::Malformed => return challenges,
        }
    }
}

/// What follows a word.
enum Value {
    /// `=` and a value: the word names a parameter.
    Given(String),
    /// No `=`: the word is a scheme.
    None,
    /// A quoted string without end.
    Malformed,
}

/// Reads a header line from left to right.
struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    fn skip_spaces(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
    }

    fn skip_separators(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', ',']);
    }

    fn token(&mut self) -> Option<&'a str> {
        let end = self
            .rest
            .find([' ', '\t', ',', '=', '"'])
            .unwrap_or(self.rest.len());
        let (token, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!token.is_empty()).then_some(token)
    }

    /// Reads `= value`, with spaces allowed around the sign, if there is one.
    fn value(&mut self) -> Value {
        let before = self.rest;
        self.skip_spaces();
        let Some(rest) = self.rest.strip_prefix('=') else {
            self.rest = before;
            return Value::None;
        };
        self.rest = rest;
        self.skip_spaces();
        if let Some(rest) = self.rest.strip_prefix('"') {
            self.rest = rest;
            return self.quoted().map_or(Value::Malformed, Value::Given);
        }
        // Not a token in the strict sense: servers send unquoted URLs, which hold `=`.
        let end = self.rest.find([' ', '\t', ',']).unwrap_or(self.rest.len());
        let (value, rest) = self.rest.split_at(end);
        self.rest = rest;
        Value::Given(value.to_owned())
    }

    /// Reads up to the closing quotation mark, resolving `\x` to `x`.
    fn quoted(&mut self) -> Option<String> {
        let mut value = String::new();
        let mut characters = self.rest.char_indices();
        while let Some((at, character)) = characters.next() {
            match character {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return Some(value);
                }
                '\\' => value.push(characters.next()?.1),
                other => value.push(other),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(lines: &[&str], expected: &[(&str, &[(&str, &str)])]) {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(WWW_AUTHENTICATE, line.parse().unwrap());
        }
        let found = challenges(&headers);
        let found: Vec<_> = found
            .iter()
            .map(|challenge| {
                let parameters = challenge.parameters.iter();
                let parameters: Vec<_> = parameters.map(|(name, value)| (&**name, &**value)).collect();
                (&*challenge.scheme, parameters)
            })
            .collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(scheme, parameters)| (*scheme, parameters.to_vec()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn one_challenge() {
        check(&["Basic"], &[("basic", &[])]);
        check(&[r#"Basic realm="x""#], &[("basic", &[("realm", "x")])]);
        check(
            &[r#"Bearer realm="https://a/token",service="s",scope="repository:a/b:pull,push""#],
            &[(
                "bearer",
                &[
                    ("realm", "https://a/token"),
                    ("service", "s"),
                    ("scope", "repository:a/b:pull,push"),
                ],
            )],
        );
    }

    #[test]
    fn several_challenges_on_one_line_and_on_several() {
        let expected: &[(&str, &[(&str, &str)])] = &[
            ("negotiate", &[]),
            ("bearer", &[("realm", "r")]),
            ("basic", &[("realm", "b")]),
        ];
        check(&["Negotiate", "Bearer realm=r", "Basic realm=b"], expected);
        check(&[r#"Negotiate, Bearer realm="r", Basic realm="b""#], expected);
        check(&["Negotiate,Bearer realm=r", r#"basic realm = "b""#], expected);
    }

    #[test]
    fn loose_forms() {
        check(
            &["bEaReR REALM=https://a/t?x=1 , service = s"],
            &[("bearer", &[("realm", "https://a/t?x=1"), ("service", "s")])],
        );
        check(
            &[r#"Bearer realm="a \"quoted\\ realm", error="insufficient_scope""#],
            &[(
                "bearer",
                &[("realm", r#"a "quoted\ realm"#), ("error", "insufficient_scope")],
            )],
        );
        check(
            &[r#",, Bearer realm="a,b" ,,"#],
            &[("bearer", &[("realm", "a,b")])],
        );
    }

    #[test]
    fn malformed_lines_give_what_came_before() {
        check(&[""], &[]);
        check(&["realm=x"], &[]);
        check(&[r#"Bearer realm="open"#], &[("bearer", &[])]);
        check(&[r#"Bearer realm="open\"#], &[("bearer", &[])]);
        check(
            &["Negotiate abc==", "Bearer realm=r"],
            &[("negotiate", &[("abc", "=")]), ("bearer", &[("realm", "r")])],
        );
    }
}
