//! Printing TOML.

use skeg_go::number::format_f64;
use skeg_go::{GoList, GoMap, GoString, GoValue, Kind};

/// Values within values; Go would overflow its stack much later.
const MAX_DEPTH: usize = 1000;

/// A value that TOML cannot say, in Go's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// A list has a `nil`.
    #[error("toml: cannot encode array with nil element")]
    NilElement,
    /// A list of tables has no name.
    #[error("toml: top-level values must be Go maps or structs")]
    NoKey,
    /// `nil` is not a document.
    #[error("reflect: call of reflect.Value.Type on zero Value")]
    Nil,
    /// More than 1000 levels.
    #[error("toml: values are nested too deeply")]
    TooDeep,
}

/// The document that says `value`.
///
/// ```
/// use skeg_go::{GoMap, GoValue};
///
/// let map = GoMap::from_iter([("size", GoValue::Float(2.0)), ("name", GoValue::from("x"))]);
/// assert_eq!(skeg_values::toml::encode(&map.into())?, b"name = \"x\"\nsize = 2.0\n");
/// # Ok::<(), skeg_values::toml::EncodeError>(())
/// ```
pub fn encode(value: &GoValue) -> Result<Vec<u8>, EncodeError> {
    let mut encoder = Encoder::default();
    if value.is_nil() {
        return Err(EncodeError::Nil);
    }
    encoder.entry(value, 0)?;
    Ok(encoder.out)
}

/// What TOML takes a value for.
#[derive(PartialEq, Eq)]
enum Form {
    Nil,
    Table,
    Tables,
    Other,
}

fn form(value: &GoValue, depth: usize) -> Result<Form, EncodeError> {
    if depth > MAX_DEPTH {
        return Err(EncodeError::TooDeep);
    }
    Ok(match value {
        GoValue::Nil => Form::Nil,
        GoValue::Map(_) => Form::Table,
        GoValue::List(items) => {
            let mut are_tables = !items.is_empty();
            for item in items.items() {
                match form(item, depth + 1)? {
                    Form::Nil => return Err(EncodeError::NilElement),
                    Form::Table => {}
                    Form::Tables | Form::Other => are_tables = false,
                }
            }
            if are_tables { Form::Tables } else { Form::Other }
        }
        GoValue::Object(object) if object.to_json().as_map().is_some() => Form::Table,
        _ => Form::Other,
    })
}

/// The entries of what is written as a table.
fn table(value: &GoValue) -> GoMap {
    match value {
        GoValue::Map(map) => map.clone(),
        GoValue::Object(object) => object.to_json().as_map().cloned().unwrap_or_default(),
        _ => GoMap::new(),
    }
}

#[derive(Default)]
struct Encoder {
    out: Vec<u8>,
    /// The keys that lead to what is being written.
    keys: Vec<GoString>,
}

impl Encoder {
    /// A value under the current key: a line, or a table with a heading.
    fn entry(&mut self, value: &GoValue, depth: usize) -> Result<(), EncodeError> {
        match form(value, depth)? {
            Form::Nil => Ok(()),
            Form::Tables if self.keys.is_empty() => Err(EncodeError::NoKey),
            Form::Tables => {
                for item in value.as_list().into_iter().flat_map(GoList::items) {
                    self.new_line();
                    self.heading("[[", "]]");
                    self.entries(&table(item), depth + 1)?;
                }
                Ok(())
            }
            Form::Table => {
                if self.keys.len() == 1 {
                    self.new_line();
                }
                if !self.keys.is_empty() {
                    self.heading("[", "]");
                }
                self.entries(&table(value), depth)
            }
            Form::Other => {
                let Some(key) = self.keys.last().cloned() else {
                    return self.element(value, depth);
                };
                self.indent();
                self.key(&key);
                self.write(" = ");
                self.element(value, depth)?;
                self.new_line();
                Ok(())
            }
        }
    }

    /// Plain values first, then tables.
    fn entries(&mut self, map: &GoMap, depth: usize) -> Result<(), EncodeError> {
        for of_tables in [false, true] {
            for (key, value) in map.snapshot() {
                let form = form(&value, depth + 1)?;
                if form != Form::Nil && (form != Form::Other) == of_tables {
                    self.keys.push(key);
                    let written = self.entry(&value, depth + 1);
                    self.keys.pop();
                    written?;
                }
            }
        }
        Ok(())
    }

