//! The node tree of one document: events with anchors resolved, nothing interpreted.
//!
//! Nodes live in one vector in the order of the text, so that building and dropping a deep document takes no stack.

use std::borrow::Cow;
use std::collections::HashMap;

use skeg_yaml::{CollectionStart, EventKind, Mark, ParseError, ParseErrorKind, Parser, Text};

use super::error::DecodeError;

/// Collections within collections; Helm's parser stops at 10 000, which no chart comes near. Ours stops
/// where the recursion of later steps is still safe on a small stack.
pub(crate) const MAX_DEPTH: usize = 500;

/// The index of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct NodeId(usize);

#[derive(Debug)]
pub(crate) struct Node<'text> {
    pub(crate) kind: NodeKind<'text>,
    /// Boxed, because nearly all nodes have none.
    pub(crate) tag: Option<Box<Cow<'text, str>>>,
    pub(crate) mark: Mark,
}

#[derive(Debug)]
pub(crate) enum NodeKind<'text> {
    Scalar {
        value: Cow<'text, str>,
        /// Written plain and untagged.
        implicit: bool,
    },
    Sequence(Children),
    /// Keys and values alternate.
    Mapping(Children),
    Alias {
        anchor: &'text str,
        target: NodeId,
    },
}

/// The nodes of a collection: its children, each followed by its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Children {
    start: usize,
    end: usize,
}

/// The first document of a stream.
#[derive(Debug)]
pub(crate) struct Document<'text> {
    nodes: Vec<Node<'text>>,
}

impl<'text> Document<'text> {
    /// Reads the first document and no further than Go-YAML does to see its end.
    pub(crate) fn parse(text: &'text Text<'_>) -> Result<Self, DecodeError> {
        let mut builder = Builder::default();
        for event in Parser::new(text) {
            let event = event.map_err(|error| syntax_error(&error))?;
            if builder.add(event.kind, event.mark)? {
                break;
            }
        }
        let nodes = builder.nodes;
        Ok(Self { nodes })
    }

    /// The root node; none in an empty stream.
    pub(crate) fn root(&self) -> Option<NodeId> {
        (!self.nodes.is_empty()).then_some(NodeId(0))
    }

    pub(crate) fn node(&self, id: NodeId) -> &Node<'text> {
        &self.nodes[id.0]
    }

    pub(crate) fn children(&self, children: Children) -> impl Iterator<Item = NodeId> {
        let exists = move |id: &usize| *id < children.end;
        let first = Some(children.start).filter(exists);
        let following = move |id: &usize| Some(self.after(*id)).filter(exists);
        std::iter::successors(first, following).map(NodeId)
    }

    /// The place after a node and all that is in it.
    fn after(&self, id: usize) -> usize {
        match self.nodes[id].kind {
            NodeKind::Sequence(children) | NodeKind::Mapping(children) => children.end,
            NodeKind::Scalar { .. } | NodeKind::Alias { .. } => id + 1,
        }
    }
}

#[derive(Default)]
struct Builder<'text> {
    nodes: Vec<Node<'text>>,
    /// The collections that have not ended.
    open: Vec<usize>,
    anchors: HashMap<&'text str, NodeId>,
}

impl<'text> Builder<'text> {
    /// Takes one event; `true` at the end of the document.
    fn add(&mut self, event: EventKind<'text>, mark: Mark) -> Result<bool, DecodeError> {
        match event {
            EventKind::DocumentStart => {}
            EventKind::DocumentEnd => return Ok(true),
            EventKind::Alias { anchor } => {
                let Some(&target) = self.anchors.get(anchor) else {
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
                    implicit: scalar.implicit,
                };
                self.push(kind, scalar.tag, scalar.anchor, mark);
            }
            EventKind::SequenceStart(start) => self.open(NodeKind::Sequence, start, mark)?,
            EventKind::MappingStart(start) => self.open(NodeKind::Mapping, start, mark)?,
            EventKind::SequenceEnd | EventKind::MappingEnd => self.close(),
        }
        Ok(false)
    }

    fn push(
        &mut self,
        kind: NodeKind<'text>,
        tag: Option<Cow<'text, str>>,
        anchor: Option<&'text str>,
        mark: Mark,
    ) {
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor, NodeId(self.nodes.len()));
        }
        let tag = tag.map(Box::new);
        self.nodes.push(Node { kind, tag, mark });
    }

    fn open(
        &mut self,
        kind: fn(Children) -> NodeKind<'text>,
        start: CollectionStart<'text>,
        mark: Mark,
    ) -> Result<(), DecodeError> {
        if self.open.len() == MAX_DEPTH {
            return Err(error_at(depth_message(), mark));
        }
        let id = self.nodes.len();
        let none = Children {
            start: id + 1,
            end: id + 1,
        };
        self.open.push(id);
        self.push(kind(none), start.tag, start.anchor, mark);
        Ok(())
    }

    fn close(&mut self) {
        let end = self.nodes.len();
        if let Some(id) = self.open.pop()
            && let NodeKind::Sequence(children) | NodeKind::Mapping(children) = &mut self.nodes[id].kind
        {
            children.end = end;
        }
    }
}

pub(crate) fn depth_message() -> String {
    format!("yaml: exceeded max depth of {MAX_DEPTH}")
}

pub(crate) fn error_at(message: String, mark: Mark) -> DecodeError {
    DecodeError::at(message, mark.line as u64 + 1, mark.column as u64 + 1)
}

fn syntax_error(error: &ParseError) -> DecodeError {
    let message = format!("yaml: {error}");
    if error.kind == ParseErrorKind::Reader {
        DecodeError::new(message)
    } else {
        error_at(message, error.mark)
    }
}
