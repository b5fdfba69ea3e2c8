//! Parts of a parsed pattern, with the measures that Go limits.

use regex_syntax::hir::{Capture, Hir, Repetition};

use super::error::Reason;

const MAX_HEIGHT: u32 = 1000;
const MAX_SIZE: u64 = (128 << 20) / 40;
const MAX_REPETITIONS: u64 = 1000;

/// A part of a pattern.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) hir: Hir,
    shape: Shape,
    /// How deep the tree is that Go would build.
    height: u32,
    /// How many instructions Go would need.
    size: u64,
    /// How many copies of its innermost part counted repetitions ask for.
    repetitions: u64,
}

/// Concatenations of concatenations and alternatives of alternatives are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Concatenation,
    Alternation,
    Other,
}

/// How often something may be repeated.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    pub(super) min: u32,
    pub(super) max: Option<u32>,
    /// Written in braces.
    pub(super) is_counted: bool,
}

impl Node {
    pub(super) fn leaf(hir: Hir) -> Self {
        Self {
            hir,
            shape: Shape::Other,
            height: 1,
            size: 1,
            repetitions: 1,
        }
    }

    pub(super) fn literal(c: char) -> Self {
        let mut buffer = [0; 4];
        Self::leaf(Hir::literal(c.encode_utf8(&mut buffer).as_bytes()))
    }

    pub(super) fn capture(self, index: u32) -> Result<Self, Reason> {
        let capture = Capture {
            index,
            name: None,
            sub: Box::new(self.hir),
        };
        Self {
            hir: Hir::capture(capture),
            shape: Shape::Other,
            height: self.height + 1,
            size: self.size + 2,
            repetitions: self.repetitions,
        }
        .checked()
    }

    pub(super) fn repeated(self, times: Times, greedy: bool) -> Result<Self, Reason> {
        let repetition = Repetition {
            min: times.min,
            max: times.max,
            greedy,
            sub: Box::new(self.hir),
        };
        let repeated = Self {
            hir: Hir::repetition(repetition),
            shape: Shape::Other,
            height: self.height + 1,
            size: times.size_of(self.size).max(1),
            repetitions: times.repetitions_of(self.repetitions),
        }
        .checked()?;
        let is_many = times.min >= 2 || times.max.is_some_and(|max| max >= 2);
        if times.is_counted && is_many && repeated.repetitions > MAX_REPETITIONS {
            return Err(Reason::RepeatCount);
        }
        Ok(repeated)
    }

    pub(super) fn concatenation(nodes: Vec<Self>) -> Result<Self, Reason> {
        Self::joined(nodes, Shape::Concatenation, Hir::concat)
    }

    pub(super) fn alternation(nodes: Vec<Self>) -> Result<Self, Reason> {
        Self::joined(nodes, Shape::Alternation, Hir::alternation)
    }

    fn joined(mut nodes: Vec<Self>, shape: Shape, join: fn(Vec<Hir>) -> Hir) -> Result<Self, Reason> {
        if nodes.len() == 1
            && let Some(node) = nodes.pop()
        {
            return Ok(node);
        }
        let own_height = |node: &Self| node.height - u32::from(node.shape == shape);
        Self {
            shape,
            height: nodes.iter().map(own_height).max().unwrap_or(0) + 1,
            size: nodes
                .iter()
                .fold(0, |size: u64, node| size.saturating_add(node.size))
                .max(1),
            repetitions: nodes.iter().map(|node| node.repetitions).max().unwrap_or(1),
            hir: join(nodes.into_iter().map(|node| node.hir).collect()),
        }
        .checked()
    }

    fn checked(self) -> Result<Self, Reason> {
        if self.size > MAX_SIZE {
            return Err(Reason::TooLarge);
        }
        if self.height > MAX_HEIGHT {
            return Err(Reason::NestingDepth);
        }
        Ok(self)
    }
}

impl Times {
    fn size_of(self, size: u64) -> u64 {
        let min = u64::from(self.min);
        match self.max {
            Some(max) if self.is_counted => {
                let max = u64::from(max);
                max.saturating_mul(size).saturating_add(max - min)
            }
            None if self.is_counted && min > 0 => min.saturating_mul(size).saturating_add(1),
            Some(_) => size.saturating_add(1),
            None => size.saturating_add(2 - min.min(1)),
        }
    }

    fn repetitions_of(self, inner: u64) -> u64 {
        match (self.is_counted, self.max) {
            (false, _) => inner,
            (true, Some(0)) => 1,
            (true, max) => inner.saturating_mul(u64::from(max.unwrap_or(self.min).max(1))),
        }
    }
}
