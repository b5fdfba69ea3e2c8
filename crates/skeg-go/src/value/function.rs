//! Functions and methods that templates call: what they take, and how they fail.

use std::error::Error;
use std::fmt;

use super::GoValue;

/// The type of a parameter. It decides which arguments are accepted and how constants are read
/// (`text/template`, `evalArg`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// `interface {}`: anything.
    Any,
    /// `bool`
    Bool,
    /// `int`
    Int,
    /// `int64`
    Int64,
    /// `float64`
    Float,
    /// `string`
    String,
    /// `map[string]interface {}`
    Map,
    /// `[]interface {}`
    List,
    /// `[]string`
    Strings,
    /// Another type, by its name as `%T` prints it, and whether it is a struct.
    Object {
        /// The name of the type.
        type_name: &'static str,
    },
}

impl Parameter {
    /// The name of the type, as messages have it.
    pub fn type_name(self) -> &'static str {
        match self {
            Self::Any => "interface {}",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Int64 => "int64",
            Self::Float => "float64",
            Self::String => "string",
            Self::Map => "map[string]interface {}",
            Self::List => "[]interface {}",
            Self::Strings => "[]string",
            Self::Object { type_name } => type_name,
        }
    }
}

/// A function without side effects that depends on its arguments only.
///
/// Whoever calls it has checked the arguments against the parameters: there are as many as it wants, and each
/// has the type of its parameter. `Nil` may stand where the parameter is of a type that can be `nil`: anything,
/// maps, lists.
#[derive(Clone, Copy, Debug)]
pub struct GoFunction {
    /// The name that templates call it by.
    pub name: &'static str,
    /// The parameters that must be there.
    pub parameters: &'static [Parameter],
    /// The type of any number of further parameters.
    pub variadic: Option<Parameter>,
    /// What it does.
    pub call: GoCall,
}

/// What a function does with its arguments.
pub type GoCall = fn(&[GoValue]) -> Result<GoValue, CallError>;

impl GoFunction {
    /// A function with a fixed number of parameters.
    pub const fn fixed(name: &'static str, parameters: &'static [Parameter], call: GoCall) -> Self {
        Self {
            name,
            parameters,
            variadic: None,
            call,
        }
    }

    /// A function that takes any number of `further` arguments.
    pub const fn variadic(
        name: &'static str,
        parameters: &'static [Parameter],
        further: Parameter,
        call: GoCall,
    ) -> Self {
        Self {
            name,
            parameters,
            variadic: Some(further),
            call,
        }
    }
}

/// A method of a type; the receiver is the first argument of the call and not among the parameters.
#[derive(Clone, Copy, Debug)]
pub struct Method {
    /// The name.
    pub name: &'static str,
    /// The parameters that must be there.
    pub parameters: &'static [Parameter],
    /// The type of any number of further parameters.
    pub variadic: Option<Parameter>,
    /// What it does.
    pub call: fn(&GoValue, &[GoValue]) -> Result<GoValue, CallError>,
}

/// Why a function failed: an error that it returned, or a panic that Go recovers from.
#[derive(Debug)]
pub struct CallError {
    message: String,
    source: Option<Box<dyn Error + 'static>>,
    /// Whether the text of the source follows the message.
    is_prefix: bool,
}

impl CallError {
    /// A failure with Go's text.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            source: None,
            is_prefix: false,
        }
    }

    /// A failure that wraps another (`%w`); `message` is the whole text, that of `source` included.
    pub fn wrapping(message: impl Into<String>, source: impl Error + 'static) -> Self {
        Self {
            message: message.into(),
            source: Some(Box::new(source)),
            is_prefix: false,
        }
    }

    /// A failure that wraps another, with the text of which its own ends.
    pub fn prefixing(prefix: impl Into<String>, source: impl Error + 'static) -> Self {
        Self {
            message: prefix.into(),
            source: Some(Box::new(source)),
            is_prefix: true,
        }
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)?;
        match &self.source {
            Some(source) if self.is_prefix => fmt::Display::fmt(source, formatter),
            _ => Ok(()),
        }
    }
}

impl Error for CallError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref()
    }
}
