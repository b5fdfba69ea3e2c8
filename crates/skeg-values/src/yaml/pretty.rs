//! `toYamlPretty`: go-yaml v3 with an indentation of two blanks, straight from the values of templates.
//!
//! Unlike v2 it indents lists below their key, folds nothing, keeps bytes as numbers and floats as Go prints them,
//! and never goes through JSON.

use std::borrow::Cow;

use skeg_go::fmt::MAX_TEXT;
use skeg_go::number::format_f64;
use skeg_go::{GoMap, GoObject, GoString, GoValue};

use super::encode::{Dialect, INDENT, Printer};
use super::order::{self, Letters};
use super::style;
use crate::base64;

/// Collections within collections.
const MAX_DEPTH: usize = 1000;

/// A value that cannot be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodePrettyError {
    /// More than 1000 levels; Go's stack overflows when a map contains itself.
    #[error("yaml: the value is nested too deep")]
    TooDeep,
    /// Lists that share lists, so that the text has no end in sight.
    #[error("yaml: the text is longer than {MAX_TEXT} bytes")]
    TooLong,
}

/// Prints a value as an encoder of go-yaml v3 does, with a line break at the end.
pub fn encode_pretty(value: &GoValue) -> Result<Vec<u8>, EncodePrettyError> {
    let mut writer = Writer {
        printer: Printer::new(Dialect::V3),
        depth: 0,
    };
    writer.node(value, None)?;
    Ok(writer.printer.finish())
}

struct Writer {
    printer: Printer,
    depth: usize,
}

impl Writer {
    /// Prints a node in a collection at the column `parent`.
    fn node(&mut self, value: &GoValue, parent: Option<usize>) -> Result<(), EncodePrettyError> {
        let column = parent.map_or(0, |parent| parent + INDENT);
        match value {
            GoValue::Nil => self.printer.word("null"),
            GoValue::Bool(value) => self.printer.word(if *value { "true" } else { "false" }),
            GoValue::Int(_, value) => self.printer.display(value),
            GoValue::Uint(_, value) => self.printer.display(value),
            GoValue::Float(value) => self.printer.word(&float(*value)),
            GoValue::String(text) => self.text(text, parent),
            GoValue::List(list) => self.list(list.items(), column)?,
            GoValue::Map(map) => self.map(map, column)?,
            GoValue::Object(object) => self.object(&**object, parent)?,
        }
        Ok(())
    }

    fn text(&mut self, text: &[u8], parent: Option<usize>) {
        let column = parent.map_or(INDENT, |parent| parent + INDENT);
        if let Ok(text) = std::str::from_utf8(text) {
            self.printer.string(text, column, false);
        } else {
            self.printer.word("!!binary");
            self.printer.string(&base64::encode_lines(text), column, false);
        }
    }

    fn list(&mut self, items: &[GoValue], column: usize) -> Result<(), EncodePrettyError> {
        if items.is_empty() {
            self.printer.word("[]");
            return Ok(());
        }
        self.descend()?;
        for item in items {
            self.printer.indent(column);
            self.printer.block_indicator("-");
            self.node(item, Some(column))?;
            self.check_length()?;
        }
        self.depth -= 1;
        Ok(())
    }

    fn map(&mut self, map: &GoMap, column: usize) -> Result<(), EncodePrettyError> {
        let entries = map.entries();
        let texts: Vec<Cow<'_, str>> = entries.keys().map(GoString::to_lossy).collect();
        let mut sorted: Vec<_> = texts.iter().map(Cow::as_ref).zip(entries.iter()).collect();
        order::sort(&mut sorted, Letters::FirstBehindDigits);
        let sorted = sorted
            .into_iter()
            .map(|(_, (key, value))| (key.as_bytes(), value));
        self.entries(sorted, column)
    }

    fn entries<'value>(
        &mut self,
        entries: impl ExactSizeIterator<Item = (&'value [u8], &'value GoValue)>,
        column: usize,
    ) -> Result<(), EncodePrettyError> {
        if entries.len() == 0 {
            self.printer.word("{}");
            return Ok(());
        }
        self.descend()?;
        for (key, value) in entries {
            self.printer.indent(column);
            self.key(key, column);
            self.node(value, Some(column))?;
            self.check_length()?;
        }
        self.depth -= 1;
        Ok(())
    }

    /// Prints a key and its colon.
    fn key(&mut self, key: &[u8], column: usize) {
        match std::str::from_utf8(key) {
            Ok(key) if style::is_simple_key(key) => self.printer.simple_key(key, column + INDENT),
            Ok(_) => self.complex_key(key, column),
            Err(_) => {
                let encoded = base64::encode_lines(key);
                if encoded.len() + "tag:yaml.org,2002:binary".len() > 128 || encoded.contains('\n') {
                    self.complex_key(key, column);
                } else {
                    self.printer.word("!!binary");
                    self.printer.simple_key(&encoded, column + INDENT);
                }
            }
        }
    }

    fn complex_key(&mut self, key: &[u8], column: usize) {
        self.printer.block_indicator("?");
        self.text(key, Some(column));
        self.printer.indent(column);
        self.printer.block_indicator(":");
    }

    fn object(&mut self, object: &dyn GoObject, parent: Option<usize>) -> Result<(), EncodePrettyError> {
        if let Some(fields) = object.yaml_fields() {
            let column = parent.map_or(0, |parent| parent + INDENT);
            let entries = fields.iter().map(|(name, value)| (name.as_bytes(), value));
            return self.entries(entries, column);
        }
        match (object.type_name(), object.to_json()) {
            ("time.Time" | "*time.Time", GoValue::String(text)) => self.printer.word(&text.to_lossy()),
            ("time.Duration", _) => self.text(object.to_text().as_bytes(), parent),
            (_, json) => self.node(&json, parent)?,
        }
        Ok(())
    }

    fn descend(&mut self) -> Result<(), EncodePrettyError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(EncodePrettyError::TooDeep);
        }
        Ok(())
    }

    fn check_length(&self) -> Result<(), EncodePrettyError> {
        if self.printer.is_too_long() {
            return Err(EncodePrettyError::TooLong);
        }
        Ok(())
    }
}

fn float(value: f64) -> String {
    match format_f64(value).as_str() {
        "+Inf" => ".inf".to_owned(),
        "-Inf" => "-.inf".to_owned(),
        "NaN" => ".nan".to_owned(),
        number => number.to_owned(),
    }
}
