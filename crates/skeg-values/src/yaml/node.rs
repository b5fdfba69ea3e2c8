//! The node tree of one document: events with anchors resolved, nothing interpreted.
//!
//! Nodes live in one vector and refer to each other by index, so that building and dropping a deep document
//! takes no stack.

use std::collections::HashMap;

use skeg_libyaml::{EventKind, Mark, ParseError, ParseErrorKind, Parser};

use super::error::DecodeError;
use super::escapes::{escaped_slash, text_at, without_escaped_apostrophes};

/// Collections within collections; Helm's parser stops at 10 000, which no chart comes near. Ours stops
/// where the recursion of later steps is still safe on a small stack.
pub(crate) const MAX_DEPTH: usize = 500;

/// The index of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct NodeId(usize);

#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) kind: NodeKind,
    pub(crate) tag: Option<String>,
    pub(crate) mark: Mark,
    next: Option<NodeId>,
}

#[derive(Debug)]
pub(crate) enum NodeKind {
    Scalar {
        value: String,
        /// Written plain and untagged.
        implicit: bool,
    },
    Sequence(Children),
    /// Keys and values alternate.
    Mapping(Children),
    Alias {
        anchor: String,
        target: NodeId,
    },
}

/// The first and the last child of a collection; the others follow [`Node::next`].
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Children {
    first: Option<NodeId>,
    last: Option<NodeId>,
}

/// The first document of a stream.
#[derive(Debug)]
pub(crate) struct Document {
    nodes: Vec<Node>,
    root: Option<NodeId>,
}

impl Document {
    /// Reads the first document and not a byte further than libyaml needs to see its end.
    pub(crate) fn parse(yaml: &[u8]) -> Result<Self, DecodeError> {
        let mut patched: Option<Vec<u8>> = None;
        for _ in 0..MOST_PATCHES {
            let yaml = patched.as_deref().unwrap_or(yaml);
            match Self::parse_once(yaml) {
                Err(Failure::Syntax(error, shown)) => match without_escaped_apostrophes(yaml, &error) {
                    Some(next) => patched = Some(next),
                    None => return Err(shown),
                },
                Err(Failure::Other(error)) => return Err(error),
                Ok(document) => return Ok(document),
            }
        }
        let message = format!("yaml: more than {MOST_PATCHES} texts with \\' in them");
        Err(error_at(message, Mark::default()))
    }

    fn parse_once(yaml: &[u8]) -> Result<Self, Failure> {
        let mut builder = Builder::default();
        let has_escaped_slash = yaml.windows(2).any(|pair| pair == b"\\/");
        for event in Parser::new(yaml) {
            let event = event.map_err(|error| {
                let shown = missing_colon(yaml, &error, &builder).unwrap_or_else(|| syntax_error(&error));
                Failure::Syntax(Box::new(error), shown)
            })?;
            if has_escaped_slash && let Some(mark) = escaped_slash(yaml, &event) {
                let error = error_with_line("found unknown escape character", mark.line, 1, mark);
                return Err(Failure::Other(error));
            }
            if builder.add(event.kind, event.start).map_err(Failure::Other)? {
                break;
            }
        }
        Ok(Self {
            nodes: builder.nodes,
            root: builder.root,
        })
    }

    /// The root node; none in an empty stream.
    pub(crate) fn root(&self) -> Option<NodeId> {
        self.root
    }

    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0]
    }

    pub(crate) fn children(&self, children: Children) -> impl Iterator<Item = NodeId> {
        std::iter::successors(children.first, |id| self.node(*id).next)
    }
}

/// How often a document is read again because of an escape that libyaml does not know.
const MOST_PATCHES: usize = 1000;

/// Why a document could not be read.
enum Failure {
    /// libyaml's reason, and how Go-YAML tells it.
    Syntax(Box<ParseError>, DecodeError),
    Other(DecodeError),
}

#[derive(Default)]
struct Builder {
    nodes: Vec<Node>,
    root: Option<NodeId>,
    open: Vec<NodeId>,
    anchors: HashMap<String, NodeId>,
}

impl Builder {
    /// Takes one event; `true` at the end of the document.
    fn add(&mut self, event: EventKind, mark: Mark) -> Result<bool, DecodeError> {
        match event {
            EventKind::StreamStart | EventKind::DocumentStart { .. } => {}
            EventKind::StreamEnd | EventKind::DocumentEnd { .. } => return Ok(true),
            EventKind::Alias { anchor } => {
                let Some(&target) = self.anchors.get(&anchor) else {
                    return Err(error_at(
                        format!("yaml: unknown anchor '{anchor}' referenced"),
                        mark,
                    ));
                };
                self.push(NodeKind::Alias { anchor, target }, None, None, mark);
            }
            EventKind::Scalar(scalar) => {
                let kind = NodeKind::Scalar {
                    value: scalar.value,
                    implicit: scalar.plain_implicit,
                };
                self.push(kind, scalar.tag, scalar.anchor, mark);
            }
            EventKind::SequenceStart(start) => {
                let kind = NodeKind::Sequence(Children::default());
                let id = self.push(kind, start.tag, start.anchor, mark);
                self.open(id, mark)?;
            }
            EventKind::MappingStart(start) => {
                let kind = NodeKind::Mapping(Children::default());
                let id = self.push(kind, start.tag, start.anchor, mark);
                self.open(id, mark)?;
            }
            EventKind::SequenceEnd | EventKind::MappingEnd => {
                self.open.pop();
            }
        }
        Ok(false)
    }

