//! The parsed form of a text: flat vectors of small nodes that refer to each other by index.
//!
//! Names are ranges of the source text. Whatever can be worked out once is: functions are looked up, constants
//! are read, variables know where they will be.

use std::rc::Rc;

use skeg_go::{GoString, GoValue};

use crate::Function;
use crate::builtin::Builtin;

/// A range of bytes of the source text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Span {
    pub(crate) fn of(self, text: &[u8]) -> &[u8] {
        &text[self.start as usize..self.end as usize]
    }
}

/// Consecutive elements of one of the vectors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Run {
    pub(crate) fn of<T>(self, elements: &[T]) -> &[T] {
        &elements[self.start as usize..self.end as usize]
    }

    pub(crate) fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    pub(crate) fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// All but the first element.
    pub(crate) fn tail(self) -> Self {
        Self {
            start: (self.start + 1).min(self.end),
            end: self.end,
        }
    }
}

/// A text and its name, and everything that was parsed from it.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) name: GoString,
    pub(crate) text: GoString,
    pub(crate) code: Code,
    /// The templates that the text defines, the main one among them.
    pub(crate) trees: Vec<Tree>,
}

impl Parsed {
    pub(crate) fn tree(&self, name: &[u8]) -> Option<&Tree> {
        self.trees.iter().find(|tree| *tree.name == *name)
    }
}

/// One template.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) name: GoString,
    pub(crate) root: Run,
    /// Whether there is nothing but space in it.
    pub(crate) is_empty: bool,
}

/// The nodes of a text.
#[derive(Debug, Default)]
pub(crate) struct Code {
    pub(crate) nodes: Vec<Node>,
    pub(crate) branches: Vec<Branch>,
    pub(crate) invocations: Vec<Invocation>,
    pub(crate) pipes: Vec<Pipe>,
    pub(crate) commands: Vec<Command>,
    pub(crate) operands: Vec<Operand>,
    pub(crate) chains: Vec<Chain>,
    pub(crate) variables: Vec<Variable>,
    pub(crate) functions: Vec<FunctionUse>,
    pub(crate) fields: Vec<Span>,
    pub(crate) strings: Vec<Text>,
    pub(crate) numbers: Vec<Number>,
}

/// What stands outside of expressions.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Node {
    Text(Span),
    /// A pipeline whose value is printed, unless it sets variables.
    Action(u32),
    Branch(u32),
    Invocation(u32),
    Break,
    Continue,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BranchKind {
    If,
    With,
    Range,
}

/// `if`, `with` or `range`.
#[derive(Debug)]
pub(crate) struct Branch {
    pub(crate) kind: BranchKind,
    pub(crate) pipe: u32,
    pub(crate) body: Run,
    pub(crate) otherwise: Otherwise,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Otherwise {
    Nothing,
    Body(Run),
    /// `else if`, `else with`.
    Branch(u32),
}

/// `{{template "name" pipeline}}`
#[derive(Debug)]
pub(crate) struct Invocation {
    pub(crate) position: u32,
    pub(crate) name: GoString,
    pub(crate) pipe: Option<u32>,
}

#[derive(Debug)]
pub(crate) struct Pipe {
    pub(crate) position: u32,
    pub(crate) is_assignment: bool,
    pub(crate) shape: Shape,
    /// The variables that are set.
    pub(crate) variables: Run,
    pub(crate) commands: Run,
}

/// What is special about a pipeline, so that its value can be had without further ado.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    /// Nothing.
    Any,
    /// It is nothing but fields of `.`, and sets no variables.
    Fields(Run),
    /// It is nothing but a variable, maybe with fields, and sets none.
    Variable(u32),
}

#[derive(Debug)]
pub(crate) struct Command {
    pub(crate) position: u32,
    pub(crate) operands: Run,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Operand {
    Dot {
        position: u32,
    },
    Nil {
        position: u32,
    },
    Bool {
        position: u32,
        value: bool,
    },
    Number(u32),
    Text(u32),
    Field {
        position: u32,
        fields: Run,
    },
    Variable(u32),
    Function(u32),
    /// A pipeline in parentheses.
    Pipe(u32),
    Chain(u32),
}

/// An operand with fields: `(pipeline).x.y`.
#[derive(Debug)]
pub(crate) struct Chain {
    pub(crate) position: u32,
    /// A pipeline or a function.
    pub(crate) base: u32,
    pub(crate) fields: Run,
}

#[derive(Debug)]
pub(crate) struct Variable {
    pub(crate) position: u32,
    pub(crate) name: Span,
    /// The name as a number, within this text.
    pub(crate) id: u32,
    /// Where it is found among the variables of the template, unless a pipeline that was to declare one
    /// before it is skipped.
    pub(crate) slot: u32,
    pub(crate) fields: Run,
}

#[derive(Debug)]
pub(crate) struct FunctionUse {
    pub(crate) name: Span,
    pub(crate) callee: Callee,
}

#[derive(Clone, Debug)]
pub(crate) enum Callee {
    Builtin(Builtin),
    Function(Rc<Function>),
}

/// A constant string.
#[derive(Debug)]
pub(crate) struct Text {
    /// As written, with quotes.
    pub(crate) span: Span,
    pub(crate) value: GoString,
}

/// A constant number, as all types that can have its value.
#[derive(Debug)]
pub(crate) struct Number {
    pub(crate) span: Span,
    pub(crate) int: Option<i64>,
    pub(crate) float: Option<f64>,
    /// Its value where no type is asked for; none if it is too large for `int`.
    pub(crate) ideal: Option<GoValue>,
}