    fn heading(&mut self, open: &str, close: &str) {
        self.indent();
        self.write(open);
        let keys = std::mem::take(&mut self.keys);
        for (index, key) in keys.iter().enumerate() {
            if index > 0 {
                self.write(".");
            }
            self.key(key);
        }
        self.keys = keys;
        self.write(close);
        self.new_line();
    }

    /// A value within a line.
    fn element(&mut self, value: &GoValue, depth: usize) -> Result<(), EncodeError> {
        if depth > MAX_DEPTH {
            return Err(EncodeError::TooDeep);
        }
        match value {
            GoValue::Nil => {}
            GoValue::Bool(value) => self.write(if *value { "true" } else { "false" }),
            GoValue::Int(_, value) => self.write(&value.to_string()),
            GoValue::Uint(_, value) => self.write(&value.to_string()),
            GoValue::Float(value) => self.write(&float(*value)),
            GoValue::String(text) => self.quoted(text),
            GoValue::List(items) => {
                self.write("[");
                for (index, item) in items.items().iter().enumerate() {
                    if index > 0 {
                        self.write(", ");
                    }
                    self.element(item, depth + 1)?;
                }
                self.write("]");
            }
            GoValue::Map(map) => self.inline_table(map, depth)?,
            GoValue::Object(object) => match object.to_json() {
                GoValue::Map(map) => self.inline_table(&map, depth)?,
                GoValue::String(time) if object.kind() == Kind::Struct => self.out.extend_from_slice(&time),
                _ => self.quoted(object.to_text().as_bytes()),
            },
        }
        Ok(())
    }

    fn inline_table(&mut self, map: &GoMap, depth: usize) -> Result<(), EncodeError> {
        let mut plain = Vec::new();
        let mut tables = Vec::new();
        for (key, value) in map.snapshot() {
            match form(&value, depth + 1)? {
                Form::Table | Form::Tables => tables.push((key, value)),
                Form::Nil | Form::Other => plain.push((key, value)),
            }
        }
        self.write("{");
        self.inline_entries(&plain, !tables.is_empty(), depth)?;
        self.inline_entries(&tables, false, depth)?;
        self.write("}");
        Ok(())
    }

    /// A comma follows each that is not the last; `nil` is left out, but the comma before it is not.
    fn inline_entries(
        &mut self,
        entries: &[(GoString, GoValue)],
        are_followed: bool,
        depth: usize,
    ) -> Result<(), EncodeError> {
        for (index, (key, value)) in entries.iter().enumerate() {
            if value.is_nil() {
                continue;
            }
            self.key(key);
            self.write(" = ");
            self.element(value, depth + 1)?;
            if are_followed || index + 1 < entries.len() {
                self.write(", ");
            }
        }
        Ok(())
    }

    fn write(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    /// Ends a line, if anything has been written.
    fn new_line(&mut self) {
        if !self.out.is_empty() {
            self.out.push(b'\n');
        }
    }

    fn indent(&mut self) {
        for _ in 1..self.keys.len() {
            self.write("  ");
        }
    }

    fn key(&mut self, key: &[u8]) {
        let is_bare = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if !key.is_empty() && key.iter().all(is_bare) {
            self.out.extend_from_slice(key);
        } else {
            self.quoted(key);
        }
    }

    fn quoted(&mut self, text: &[u8]) {
        self.out.push(b'"');
        for byte in text {
            match byte {
                b'"' => self.write("\\\""),
                b'\\' => self.write("\\\\"),
                0x08 => self.write("\\b"),
                b'\t' => self.write("\\t"),
                b'\n' => self.write("\\n"),
                0x0c => self.write("\\f"),
                b'\r' => self.write("\\r"),
                0..0x20 | 0x7f => self.write(&format!("\\u{byte:04x}")),
                _ => self.out.push(*byte),
            }
        }
        self.out.push(b'"');
    }
}

/// A number with a decimal point or an exponent.
fn float(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value < 0.0 { "-inf" } else { "inf" }.to_owned();
    }
    let mut text = format_f64(value);
    if !text.contains(['e', '.']) {
        text.push_str(".0");
    }
    text
}
