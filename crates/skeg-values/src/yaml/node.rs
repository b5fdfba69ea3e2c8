//! The node tree of one document: events with anchors resolved, nothing interpreted.
//!
//! Nodes live in one vector and refer to each other by index, so that building and dropping a deep document
//! takes no stack.

use std::borrow::Cow;
use std::collections::HashMap;

use skeg_yaml::{EventKind, Mark, ParseError, ParseErrorKind, Parser, Text};

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
    pub(crate) tag: Option<Cow<'text, str>>,
    pub(crate) mark: Mark,
    next: Option<NodeId>,
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

/// The first and the last child of a collection; the others follow [`Node::next`].
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Children {
    first: Option<NodeId>,
    last: Option<NodeId>,
}

/// The first document of a stream.
#[derive(Debug)]
pub(crate) struct Document<'text> {
    nodes: Vec<Node<'text>>,
    root: Option<NodeId>,
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
        Ok(Self {
            nodes: builder.nodes,
            root: builder.root,
        })
    }

    /// The root node; none in an empty stream.
    pub(crate) fn root(&self) -> Option<NodeId> {
        self.root
    }

    pub(crate) fn node(&self, id: NodeId) -> &Node<'text> {
        &self.nodes[id.0]
    }

    pub(crate) fn children(&self, children: Children) -> impl Iterator<Item = NodeId> {
        std::iter::successors(children.first, |id| self.node(*id).next)
    }
}

#[derive(Default)]
struct Builder<'text> {
    nodes: Vec<Node<'text>>,
    root: Option<NodeId>,
    open: Vec<NodeId>,
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

    fn push(
        &mut self,
        kind: NodeKind<'text>,
        tag: Option<Cow<'text, str>>,
        anchor: Option<&'text str>,
        mark: Mark,
    ) -> NodeId {
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
