//! Label selectors, as Kubernetes reads them: `a=b,c!=d,e in (f,g),!h`.
//!
//! k8s.io/apimachinery 0.37.1, `pkg/labels`, with its texts of errors.

use std::collections::{BTreeMap, BTreeSet};

use skeg_go::quote::quote;

const NAME_WORDS: &str = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an \
                          alphanumeric character";
const NAME_PATTERN: &str = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const MAX_LENGTH: usize = 63;

/// A text that is no selector.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ParseSelectorError(String);

/// What labels must be like.
///
/// ```
/// use skeg_release::Selector;
///
/// let selector = Selector::parse("tier in (web, db),!old")?;
/// let labels = [("tier".to_owned(), "db".to_owned())].into();
/// assert!(selector.matches(&labels));
/// assert!(Selector::parse("a=b=c").is_err());
/// # Ok::<(), skeg_release::ParseSelectorError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector(Vec<Requirement>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Requirement {
    key: String,
    operator: Operator,
    values: BTreeSet<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    In,
    NotIn,
    Exists,
    DoesNotExist,
    GreaterThan,
    LessThan,
}

impl Selector {
    /// Reads a selector; the empty text selects everything.
    ///
    /// # Errors
    /// It is none, in Kubernetes' words.
    pub fn parse(text: &str) -> Result<Self, ParseSelectorError> {
        let mut parser = Parser {
            tokens: tokens(text),
            at: 0,
        };
        parser.selector().map_err(ParseSelectorError)
    }

    /// Whether labels are as they must be.
    pub fn matches(&self, labels: &BTreeMap<String, String>) -> bool {
        let mut requirements = self.0.iter();
        requirements.all(|requirement| requirement.matches(labels.get(&requirement.key)))
    }
}

