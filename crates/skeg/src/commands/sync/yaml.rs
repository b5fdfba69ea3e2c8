//! YAML with the line of everything in it, so that a mistake can be pointed at.

use skeg_yaml::{EventKind, Parser, ScalarStyle, Text};

/// How deep a document may be.
const DEPTH: usize = 16;

/// A value and the line where it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) line: usize,
    pub(super) value: Value,
}

/// What a document consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Scalar { text: String, is_plain: bool },
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

/// A key and its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) line: usize,
    pub(super) text: String,
}

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) line: usize,
    pub(super) problem: String,
}

impl Mistake {
    pub(super) fn new(line: usize, problem: impl Into<String>) -> Self {
        Self {
            line,
            problem: problem.into(),
        }
    }
}

/// Reads the one document of a file; `None` if it is empty.
pub(super) fn parse(bytes: &[u8]) -> Result<Option<Node>, Mistake> {
    let text = Text::new(bytes);
    let mut reader = Reader {
        parser: Parser::new(&text),
    };
    let Some((EventKind::DocumentStart, _)) = reader.next()? else {
        return Ok(None);
    };
    let node = reader.node(0)?;
    // Its end, and then nothing.
    reader.next()?;
    match reader.next()? {
        None => Ok(Some(node)),
        Some((_, line)) => Err(Mistake::new(line, "there is a second document")),
    }
}

struct Reader<'text> {
    parser: Parser<'text>,
}

impl<'text> Reader<'text> {
    fn next(&mut self) -> Result<Option<(EventKind<'text>, usize)>, Mistake> {
        match self.parser.next() {
            None => Ok(None),
            Some(Ok(event)) => Ok(Some((event.kind, event.mark.line + 1))),
            Some(Err(error)) => Err(Mistake::new(error.mark.line + 1, error.problem)),
        }
    }

    fn node(&mut self, depth: usize) -> Result<Node, Mistake> {
        let Some((kind, line)) = self.next()? else {
            return Err(Mistake::new(1, "the document ends early"));
        };
        self.value(kind, line, depth)
    }

    fn value(&mut self, kind: EventKind<'text>, line: usize, depth: usize) -> Result<Node, Mistake> {
        if depth > DEPTH {
            return Err(Mistake::new(line, "this is too deep"));
        }
        let value = match kind {
            EventKind::Scalar(scalar) => Value::Scalar {
                is_plain: scalar.style == ScalarStyle::Plain,
                text: scalar.value.into_owned(),
            },
            EventKind::SequenceStart(_) => self.list(depth)?,
            EventKind::MappingStart(_) => self.map(depth)?,
            EventKind::Alias { anchor } => {
                let problem = format!("`*{anchor}` is an alias, which this file may not have");
                return Err(Mistake::new(line, problem));
            }
            _ => return Err(Mistake::new(line, "there is no value")),
        };
        Ok(Node { line, value })
    }

    fn list(&mut self, depth: usize) -> Result<Value, Mistake> {
        let mut items = Vec::new();
        while let Some((kind, line)) = self.next()? {
            if kind == EventKind::SequenceEnd {
                break;
            }
            items.push(self.value(kind, line, depth + 1)?);
        }
        Ok(Value::List(items))
    }

    fn map(&mut self, depth: usize) -> Result<Value, Mistake> {
        let mut entries: Vec<(Key, Node)> = Vec::new();
        while let Some((kind, line)) = self.next()? {
            if kind == EventKind::MappingEnd {
                break;
            }
            let EventKind::Scalar(scalar) = kind else {
                return Err(Mistake::new(line, "a key must be text"));
            };
            let text = scalar.value.into_owned();
            if let Some((first, _)) = entries.iter().find(|(key, _)| key.text == text) {
                let problem = format!("`{text}` is there already, in line {}", first.line);
                return Err(Mistake::new(line, problem));
            }
            let node = self.node(depth + 1)?;
            entries.push((Key { line, text }, node));
        }
        Ok(Value::Map(entries))
    }
}

impl Node {
    /// Reads a text.
    pub(super) fn text(&self) -> Result<&str, Mistake> {
        match &self.value {
            Value::Scalar { text, .. } if !text.is_empty() => Ok(text),
            Value::Scalar { .. } => Err(Mistake::new(self.line, "there is no value")),
            _ => Err(Mistake::new(self.line, "this must be one text")),
        }
    }

    /// Reads `true` or `false`.
    pub(super) fn boolean(&self) -> Result<bool, Mistake> {
        match &self.value {
            Value::Scalar { text, is_plain: true } if text == "true" => Ok(true),
            Value::Scalar { text, is_plain: true } if text == "false" => Ok(false),
            _ => Err(Mistake::new(self.line, "this must be `true` or `false`")),
        }
    }

    /// Reads a number from 1 on.
    pub(super) fn count(&self) -> Result<usize, Mistake> {
        let number = self.text().ok().and_then(|text| text.parse().ok());
        number
            .filter(|number| *number > 0)
            .ok_or_else(|| Mistake::new(self.line, "this must be a number from 1 on"))
    }

    /// Reads a list, or one thing as a list of it.
    pub(super) fn list(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => std::slice::from_ref(self),
        }
    }

    /// Reads a mapping.
    pub(super) fn map(&self) -> Result<&[(Key, Self)], Mistake> {
        match &self.value {
            Value::Map(entries) => Ok(entries),
            _ => Err(Mistake::new(self.line, "this must be a mapping")),
        }
    }
}
