//! The parts of a template.

/// A part of a template.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    /// What stands in one pair of braces: each node works on the results of the one before.
    List(Vec<Node>),
    Text(String),
    Field(String),
    Wildcard,
    Recursive,
    Slice(Slice),
    Union(Vec<Vec<Node>>),
    Filter(Filter),
    Int(i64),
    Float(f64),
    Bool(bool),
    Identifier(String),
}

/// `[start:end:step]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Slice {
    pub(super) start: Option<i64>,
    pub(super) end: SliceEnd,
    pub(super) step: Option<i64>,
}

/// Where a slice ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum SliceEnd {
    /// At the end of the list: `[1:]`.
    #[default]
    Open,
    /// Before the element given.
    Before(i64),
    /// After the start: a single index.
    AfterStart,
}

/// `[?(left operator right)]`, or `[?(left)]` for what exists.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Filter {
    pub(super) left: Vec<Node>,
    pub(super) comparison: Option<(String, Vec<Node>)>,
}
