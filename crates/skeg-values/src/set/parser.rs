//! The parser of one argument. It applies what it reads as it goes.

use skeg_go::{GoMap, GoValue};

use super::{ReadFileError, SetError, typed_value};
use crate::json::{decode_go_prefix, quote_character};

const MAX_NAMES: usize = 30;
const MAX_INDEXES: usize = 200;
const MAX_INDEX: i64 = 65_536;

/// What stands to the right of `=`.
pub(super) enum Right<'flag> {
    Typed,
    Text,
    Literal,
    Json,
    File(&'flag mut dyn FnMut(&str) -> Result<Vec<u8>, ReadFileError>),
}

/// Why reading stopped.
enum Stop {
    /// The argument is at its end, which is fine wherever it happens.
    End,
    Error(SetError),
}

impl From<SetError> for Stop {
    fn from(error: SetError) -> Self {
        Self::Error(error)
    }
}

/// How many names and indexes stand before this one.
#[derive(Clone, Copy)]
struct Depth {
    names: usize,
    indexes: usize,
}

pub(super) struct Parser<'flag> {
    text: &'flag str,
    at: usize,
    right: Right<'flag>,
}

impl<'flag> Parser<'flag> {
    pub(super) fn new(text: &'flag str, right: Right<'flag>) -> Self {
        Self { text, at: 0, right }
    }

    pub(super) fn apply(mut self, values: &GoMap) -> Result<(), SetError> {
        loop {
            match self.key(values, 0) {
                Ok(()) => {}
                Err(Stop::End) => return Ok(()),
                Err(Stop::Error(error)) => return Err(error),
            }
        }
    }

    /// Reads a name and what it is set to.
    fn key(&mut self, data: &GoMap, names: usize) -> Result<(), Stop> {
        let stops: &[char] = match self.right {
            Right::Literal => &['=', '[', '.'],
            _ => &['=', '[', ',', '.'],
        };
        let (name, stop) = self.until(stops);
        match stop {
            None if name.is_empty() => Err(Stop::End),
            None => Err(SetError::NoValue(name).into()),
            Some('[') => self.indexed(data, name, names),
            Some('=') => self.assign(|value| set(data, name, value)),
            Some(',') => {
                set(data, name.clone(), "".into());
                Err(SetError::EndsWithComma(name).into())
            }
            Some(_) => self.nested(data, name, names + 1),
        }
    }

    /// `name.` and what follows.
    fn nested(&mut self, data: &GoMap, name: String, names: usize) -> Result<(), Stop> {
        if names > MAX_NAMES {
            return Err(SetError::TooManyNames.into());
        }
        let inner = match data.get(&name) {
            None => GoMap::new(),
            Some(GoValue::Map(map)) => map,
            Some(other) => return Err(wrong_type(&other, "map[string]interface {}")),
        };
        let result = self.key(&inner, names);
        if !inner.is_empty() {
            set(data, name, inner.into());
        } else if result.is_ok() {
            return Err(SetError::EmptyMap(name).into());
        }
        result
    }

    /// `name[` and what follows.
    fn indexed(&mut self, data: &GoMap, name: String, names: usize) -> Result<(), Stop> {
        let index = self.index()?;
        let mut list = match data.get(&name) {
            None => Vec::new(),
            Some(GoValue::List(list)) => list.items().to_vec(),
            Some(other) => return Err(wrong_type(&other, "[]interface {}")),
        };
        let result = self.element(&mut list, index, Depth { names, indexes: 0 });
        if !matches!(result, Err(Stop::Error(SetError::WrongType { .. }))) {
            set(data, name, GoValue::list(list));
        }
        result
    }

    /// Reads an index and its `]`.
    fn index(&mut self) -> Result<i64, Stop> {
        let (text, Some(_)) = self.until(&[']']) else {
            return Err(Stop::End);
        };
        match text.parse() {
            Ok(index) => Ok(index),
            Err(_) => Err(SetError::InvalidIndex {
                reason: reason(&text),
                text,
            }
            .into()),
        }
    }

    /// Reads what follows `]`.
    fn element(&mut self, list: &mut Vec<GoValue>, index: i64, depth: Depth) -> Result<(), Stop> {
        if index < 0 {
            return Err(SetError::NegativeIndex(index).into());
        }
        let (between, stop) = self.until(&['[', '.', '=']);
        if !between.is_empty() {
            let shown: Vec<String> = between.chars().map(quote_character).collect();
            return Err(SetError::AfterIndex(format!("[{}]", shown.join(" "))).into());
        }
        match stop {
            None => Err(Stop::End),
            Some('=') => {
                let mut result = Ok(());
                match self.assign(|value| result = set_index(list, index, value)) {
                    Ok(()) | Err(Stop::End) => Ok(result?),
                    error => error,
                }
            }
            Some('[') if depth.indexes == MAX_INDEXES => Err(SetError::TooManyIndexes.into()),
            Some('[') => self.inner_list(list, index, depth),
            Some(_) => self.inner_map(list, index, depth),
        }
    }

