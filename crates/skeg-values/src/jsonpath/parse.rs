//! The parser. It goes wrong where client-go's does, which looks at the text more than at its structure:
//! brackets end at the first `]`, keys in brackets are read like fields.

use super::error::ParseJsonPathError;
use super::node::{Filter, Node, Slice, SliceEnd};
use super::unquote::unquote;

/// Unions and filters within each other.
const MAX_DEPTH: usize = 50;

/// Parses a template into texts and one list for each pair of braces.
pub(super) fn parse(template: &str) -> Result<Vec<Node>, ParseJsonPathError> {
    parse_nested(template, 0)
}

fn parse_nested(template: &str, depth: usize) -> Result<Vec<Node>, ParseJsonPathError> {
    if depth > MAX_DEPTH {
        return Err(ParseJsonPathError::TooDeep);
    }
    let mut nodes = Vec::new();
    let mut rest = template;
    while let Some((text, action)) = rest.split_once('{') {
        if !text.is_empty() {
            nodes.push(Node::Text(text.to_owned()));
        }
        let mut parser = ActionParser {
            rest: action,
            nodes: Vec::new(),
            depth,
        };
        while parser.step()? {}
        nodes.push(Node::List(parser.nodes));
        rest = parser.rest;
    }
    if !rest.is_empty() {
        nodes.push(Node::Text(rest.to_owned()));
    }
    Ok(nodes)
}

/// Parses what stands in braces.
struct ActionParser<'text> {
    rest: &'text str,
    nodes: Vec<Node>,
    depth: usize,
}

impl<'text> ActionParser<'text> {
    /// Parses one node; `false` after the closing brace.
    fn step(&mut self) -> Result<bool, ParseJsonPathError> {
        let Some(first) = self.rest.chars().next() else {
            return Err(ParseJsonPathError::UnclosedAction);
        };
        match first {
            '}' => {
                self.skip(1);
                return Ok(false);
            }
            '\r' | '\n' => return Err(ParseJsonPathError::UnclosedAction),
            ' ' | '@' | '$' => self.skip(1),
            '[' if self.rest.starts_with("[?(") => self.filter()?,
            '[' => self.brackets()?,
            '"' | '\'' => self.quote(first)?,
            '.' if self.rest.starts_with("..") => self.recursive()?,
            '.' => {
                self.skip(1);
                self.field();
            }
            '+' | '-' => self.number()?,
            _ if first.is_ascii_digit() => self.number()?,
            _ if is_alphanumeric(first) => self.identifier(),
            _ => return Err(ParseJsonPathError::UnrecognizedCharacter(first)),
        }
        Ok(true)
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = &self.rest[bytes..];
    }

