//! The functions that a template can call.

use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;

use skeg_go::{CallError, GoFunction, GoValue, Parameter};

use crate::Caller;
use crate::hash::FastHasher;

/// A function and what it takes.
#[derive(Clone, Debug)]
pub struct Function {
    /// The name that templates call it by.
    pub name: &'static str,
    /// The parameters that must be there.
    pub parameters: &'static [Parameter],
    /// The type of any number of further parameters.
    pub variadic: Option<Parameter>,
    /// What it does.
    pub body: Body,
}

/// A function that has state of its own.
pub type StatefulFunction = dyn Fn(&[GoValue]) -> Result<GoValue, CallError>;

/// A function that executes templates.
pub type CallerFunction = dyn Fn(&mut Caller<'_>, &[GoValue]) -> Result<GoValue, CallError>;

/// What a function does with its arguments, which have been checked against its parameters.
#[derive(Clone)]
pub enum Body {
    /// Depends on the arguments only.
    Pure(fn(&[GoValue]) -> Result<GoValue, CallError>),
    /// Has state of its own: a clock, random numbers, a cluster.
    Stateful(Rc<StatefulFunction>),
    /// Executes templates, as those that call it see them.
    Caller(Rc<CallerFunction>),
}

impl Function {
    /// A function with a fixed number of parameters and state of its own.
    pub fn stateful(
        name: &'static str,
        parameters: &'static [Parameter],
        call: impl Fn(&[GoValue]) -> Result<GoValue, CallError> + 'static,
    ) -> Self {
        Self {
            name,
            parameters,
            variadic: None,
            body: Body::Stateful(Rc::new(call)),
        }
    }
}

impl From<GoFunction> for Function {
    fn from(function: GoFunction) -> Self {
        Self {
            name: function.name,
            parameters: function.parameters,
            variadic: function.variadic,
            body: Body::Pure(function.call),
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Pure(_) => "Pure",
            Self::Stateful(_) => "Stateful",
            Self::Caller(_) => "Caller",
        })
    }
}

/// Functions by their names. The built-in ones of `text/template` need not be in it; one that is replaces the
/// built-in.
#[derive(Clone, Debug, Default)]
pub struct FunctionTable {
    functions: HashMap<&'static str, Rc<Function>, FastHasher>,
}

impl FunctionTable {
    /// A table without functions.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a function, in place of the one that had its name.
    pub fn insert(&mut self, function: impl Into<Function>) {
        let function = function.into();
        self.functions.insert(function.name, Rc::new(function));
    }

    /// The function of this name.
    pub fn get(&self, name: &str) -> Option<&Rc<Function>> {
        self.functions.get(name)
    }

    /// All names, in no order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.functions.keys().copied()
    }

    /// The number of functions.
    pub fn len(&self) -> usize {
        self.functions.len()
    }

    /// Whether there are no functions.
    pub fn is_empty(&self) -> bool {
        self.functions.is_empty()
    }
}

impl<F: Into<Function>> Extend<F> for FunctionTable {
    fn extend<I: IntoIterator<Item = F>>(&mut self, functions: I) {
        for function in functions {
            self.insert(function);
        }
    }
}

impl<F: Into<Function>> FromIterator<F> for FunctionTable {
    fn from_iter<I: IntoIterator<Item = F>>(functions: I) -> Self {
        let mut table = Self::new();
        table.extend(functions);
        table
    }
}