    /// `[index][` and what follows.
    fn inner_list(&mut self, list: &mut Vec<GoValue>, index: i64, depth: Depth) -> Result<(), Stop> {
        let next = self.index()?;
        let mut inner = match current(list, index) {
            None | Some(GoValue::Nil) => Vec::new(),
            Some(GoValue::List(list)) => list.items().to_vec(),
            Some(other) => return Err(wrong_type(&other, "[]interface {}")),
        };
        let deeper = Depth {
            indexes: depth.indexes + 1,
            ..depth
        };
        self.element(&mut inner, next, deeper)?;
        Ok(set_index(list, index, GoValue::list(inner))?)
    }

    /// `[index].` and what follows.
    fn inner_map(&mut self, list: &mut Vec<GoValue>, index: i64, depth: Depth) -> Result<(), Stop> {
        let inner = match current(list, index) {
            Some(GoValue::Map(map)) => map,
            None => GoMap::new(),
            Some(_) => {
                let inner = GoMap::new();
                set_index(list, index, inner.clone().into())?;
                inner
            }
        };
        self.key(&inner, depth.names)?;
        Ok(set_index(list, index, inner.into())?)
    }

    /// Reads what follows `=` and hands it over.
    fn assign(&mut self, assign: impl FnOnce(GoValue)) -> Result<(), Stop> {
        match self.right {
            Right::Literal => {
                let text = &self.text[self.at..];
                self.at = self.text.len();
                assign(text.into());
                return Ok(());
            }
            Right::Json => return self.json(assign),
            _ => {}
        }
        match self.peek() {
            None => {
                assign("".into());
                Err(Stop::End)
            }
            Some('{') => {
                self.at += 1;
                assign(GoValue::list(self.list()?));
                Ok(())
            }
            Some(_) => {
                let (text, _) = self.until(&[',']);
                assign(self.value(text)?);
                Ok(())
            }
        }
    }

    /// `{a,b}` and the comma that follows it.
    fn list(&mut self) -> Result<Vec<GoValue>, Stop> {
        let mut items = Vec::new();
        loop {
            let (text, stop) = self.until(&[',', '}']);
            let Some(stop) = stop else {
                return Err(SetError::OpenList.into());
            };
            if stop == '}' {
                self.at += usize::from(self.peek() == Some(','));
            }
            items.push(self.value(text)?);
            if stop == '}' {
                return Ok(items);
            }
        }
    }

    fn value(&mut self, text: String) -> Result<GoValue, Stop> {
        match &mut self.right {
            Right::Typed => Ok(typed_value(text)),
            Right::File(read) => {
                let content = read(&text).map_err(SetError::File)?;
                Ok(content.into())
            }
            _ => Ok(text.into()),
        }
    }

    /// A value in JSON and the comma that follows it; nothing at all is `null`.
    fn json(&mut self, assign: impl FnOnce(GoValue)) -> Result<(), Stop> {
        if self.skip_separator() {
            assign(GoValue::Nil);
            return Ok(());
        }
        let (decoded, length) = decode_go_prefix(&self.text.as_bytes()[self.at..]).map_err(SetError::Json)?;
        if let Some(error) = decoded.error {
            return Err(SetError::Json(error).into());
        }
        assign(decoded.value);
        self.at += length;
        self.skip_separator();
        Ok(())
    }

    /// Skips blanks and a comma; whether there was a comma or the end.
    fn skip_separator(&mut self) -> bool {
        while let Some(c) = self.peek() {
            if c != ',' && !c.is_whitespace() {
                return false;
            }
            self.at += c.len_utf8();
            if c == ',' {
                return true;
            }
        }
        true
    }

    /// Reads up to one of the characters and over it. A backslash makes the next character an ordinary one.
    fn until(&mut self, stops: &[char]) -> (String, Option<char>) {
        let is_literal = matches!(self.right, Right::Literal);
        let mut text = String::new();
        while let Some(c) = self.next() {
            if stops.contains(&c) {
                return (text, Some(c));
            }
            if c != '\\' || is_literal {
                text.push(c);
            } else if let Some(escaped) = self.next() {
                text.push(escaped);
            }
        }
        (text, None)
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }
}

/// Sets a value; names that are empty are skipped.
fn set(data: &GoMap, name: String, value: GoValue) {
    if !name.is_empty() {
        data.insert(name, value);
    }
}

/// What a list has at an index.
fn current(list: &[GoValue], index: i64) -> Option<GoValue> {
    list.get(usize::try_from(index).ok()?).cloned()
}

fn set_index(list: &mut Vec<GoValue>, index: i64, value: GoValue) -> Result<(), SetError> {
    if index > MAX_INDEX {
        return Err(SetError::LargeIndex(index));
    }
    let index = usize::try_from(index).map_err(|_| SetError::NegativeIndex(index))?;
    if list.len() <= index {
        list.resize(index + 1, GoValue::Nil);
    }
    list[index] = value;
    Ok(())
}

/// Why a text is no integer of 64 bits. Go sees too many digits before it sees a letter behind them.
fn reason(text: &str) -> &'static str {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = unsigned.bytes().take_while(u8::is_ascii_digit).count();
    let overflows = digits > 0 && unsigned[..digits].parse::<u64>().is_err();
    if overflows || digits > 0 && digits == unsigned.len() {
        "value out of range"
    } else {
        "invalid syntax"
    }
}

fn wrong_type(value: &GoValue, wanted: &'static str) -> Stop {
    let found = match value {
        GoValue::Nil => "nil".to_owned(),
        other => other.type_name(),
    };
    SetError::WrongType { found, wanted }.into()
}