    fn take(&mut self, bytes: usize) -> &'text str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.rest = rest;
        taken
    }

    fn field(&mut self) {
        let mut escaped = false;
        let end = self.rest.find(|c| {
            let ends = !escaped && is_terminator(c);
            escaped = !escaped && c == '\\';
            ends
        });
        let name = self.take(end.unwrap_or(self.rest.len()));
        self.nodes.push(match name {
            "*" => Node::Wildcard,
            name => Node::Field(name.replace('\\', "")),
        });
    }

    fn recursive(&mut self) -> Result<(), ParseJsonPathError> {
        if self.nodes.last() == Some(&Node::Recursive) {
            return Err(ParseJsonPathError::MultipleRecursiveDescent);
        }
        self.skip(2);
        self.nodes.push(Node::Recursive);
        if self.rest.starts_with(is_alphanumeric) {
            self.field();
        }
        Ok(())
    }

    fn identifier(&mut self) {
        let end = self.rest.find(is_terminator).unwrap_or(self.rest.len());
        let word = self.take(end);
        self.nodes.push(match word {
            "true" => Node::Bool(true),
            "false" => Node::Bool(false),
            word => Node::Identifier(word.to_owned()),
        });
    }

    fn number(&mut self) -> Result<(), ParseJsonPathError> {
        let unsigned = self.rest.trim_start_matches(['+', '-']);
        let sign = usize::from(unsigned.len() < self.rest.len());
        let digits = self.rest[sign..]
            .bytes()
            .take_while(|byte| byte.is_ascii_digit() || *byte == b'.')
            .count();
        let text = self.take(sign + digits);
        let node = match (text.parse(), text.parse::<f64>()) {
            (Ok(value), _) => Node::Int(value),
            (_, Ok(value)) if value.is_finite() => Node::Float(value),
            _ => return Err(ParseJsonPathError::InvalidNumber(text.to_owned())),
        };
        self.nodes.push(node);
        Ok(())
    }

    fn quote(&mut self, quote: char) -> Result<(), ParseJsonPathError> {
        let mut before = quote;
        let mut end = None;
        for (at, c) in self.rest.char_indices().skip(1) {
            if c == '\n' {
                break;
            }
            if c == quote && before != '\\' {
                end = Some(at + 1);
                break;
            }
            before = c;
        }
        let quoted = self.take(end.ok_or(ParseJsonPathError::UnterminatedQuote)?);
        let text = unquote(quoted).ok_or_else(|| ParseJsonPathError::InvalidQuote(quoted.to_owned()))?;
        self.nodes.push(Node::Text(text));
        Ok(())
    }

    /// A key, an index, a slice or several of them.
    fn brackets(&mut self) -> Result<(), ParseJsonPathError> {
        let end = self.rest.find([']', '\n']);
        let Some(end) = end.filter(|end| self.rest[*end..].starts_with(']')) else {
            return Err(ParseJsonPathError::UnterminatedArray);
        };
        let text = &self.take(end + 1)[1..end];
        if text.contains(',') {
            let alternatives = text
                .split(',')
                .map(|part| self.nested(&format!("[{}]", part.trim_matches(' '))))
                .collect::<Result<_, _>>()?;
            self.nodes.push(Node::Union(alternatives));
            return Ok(());
        }
        let key = text
            .strip_prefix('\'')
            .and_then(|text| text.strip_suffix('\''))
            .filter(|key| !key.contains('\''));
        if let Some(key) = key {
            let nodes = self.nested(&format!(".{key}"))?;
            self.nodes.extend(nodes);
            return Ok(());
        }
        let text = if text == "*" { ":" } else { text };
        self.nodes.push(Node::Slice(parse_slice(text)?));
        Ok(())
    }

    fn filter(&mut self) -> Result<(), ParseJsonPathError> {
        self.skip("[?(".len());
        let end = find_filter_end(self.rest).ok_or(ParseJsonPathError::UnterminatedFilter)?;
        let condition = self.take(end);
        if !self.rest.starts_with(")]") {
            return Err(ParseJsonPathError::UnclosedFilter);
        }
        self.skip(")]".len());
        let filter = match split_comparison(condition) {
            None => Filter {
                left: self.nested(condition)?,
                comparison: None,
            },
            Some((left, operator, right)) => Filter {
                left: self.nested(left)?,
                comparison: Some((operator.to_owned(), self.nested(right)?)),
            },
        };
        self.nodes.push(Node::Filter(filter));
        Ok(())
    }

    /// Parses a text as if it stood in braces of its own.
    fn nested(&self, action: &str) -> Result<Vec<Node>, ParseJsonPathError> {
        let nodes = parse_nested(&format!("{{{action}}}"), self.depth + 1)?;
        match nodes.into_iter().next() {
            Some(Node::List(nodes)) => Ok(nodes),
            _ => Ok(Vec::new()),
        }
    }
}

/// `start:end:step`, each optional; a single number is one element.
fn parse_slice(text: &str) -> Result<Slice, ParseJsonPathError> {
    let parts: Vec<&str> = text.split(':').collect();
    let is_index = |part: &&str| {
        let digits = part.strip_prefix('-').unwrap_or(part);
        digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    if parts.len() > 3 || !parts.iter().all(is_index) {
        return Err(ParseJsonPathError::InvalidIndex(text.to_owned()));
    }
    let number = |index: usize| match parts.get(index) {
        None | Some(&"") => Ok(None),
        Some(part) => part
            .parse()
            .map(Some)
            .map_err(|_| ParseJsonPathError::IndexNotANumber((*part).to_owned())),
    };
    Ok(Slice {
        start: number(0)?,
        end: match number(1)? {
            Some(end) => SliceEnd::Before(end),
            None if parts.len() > 1 => SliceEnd::Open,
            None => SliceEnd::AfterStart,
        },
        step: number(2)?,
    })
}

/// The first `)` that is not in quotes. Only the first pair of quotes counts, as in client-go.
fn find_filter_end(text: &str) -> Option<usize> {
    let mut opened = None;
    let mut closed = false;
    let mut before = '(';
    for (at, c) in text.char_indices() {
        match c {
            '\n' => return None,
            '"' | '\'' if opened.is_none() => opened = Some(c),
            '"' | '\'' => closed |= before != '\\' && opened == Some(c),
            ')' if opened.is_some() == closed => return Some(at),
            _ => {}
        }
        before = c;
    }
    None
}

/// Splits at the first run of `!<>=`; something must stand on both sides.
fn split_comparison(text: &str) -> Option<(&str, &str, &str)> {
    let is_operator = |c: char| matches!(c, '!' | '<' | '>' | '=');
    let start = text.find(is_operator).filter(|start| *start > 0)?;
    let length = text[start..]
        .find(|c| !is_operator(c))
        .unwrap_or(text.len() - start);
    let length = length.min(text.len() - start - 1);
    let (left, rest) = text.split_at(start);
    let (operator, right) = rest.split_at(length);
    (length > 0).then_some((left, operator, right))
}

fn is_terminator(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\r' | '\n' | '.' | ',' | '[' | ']' | '$' | '@' | '{' | '}'
    )
}

fn is_alphanumeric(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}
