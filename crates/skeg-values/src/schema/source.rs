//! Schemas by their URL: where they come from, and what they say literally.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::error::Error;
use std::rc::Rc;

use boon::UrlLoader;
use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::patterns;
use crate::json::{self, ParseJsonError};

/// Where the schemas come from that a schema refers to.
pub trait SchemaSource {
    /// The content of a `file:`, `http:` or `https:` URL. Helm gives the network 15 seconds.
    ///
    /// The error is what Helm prints after `failing loading "URL": `, such as
    /// `open /a.json: no such file or directory`.
    fn load(&self, url: &str) -> Result<Vec<u8>, String>;

    /// Hears of a `urn:` that stands for nothing. Helm warns (`unresolved URN reference ignored; using
    /// permissive schema`, `urn=…`) once for each and takes it for a schema that allows everything.
    fn unresolved_urn(&self, urn: &str) {
        let _ = urn;
    }
}

/// A source that has nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoSource;

impl SchemaSource for NoSource {
    fn load(&self, _url: &str) -> Result<Vec<u8>, String> {
        Err("nothing is loaded here".to_owned())
    }
}

/// The schemas loaded so far.
pub(super) struct Documents {
    source: Box<dyn SchemaSource>,
    texts: RefCell<BTreeMap<String, Rc<[u8]>>>,
}

impl Documents {
    pub(super) fn new(source: impl SchemaSource + 'static) -> Self {
        Self {
            source: Box::new(source),
            texts: RefCell::default(),
        }
    }

    /// Reads a schema and keeps its text.
    pub(super) fn add(&self, url: &str, text: &[u8]) -> Result<Json, NotJson> {
        let mut schema = parse(text)?;
        patterns::adapt(&mut schema);
        self.texts.borrow_mut().insert(url.to_owned(), Rc::from(text));
        Ok(schema)
    }

    /// The literal JSON of `keyword` in the schema at `location`, if that is of a document that was loaded.
    pub(super) fn literal(&self, location: &str, keyword: &str) -> Option<String> {
        let (url, pointer) = location.split_once('#')?;
        let texts = self.texts.borrow();
        let text = std::str::from_utf8(texts.get(url)?).ok()?;
        let mut at: &RawValue = serde_json::from_str(text).ok()?;
        for token in pointer.split('/').skip(1).chain([keyword]) {
            at = step(at, &unescape(token))?;
        }
        Some(at.get().to_owned())
    }
}

/// A token of a pointer in a URL as it was meant.
pub(super) fn unescape(token: &str) -> String {
    let mut bytes = Vec::with_capacity(token.len());
    let mut rest = token.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = after
            .get(..2)
            .filter(|digits| *first == b'%' && digits.iter().all(u8::is_ascii_hexdigit))
            .and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes)
        .replace("~1", "/")
        .replace("~0", "~")
}

fn step<'text>(at: &'text RawValue, token: &str) -> Option<&'text RawValue> {
    if at.get().starts_with('[') {
        let items: Vec<&RawValue> = serde_json::from_str(at.get()).ok()?;
        return items.get(token.parse::<usize>().ok()?).copied();
    }
    let entries: BTreeMap<String, &RawValue> = serde_json::from_str(at.get()).ok()?;
    entries.get(token).copied()
}

/// Loads what a schema refers to.
pub(super) struct Loader(pub(super) Rc<Documents>);

impl UrlLoader for Loader {
    fn load(&self, url: &str) -> Result<Json, Box<dyn Error>> {
        let scheme = url.split(':').next().unwrap_or_default();
        match scheme {
            "urn" => {
                self.0.source.unresolved_urn(url);
                Ok(Json::Bool(true))
            }
            "file" | "http" | "https" => {
                let text = self.0.source.load(url)?;
                Ok(self.0.add(url, &text)?)
            }
            _ => Err(format!("no URLLoader registered for {}", skeg_go::quote::quote(url)).into()),
        }
    }
}

/// A text that is not JSON, in the words of Go's decoder of streams.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotJson {
    #[error("EOF")]
    Empty,
    #[error("unexpected EOF")]
    UnexpectedEnd,
    #[error("invalid character after top-level value")]
    TrailingData,
    #[error(transparent)]
    Other(#[from] ParseJsonError),
    #[error("{0}")]
    Unsupported(String),
}

fn parse(text: &[u8]) -> Result<Json, NotJson> {
    let error = match serde_json::from_slice(text) {
        Ok(schema) => return Ok(schema),
        Err(error) => error,
    };
    if text.iter().all(u8::is_ascii_whitespace) {
        return Err(NotJson::Empty);
    }
    match json::parse(text) {
        // Bytes that are not UTF-8, or lone surrogates: Go replaces them.
        Ok(value) => Ok(serde_json::Value::from(&value)),
        Err(ParseJsonError::UnexpectedEnd) => Err(NotJson::UnexpectedEnd),
        Err(ParseJsonError::InvalidCharacter {
            expected: "after top-level value",
            ..
        }) => Err(NotJson::TrailingData),
        Err(ParseJsonError::TooDeep) => Err(NotJson::Unsupported(error.to_string())),
        Err(error) => Err(error.into()),
    }
}
