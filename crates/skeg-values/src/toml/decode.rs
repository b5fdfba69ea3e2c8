//! Reading TOML.

use std::collections::BTreeSet;

use skeg_go::quote::quote;
use skeg_go::{GoList, GoMap, GoType, GoValue};

use super::scalar;

/// Values within values.
const MAX_DEPTH: usize = 500;

/// A text that is not TOML, in Go's words: `toml: line 2 (last key "a"): …`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("toml: line {line}{}: {message}", last_key_note(.last_key))]
#[non_exhaustive]
pub struct DecodeError {
    /// The line, from one.
    pub line: usize,
    /// The key read last, with dots; empty if there is none.
    pub last_key: String,
    /// What is wrong.
    pub message: String,
}

fn last_key_note(key: &str) -> String {
    if key.is_empty() {
        String::new()
    } else {
        format!(" (last key {})", quote(key))
    }
}

/// Reads a document. Integers are `int64`, other numbers `float64`, dates and times what Go prints of them,
/// and `[[…]]` makes a `[]map[string]interface {}`.
pub fn decode(text: &[u8]) -> Result<GoMap, DecodeError> {
    let mut parser = Parser {
        text: "",
        at: 0,
        depth: 0,
        last_key: String::new(),
        defined: BTreeSet::new(),
    };
    if text.contains(&0) {
        return Err(
            parser.error("files cannot contain NULL bytes; probably using UTF-16; TOML files must be UTF-8")
        );
    }
    let Ok(text) = std::str::from_utf8(text) else {
        return Err(parser.error("invalid UTF-8"));
    };
    parser.text = text.strip_prefix('\u{feff}').unwrap_or(text);
    parser.document()
}

/// A table while it is read: lists of tables are open until the end.
#[derive(Default)]
struct Table {
    entries: std::collections::BTreeMap<String, Item>,
}

enum Item {
    Value(GoValue),
    Table(Table),
    Tables(Vec<Table>),
}

impl Table {
    fn finish(self) -> GoMap {
        let entries = self.entries.into_iter().map(|(key, item)| {
            let value = match item {
                Item::Value(value) => value,
                Item::Table(table) => table.finish().into(),
                Item::Tables(tables) => {
                    let tables = tables.into_iter().map(|table| table.finish().into()).collect();
                    GoList::typed(GoType::Map(Box::new(GoType::Interface)), tables).into()
                }
            };
            (key, value)
        });
        entries.collect()
    }

    /// The table under `key`, made if it is missing; the last one of a list of tables.
    fn enter(&mut self, key: &str) -> Option<&mut Table> {
        let item = self
            .entries
            .entry(key.to_owned())
            .or_insert_with(|| Item::Table(Table::default()));
        match item {
            Item::Table(table) => Some(table),
            Item::Tables(tables) => tables.last_mut(),
            Item::Value(_) => None,
        }
    }

    fn enter_all(&mut self, keys: &[String]) -> Result<&mut Table, String> {
        let mut table = self;
        for key in keys {
            table = table.enter(key).ok_or_else(|| key.clone())?;
        }
        Ok(table)
    }
}

struct Parser<'text> {
    text: &'text str,
    at: usize,
    depth: usize,
    last_key: String,
    /// The tables that have had a heading.
    defined: BTreeSet<Vec<String>>,
}

impl<'text> Parser<'text> {
    fn error(&self, message: impl Into<String>) -> DecodeError {
        DecodeError {
            line: 1 + self.text[..self.at].matches('\n').count(),
            last_key: self.last_key.clone(),
            message: message.into(),
        }
    }