impl Requirement {
    fn matches(&self, value: Option<&String>) -> bool {
        let has = |value: &String| self.values.contains(value);
        let compare = |fits: fn(i64, i64) -> bool| {
            let own = value.and_then(|value| value.parse().ok());
            let wanted = self.values.first().and_then(|value| value.parse().ok());
            own.zip(wanted).is_some_and(|(own, wanted)| fits(own, wanted))
        };
        match self.operator {
            Operator::In => value.is_some_and(has),
            Operator::NotIn => !value.is_some_and(has),
            Operator::Exists => value.is_some(),
            Operator::DoesNotExist => value.is_none(),
            Operator::GreaterThan => compare(|own, wanted| own > wanted),
            Operator::LessThan => compare(|own, wanted| own < wanted),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Symbol(&'static str),
    Word(String),
    Wrong(String),
    End,
}

/// The longest come first.
const SYMBOLS: [&str; 9] = ["!=", "==", "=", "!", ">", "<", ",", "(", ")"];

fn tokens(text: &str) -> Vec<Token> {
    let is_symbol = |c: char| "=!(),><".contains(c);
    let is_blank = |c: char| " \t\r\n".contains(c);
    let mut tokens = Vec::new();
    let mut rest = text.trim_start_matches(is_blank);
    while !rest.is_empty() {
        let symbol = SYMBOLS.into_iter().find(|symbol| rest.starts_with(symbol));
        let length = if let Some(symbol) = symbol {
            tokens.push(Token::Symbol(symbol));
            symbol.len()
        } else {
            let end = |c: char| is_symbol(c) || is_blank(c) || c == '\0';
            let length = rest.find(end).unwrap_or(rest.len());
            tokens.push(match &rest[..length] {
                "" => Token::Wrong(String::new()),
                word => Token::Word(word.to_owned()),
            });
            length.max(1)
        };
        rest = rest[length..].trim_start_matches(is_blank);
    }
    tokens.push(Token::End);
    tokens
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).unwrap_or(&Token::End)
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    fn begins_requirement(&self) -> bool {
        matches!(self.peek(), Token::Word(_) | Token::Symbol("!"))
    }

    fn selector(&mut self) -> Result<Selector, String> {
        let mut requirements = Vec::new();
        loop {
            if *self.peek() == Token::End {
                return Ok(Selector(requirements));
            }
            if !self.begins_requirement() {
                return Err(self.found("!, identifier, or 'end of string'"));
            }
            let requirement = self.requirement();
            requirements.push(requirement.map_err(|error| format!("unable to parse requirement: {error}"))?);
            match self.peek() {
                Token::End => {}
                Token::Symbol(",") => {
                    self.at += 1;
                    if !self.begins_requirement() {
                        return Err(self.found("identifier after ','"));
                    }
                }
                _ => return Err(self.found("',' or 'end of string'")),
            }
        }
    }

    fn requirement(&mut self) -> Result<Requirement, String> {
        let is_negated = *self.peek() == Token::Symbol("!");
        self.at += usize::from(is_negated);
        let Token::Word(key) = self.peek().clone() else {
            return Err(self.found("identifier"));
        };
        self.at += 1;
        check_key(&key)?;
        let is_end = matches!(self.peek(), Token::End | Token::Symbol(","));
        let (operator, values) = match (is_negated, is_end) {
            (true, _) => (Operator::DoesNotExist, BTreeSet::new()),
            (false, true) => (Operator::Exists, BTreeSet::new()),
            (false, false) => self.restriction()?,
        };
        check_values(&key, operator, &values)?;
        Ok(Requirement {
            key,
            operator,
            values,
        })
    }

    fn restriction(&mut self) -> Result<(Operator, BTreeSet<String>), String> {
        let operator = match self.peek() {
            Token::Symbol("=" | "==") => Operator::In,
            Token::Symbol("!=") => Operator::NotIn,
            Token::Symbol(">") => Operator::GreaterThan,
            Token::Symbol("<") => Operator::LessThan,
            Token::Word(word) if word == "in" => Operator::In,
            Token::Word(word) if word == "notin" => Operator::NotIn,
            _ => return Err(self.found("in, notin, =, ==, !=, gt, lt")),
        };
        let is_list = matches!(self.next(), Token::Word(_));
        let values = if is_list { self.list()? } else { self.value()? };
        Ok((operator, values))
    }

    fn value(&mut self) -> Result<BTreeSet<String>, String> {
        match self.peek().clone() {
            Token::End | Token::Symbol(",") => Ok([String::new()].into()),
            Token::Word(word) => {
                self.at += 1;
                Ok([word].into())
            }
            _ => Err(self.found("identifier")),
        }
    }

    fn list(&mut self) -> Result<BTreeSet<String>, String> {
        if *self.peek() != Token::Symbol("(") {
            return Err(format!("found '{}' expected: '('", self.literal()));
        }
        self.at += 1;
        let mut values = BTreeSet::new();
        loop {
            match self.next() {
                Token::Word(word) => {
                    values.insert(word);
                    match self.next() {
                        Token::Symbol(",") => {}
                        Token::Symbol(")") => return Ok(values),
                        _ => {
                            self.at -= 1;
                            return Err(self.found("',' or ')'"));
                        }
                    }
                    // Nothing behind a comma is the empty text.
                    if matches!(self.peek(), Token::Symbol(")" | ",")) {
                        values.insert(String::new());
                    }
                }
                Token::Symbol(",") => {
                    values.insert(String::new());
                }
                Token::Symbol(")") => {
                    if values.is_empty() {
                        values.insert(String::new());
                    }
                    return Ok(values);
                }
                _ => {
                    self.at -= 1;
                    return Err(self.found("',', ')' or identifier"));
                }
            }
        }
    }

    fn literal(&self) -> &str {
        match self.peek() {
            Token::Symbol(symbol) => symbol,
            Token::Word(word) | Token::Wrong(word) => word,
            Token::End => "",
        }
    }

    fn found(&self, expected: &str) -> String {
        format!("found '{}', expected: {expected}", self.literal())
    }
}

fn is_name(text: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let bytes = text.as_bytes();
    let ends = bytes.first().zip(bytes.last());
    bytes.iter().all(|byte| is_inner(*byte))
        && ends.is_some_and(|(first, last)| first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric())
}

fn is_subdomain(text: &str) -> bool {
    let is_label = |label: &str| {
        let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        !label.is_empty() && label.bytes().all(is_inner) && !label.starts_with('-') && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

fn check_key(key: &str) -> Result<(), String> {
    let (prefix, name) = key
        .split_once('/')
        .map_or((None, key), |(prefix, name)| (Some(prefix), name));
    let mut problems = Vec::new();
    match prefix {
        Some("") => problems.push("prefix part must be non-empty".to_owned()),
        Some(prefix) if !is_subdomain(prefix) => problems.push(
            "prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or \
             '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for \
             validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
                .to_owned(),
        ),
        _ => {}
    }
    if name.is_empty() {
        problems.push("name part must be non-empty".to_owned());
    } else if name.len() > MAX_LENGTH {
        problems.push(format!("name part must be no more than {MAX_LENGTH} bytes"));
    }
    if !is_name(name) {
        problems.push(format!(
            "name part {NAME_WORDS} (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is \
             '{NAME_PATTERN}')"
        ));
    }
    if problems.is_empty() {
        return Ok(());
    }
    Err(format!(
        "<nil>: Invalid value: {}: {}",
        quote(key),
        problems.join("; ")
    ))
}

fn check_values(key: &str, operator: Operator, values: &BTreeSet<String>) -> Result<(), String> {
    for (index, value) in values.iter().enumerate() {
        let problem = if matches!(operator, Operator::GreaterThan | Operator::LessThan) {
            let is_number = value.parse::<i64>().is_ok();
            (!is_number).then(|| {
                let message = "for 'Gt', 'Lt' operators, the value must be an integer";
                format!("values[{index}]: Invalid value: {}: {message}", quote(value))
            })
        } else {
            value_problem(value).map(|message| {
                format!(
                    "values[{index}][{key}]: Invalid value: {}: {message}",
                    quote(value)
                )
            })
        };
        if let Some(problem) = problem {
            return Err(problem);
        }
    }
    Ok(())
}

fn value_problem(value: &str) -> Option<String> {
    if value.len() > MAX_LENGTH {
        return Some(format!("must be no more than {MAX_LENGTH} bytes"));
    }
    let is_fine = value.is_empty() || is_name(value);
    (!is_fine).then(|| {
        let words = NAME_WORDS.trim_start_matches("must ");
        format!(
            "a valid label must be an empty string or {words} (e.g. 'MyValue',  or 'my_value',  or '12345', regex \
             used for validation is '({NAME_PATTERN})?')"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::Selector;

    #[track_caller]
    fn check(selector: &str, expected: bool) {
        let labels = [("name", "web"), ("version", "3"), ("empty", "")];
        let labels = labels
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into();
        let selector = Selector::parse(selector).expect("because it is a selector");
        assert_eq!(selector.matches(&labels), expected, "{selector:?}");
    }

    #[test]
    fn labels_are_selected() {
        check("", true);
        check(" name = web ", true);
        check("name==web,version=3", true);
        check("name==web,version=4", false);
        check("name!=web", false);
        check("other!=web", true);
        check("name", true);
        check("!name", false);
        check("!other", true);
        check("name in (db, web)", true);
        check("name notin (db,web)", false);
        check("other notin (db)", true);
        check("empty=", true);
        check("empty in ()", true);
        check("empty in (a,)", true);
        check("name in (,web)", true);
        check("version>2,version<4", true);
        check("version>3", false);
        check("name>3", false);
        check("in in (in)", false);
    }

    #[track_caller]
    fn check_error(selector: &str, expected: &str) {
        let error = Selector::parse(selector).expect_err("because it is no selector");
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn mistakes_are_told_in_the_words_of_kubernetes() {
        check_error("=a", "found '=', expected: !, identifier, or 'end of string'");
        check_error("a,", "found '', expected: identifier after ','");
        check_error("a=b=c", "found '=', expected: ',' or 'end of string'");
        check_error(
            "a b",
            "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
        );
        check_error("a in b", "unable to parse requirement: found 'b' expected: '('");
        check_error(
            "a=(",
            "unable to parse requirement: found '(', expected: identifier",
        );
        check_error(
            "a>x",
            "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must \
             be an integer",
        );
        check_error(
            "a=-b",
            "unable to parse requirement: values[0][a]: Invalid value: \"-b\": a valid label must be an empty string \
             or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric \
             character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is \
             '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
        );
    }
}
