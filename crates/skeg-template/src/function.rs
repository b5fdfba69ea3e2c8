//! The functions that a template can call.

use std::fmt;
use std::rc::Rc;

use skeg_go::{CallError, GoFunction, GoValue, Parameter};

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

/// What a function does with its arguments, which have been checked against its parameters.
#[derive(Clone)]
pub enum Body {
    /// Depends on the arguments only.
    Pure(fn(&[GoValue]) -> Result<GoValue, CallError>),
    /// Has state of its own: a clock, random numbers, a cluster.
    Stateful(Rc<dyn Fn(&[GoValue]) -> Result<GoValue, CallError>>),
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
        })
    }
}