    fn push(&mut self, kind: NodeKind, tag: Option<String>, anchor: Option<String>, mark: Mark) -> NodeId {
        let id = NodeId(self.nodes.len());
        let next = None;
        self.nodes.push(Node {
            kind,
            tag,
            mark,
            next,
        });
        match self.open.last() {
            Some(&parent) => self.append(parent, id),
            None => self.root = Some(id),
        }
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor, id);
        }
        id
    }

    fn append(&mut self, parent: NodeId, child: NodeId) {
        let (NodeKind::Sequence(children) | NodeKind::Mapping(children)) = &mut self.nodes[parent.0].kind
        else {
            return;
        };
        let previous = children.last.replace(child);
        children.first = children.first.or(Some(child));
        if let Some(previous) = previous {
            self.nodes[previous.0].next = Some(child);
        }
    }

    /// Whether the innermost open mapping has a key without a value.
    fn expects_value(&self) -> bool {
        let Some(NodeKind::Mapping(children)) = self.open.last().map(|id| &self.nodes[id.0].kind) else {
            return false;
        };
        let children = std::iter::successors(children.first, |id| self.nodes[id.0].next);
        children.count() % 2 == 1
    }

    fn open(&mut self, id: NodeId, mark: Mark) -> Result<(), DecodeError> {
        if self.open.len() == MAX_DEPTH {
            return Err(error_at(depth_message(), mark));
        }
        self.open.push(id);
        Ok(())
    }
}

pub(crate) fn depth_message() -> String {
    format!("yaml: exceeded max depth of {MAX_DEPTH}")
}

pub(crate) fn error_at(message: String, mark: Mark) -> DecodeError {
    DecodeError::at(message, mark.line + 1, mark.column + 1)
}

/// Where libyaml misses the colon of a key, Go-YAML may see something else first, since it looks for old keys later.
fn missing_colon(yaml: &[u8], error: &ParseError, builder: &Builder) -> Option<DecodeError> {
    if error.kind != ParseErrorKind::Scanner || error.problem != "could not find expected ':'" {
        return None;
    }
    if let Some(problem) = misplaced_empty_collection(yaml, error.context_mark, builder) {
        let mark = error.context_mark;
        return Some(error_with_line(problem, mark.line, 0, mark));
    }
    // Plain scalars take the blanks that follow them, and then Go-YAML looks at once.
    let key = text_at(yaml, error.context_mark).first()?;
    if !matches!(key, b'[' | b'{' | b'*' | b'"' | b'\'') {
        return None;
    }
    let mark = error.problem_mark;
    match text_at(yaml, mark).first() {
        Some(b'\t' | b'@' | b'`') => {
            let problem = "found character that cannot start any token";
            Some(error_with_line(problem, mark.line, 1, mark))
        }
        None if mark.column > 0 => Some(error_with_line(&error.problem, mark.line, 2, mark)),
        _ => None,
    }
}

/// `[]` or `{}` where a key has to be: libyaml looks for a colon behind it, Go-YAML takes it for what it is, which
/// no key is.
fn misplaced_empty_collection(yaml: &[u8], mark: Mark, builder: &Builder) -> Option<&'static str> {
    let mut bytes = text_at(yaml, mark).iter();
    let close = match bytes.next()? {
        b'[' => b']',
        b'{' => b'}',
        _ => return None,
    };
    if bytes.find(|byte| !byte.is_ascii_whitespace()) != Some(&close) {
        return None;
    }
    let mut open = builder.open.iter().rev().map(|id| &builder.nodes[id.0]);
    let innermost = open.next()?;
    let column = innermost.mark.column;
    match innermost.kind {
        NodeKind::Mapping(_) if builder.expects_value() => None,
        NodeKind::Sequence(_) if open.next().is_none_or(|outer| outer.mark.column < column) => {
            Some("did not find expected '-' indicator")
        }
        _ => Some("did not find expected key"),
    }
}

/// A message with a line, from 0, unless it is the first.
fn error_with_line(problem: &str, line: u64, base: u64, mark: Mark) -> DecodeError {
    let message = match line {
        0 => format!("yaml: {problem}"),
        _ => format!("yaml: line {}: {problem}", line + base),
    };
    error_at(message, mark)
}

/// Go-YAML puts the line of the problem, else of its context, before the problem, and neither when they are
/// on the first line. Lines count from 0, and only for the scanner's problems from 1.
fn syntax_error(error: &ParseError) -> DecodeError {
    let scanner = u64::from(error.kind == ParseErrorKind::Scanner);
    let line = match (error.problem_mark.line, error.context_mark.line) {
        (0, context) => context,
        (problem, _) => problem + scanner,
    };
    let problem = match error.problem.as_str() {
        "" => "unknown problem parsing YAML content",
        // Where libyaml has corrected the spelling, Go-YAML has not.
        "did not find expected hexadecimal number" => "did not find expected hexdecimal number",
        problem => problem,
    };
    let message = match line {
        0 => format!("yaml: {problem}"),
        _ => format!("yaml: line {line}: {problem}"),
    };
    if error.kind == ParseErrorKind::Reader {
        DecodeError::new(message)
    } else {
        error_at(message, error.problem_mark)
    }
}