    fn rest(&self) -> &'text str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self, token: &str) -> bool {
        let is_there = self.rest().starts_with(token);
        if is_there {
            self.at += token.len();
        }
        is_there
    }

    /// What stands here, in quotes, as messages have it.
    fn found(&self) -> String {
        self.peek()
            .map_or_else(|| "'\\x00'".to_owned(), |c| format!("'{c}'"))
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t']).len();
    }

    /// Blanks, line ends and comments.
    fn skip_lines(&mut self) {
        loop {
            let rest = self.rest();
            self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
            if self.peek() != Some('#') {
                return;
            }
            self.at += self.rest().find('\n').unwrap_or(self.rest().len());
        }
    }

    fn document(&mut self) -> Result<GoMap, DecodeError> {
        let mut root = Table::default();
        let mut heading: Vec<String> = Vec::new();
        loop {
            self.skip_lines();
            match self.peek() {
                None => return Ok(root.finish()),
                Some('[') => heading = self.heading(&mut root)?,
                Some(_) => {
                    let table = root.enter_all(&heading).map_err(|key| self.redefined(&key))?;
                    self.entry(table, &heading)?;
                }
            }
            self.end_of_line()?;
        }
    }

    fn end_of_line(&mut self) -> Result<(), DecodeError> {
        self.skip_blanks();
        match self.peek() {
            None | Some('\n' | '#') => Ok(()),
            Some('\r') if self.rest().starts_with("\r\n") => Ok(()),
            Some(_) => {
                let found = self.found();
                Err(self.error(format!(
                    "expected a top-level item to end with a newline, comment, or EOF, but got {found} instead"
                )))
            }
        }
    }

    fn redefined(&self, key: &str) -> DecodeError {
        self.error(format!("Key '{key}' has already been defined."))
    }

    fn heading(&mut self, root: &mut Table) -> Result<Vec<String>, DecodeError> {
        self.last_key.clear();
        let is_list = self.take("[[") || !self.take("[");
        self.skip_blanks();
        if self.peek() == Some(']') {
            return Err(self.error("unexpected end of table name (table names cannot be empty)"));
        }
        let keys = self.dotted_key("expected '.' or ']' to end table name")?;
        if !self.take("]") {
            let found = self.found();
            return Err(self.error(format!(
                "expected '.' or ']' to end table name, but got {found} instead"
            )));
        }
        if is_list && !self.take("]") {
            let found = self.found();
            return Err(self.error(format!(
                "expected end of table array name delimiter ']', but got {found} instead"
            )));
        }
        let name = keys.join(".");
        let Some((last, parents)) = keys.split_last() else {
            return Err(self.redefined(&name));
        };
        let hash = |key: String| format!("Key '{key}' was already created as a hash.");
        let parent = root.enter_all(parents).map_err(|key| self.error(hash(key)))?;
        if is_list {
            let item = parent
                .entries
                .entry(last.clone())
                .or_insert_with(|| Item::Tables(Vec::new()));
            let Item::Tables(tables) = item else {
                return Err(self.error(format!(
                    "Key '{name}' was already created and cannot be used as an array."
                )));
            };
            tables.push(Table::default());
            self.defined
                .retain(|defined| !defined.starts_with(&keys) || *defined == keys);
        } else {
            let is_open = matches!(parent.entries.get(last), None | Some(Item::Table(_)));
            if !is_open || !self.defined.insert(keys.clone()) {
                return Err(self.redefined(&name));
            }
            parent.enter(last);
        }
        self.last_key = name;
        Ok(keys)
    }

    /// `key = value`; returns the whole key.
    fn entry(&mut self, table: &mut Table, heading: &[String]) -> Result<String, DecodeError> {
        let before = std::mem::take(&mut self.last_key);
        let keys = self.dotted_key("expected '.' or '='")?;
        self.last_key = before;
        if self.peek().is_none() {
            self.last_key.clear();
            return Err(self.error("unexpected EOF; expected key separator '='"));
        }
        if !self.take("=") {
            let found = self.found();
            return Err(self.error(format!("expected '.' or '=', but got {found} instead")));
        }
        let path = [heading, keys.as_slice()].concat().join(".");
        self.last_key.clone_from(&path);
        self.skip_blanks();
        let value = self.value(&path)?;
        let Some((last, parents)) = keys.split_last() else {
            return Err(self.redefined(&path));
        };
        let parent = table.enter_all(parents).map_err(|_| self.redefined(&path))?;
        match parent.entries.get(last) {
            None => {
                parent.entries.insert(last.clone(), Item::Value(value));
            }
            // Go's decoder lets a table be that only dots have made, and forgets the value.
            Some(Item::Table(_)) if !self.defined.contains(&[heading, keys.as_slice()].concat()) => {}
            Some(_) => return Err(self.redefined(&path)),
        }
        self.last_key = heading.join(".");
        Ok(path)
    }

    fn dotted_key(&mut self, expected: &str) -> Result<Vec<String>, DecodeError> {
        let mut keys = Vec::new();
        loop {
            self.skip_blanks();
            keys.push(self.simple_key(expected)?);
            self.skip_blanks();
            if !self.take(".") {
                return Ok(keys);
            }
        }
    }

    fn simple_key(&mut self, expected: &str) -> Result<String, DecodeError> {
        match self.peek() {
            Some('"') if !self.rest().starts_with("\"\"\"") => self.basic_string(),
            Some('\'') if !self.rest().starts_with("'''") => self.literal_string(),
            Some('=') => Err(self.error("unexpected '=': key name appears blank")),
            Some('.') => Err(self.error("unexpected '.': keys cannot start with a '.'")),
            _ => {
                let rest = self.rest();
                let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
                let end = rest.find(|c| !is_bare(c)).unwrap_or(rest.len());
                if end == 0 {
                    let found = self.found();
                    return Err(self.error(format!("{expected}, but got {found} instead")));
                }
                self.at += end;
                Ok(rest[..end].to_owned())
            }
        }
    }

    fn value(&mut self, path: &str) -> Result<GoValue, DecodeError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.error("values are nested too deeply"));
        }
        let value = match self.peek() {
            None | Some('\n' | '\r') => Err(self.error(match self.peek() {
                None => "unexpected EOF; expected value".to_owned(),
                Some(_) => "expected value but found '\\n' instead".to_owned(),
            })),
            Some('[') => self.list(path),
            Some('{') => self.inline_table(path),
            Some('"') if self.rest().starts_with("\"\"\"") => self.long_basic_string().map(GoValue::from),
            Some('"') => self.basic_string().map(GoValue::from),
            Some('\'') if self.rest().starts_with("'''") => self.long_literal_string().map(GoValue::from),
            Some('\'') => self.literal_string().map(GoValue::from),
            Some(_) => self.word(),
        };
        self.depth -= 1;
        value
    }

    fn word(&mut self) -> Result<GoValue, DecodeError> {
        let rest = self.rest();
        let is_part = |c: char| {
            !matches!(
                c,
                ' ' | '\t' | '\n' | '\r' | ',' | ']' | '}' | '#' | '[' | '{' | '='
            )
        };
        let mut end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        // A blank may stand between a date and a time.
        let is_date = end == 10 && rest.as_bytes()[4] == b'-';
        if is_date
            && rest[end..].starts_with(' ')
            && rest[end + 1..].starts_with(|c: char| c.is_ascii_digit())
        {
            let after = &rest[end + 1..];
            end += 1 + after.find(|c| !is_part(c)).unwrap_or(after.len());
        }
        if end == 0 {
            let found = self.found();
            return Err(self.error(format!("expected value but found {found} instead")));
        }
        let value = scalar::parse(&rest[..end]).map_err(|message| self.error(message))?;
        self.at += end;
        Ok(value)
    }

    fn list(&mut self, path: &str) -> Result<GoValue, DecodeError> {
        let mut items = Vec::new();
        self.take("[");
        loop {
            self.skip_lines();
            if self.take("]") {
                return Ok(GoValue::list(items));
            }
            if self.peek().is_some() {
                items.push(self.value(path)?);
            }
            self.skip_lines();
            if self.take(",") || self.peek() == Some(']') {
                continue;
            }
            let found = self
                .peek()
                .map_or_else(|| "end of file".to_owned(), |c| format!("'{c}'"));
            return Err(self.error(format!(
                "expected a comma (',') or array terminator (']'), but got {found}"
            )));
        }
    }

    fn inline_table(&mut self, path: &str) -> Result<GoValue, DecodeError> {
        let mut table = Table::default();
        self.take("{");
        loop {
            self.skip_lines();
            if self.take("}") {
                path.clone_into(&mut self.last_key);
                return Ok(table.finish().into());
            }
            let last_key = self.entry(&mut table, &[path.to_owned()])?;
            self.skip_lines();
            if self.take(",") || self.peek() == Some('}') {
                continue;
            }
            self.last_key = last_key;
            let found = self
                .peek()
                .map_or_else(|| "end of file".to_owned(), |c| format!("'{c}'"));
            return Err(self.error(format!(
                "expected a comma or an inline table terminator '}}', but got {found} instead"
            )));
        }
    }

    fn literal_string(&mut self) -> Result<String, DecodeError> {
        self.take("'");
        let rest = self.rest();
        let Some(end) = rest.find(['\'', '\n']) else {
            return Err(self.error("unexpected EOF; expected \"'\""));
        };
        if rest[end..].starts_with('\n') {
            return Err(self.error("strings cannot contain newlines"));
        }
        self.at += end + 1;
        Ok(rest[..end].to_owned())
    }

    fn long_literal_string(&mut self) -> Result<String, DecodeError> {
        self.take("'''");
        self.skip_first_line_end();
        let rest = self.rest();
        let Some(end) = rest.find("'''") else {
            return Err(self.error("unexpected EOF; expected \"'''\""));
        };
        // Up to two quotes more belong to the text.
        let more = rest[end + 3..]
            .bytes()
            .take(2)
            .take_while(|byte| *byte == b'\'')
            .count();
        self.at += end + 3 + more;
        Ok(rest[..end + more].replace("\r\n", "\n"))
    }

    fn skip_first_line_end(&mut self) {
        let _is_there = self.take("\n") || self.take("\r\n");
    }

    fn basic_string(&mut self) -> Result<String, DecodeError> {
        self.take("\"");
        let mut out = String::new();
        loop {
            match self.peek() {
                None => return Err(self.error("unexpected EOF; expected '\"'")),
                Some('\n') => return Err(self.error("strings cannot contain newlines")),
                Some('"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some('\\') => self.escape(&mut out)?,
                Some(character) => {
                    out.push(character);
                    self.at += character.len_utf8();
                }
            }
        }
    }

    fn long_basic_string(&mut self) -> Result<String, DecodeError> {
        self.take("\"\"\"");
        self.skip_first_line_end();
        let mut out = String::new();
        loop {
            if self.rest().starts_with("\"\"\"") {
                let more = self.rest()[3..]
                    .bytes()
                    .take(2)
                    .take_while(|byte| *byte == b'"')
                    .count();
                self.at += 3 + more;
                out.extend(std::iter::repeat_n('"', more));
                return Ok(out);
            }
            match self.peek() {
                None => return Err(self.error("unexpected EOF; expected '\"\"\"'")),
                Some('\\') if self.ends_line() => self.skip_line_end(),
                Some('\\') => self.escape(&mut out)?,
                Some('\r') if self.rest().starts_with("\r\n") => self.at += 1,
                Some(character) => {
                    out.push(character);
                    self.at += character.len_utf8();
                }
            }
        }
    }

    /// Whether a backslash is the last character of its line.
    fn ends_line(&self) -> bool {
        let after = self.rest()[1..].trim_start_matches([' ', '\t']);
        after.starts_with('\n') || after.starts_with("\r\n")
    }

    fn skip_line_end(&mut self) {
        let rest = self.rest();
        let after = rest[1..].trim_start_matches([' ', '\t', '\n', '\r']);
        self.at += rest.len() - after.len();
    }

    fn escape(&mut self, out: &mut String) -> Result<(), DecodeError> {
        let mut characters = self.rest().chars().skip(1);
        let Some(escape) = characters.next() else {
            return Err(self.error("unexpected EOF; expected '\"'"));
        };
        let digits = match escape {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        if digits > 0 {
            let number: String = characters.take(digits).collect();
            let character = u32::from_str_radix(&number, 16).ok().and_then(char::from_u32);
            let Some(character) = character.filter(|_| number.len() == digits) else {
                return Err(self.error(format!(
                    "expected {digits} hexadecimal digits after '\\{escape}', but got {} instead",
                    quote(&number)
                )));
            };
            out.push(character);
            self.at += 2 + digits;
            return Ok(());
        }
        out.push(match escape {
            'b' => '\u{8}',
            't' => '\t',
            'n' => '\n',
            'f' => '\u{c}',
            'r' => '\r',
            'e' => '\u{1b}',
            '"' | '\\' => escape,
            other => return Err(self.error(format!("invalid escape in string '\\{other}'"))),
        });
        self.at += 2;
        Ok(())
    }
}
