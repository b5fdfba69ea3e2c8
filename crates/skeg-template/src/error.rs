//! Why a text cannot be parsed, and why a template cannot be executed.

use std::error::Error;
use std::fmt;
use std::ops::Range;

use skeg_go::{CallError, GoString};

/// A text that is no template. Displays as Go's one line, `template: NAME:LINE: …`.
#[derive(Debug)]
pub struct ParseError(Box<ParseErrorData>);

#[derive(Debug)]
struct ParseErrorData {
    name: GoString,
    line: usize,
    message: String,
    function: Option<UnknownFunction>,
}

/// A function that does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFunction {
    /// Its name.
    pub name: String,
    /// Names like it, the most similar first.
    pub candidates: Vec<String>,
}

impl ParseError {
    pub(crate) fn new(name: &GoString, line: usize, message: String) -> Self {
        Self(Box::new(ParseErrorData {
            name: name.clone(),
            line,
            message,
            function: None,
        }))
    }

    pub(crate) fn with_function(mut self, name: &str, candidates: Vec<String>) -> Self {
        self.0.function = Some(UnknownFunction {
            name: name.to_owned(),
            candidates,
        });
        self
    }

    /// The name of the text.
    pub fn name(&self) -> &GoString {
        &self.0.name
    }

    /// The line, counted from 1.
    pub fn line(&self) -> usize {
        self.0.line
    }

    /// What is wrong, without the place.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The function that does not exist, if that is what is wrong.
    pub fn unknown_function(&self) -> Option<&UnknownFunction> {
        self.0.function.as_ref()
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let data = &*self.0;
        write!(
            formatter,
            "template: {}:{}: {}",
            data.name.to_lossy(),
            data.line,
            data.message
        )
    }
}

impl Error for ParseError {}

/// A template that failed. Displays as Go's one line,
/// `template: NAME:LINE:COLUMN: executing "TEMPLATE" at <NODE>: …`.
#[derive(Debug)]
pub struct ExecError(Box<ExecErrorData>);

#[derive(Debug)]
struct ExecErrorData {
    frame: Option<Frame>,
    message: String,
    detail: Detail,
    source: Option<CallError>,
}

/// Where a template failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The name of the text, which is a file or `gotpl`.
    pub name: GoString,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in bytes, counted from 0 as Go does.
    pub column: usize,
    /// The name of the template that was being executed.
    pub template: GoString,
    /// The node as text.
    pub node: String,
    /// The text, all of it.
    pub text: GoString,
    /// The bytes of the node in the text.
    pub span: Range<usize>,
}

/// What is known about a failure beyond Go's text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Detail {
    /// Nothing.
    #[default]
    None,
    /// Something was asked for a field that is nil.
    NilPointer {
        /// The whole expression: `.Values.image.tag`.
        path: String,
        /// The part of it that is nil: `.Values.image`.
        nil: String,
        /// The field that was asked for.
        field: String,
    },
    /// A value that has no such field.
    MissingField {
        /// The type of the value.
        type_name: String,
        /// The field.
        field: String,
        /// What there is instead, if that is known.
        candidates: Vec<String>,
    },
    /// A value of the wrong type for a parameter.
    WrongType {
        /// The value.
        value: String,
        /// The type of the parameter.
        expected: String,
        /// The type of the value.
        found: String,
    },
    /// A template that does not exist.
    UnknownTemplate {
        /// Its name.
        name: String,
        /// Names like it, the most similar first.
        candidates: Vec<String>,
    },
    /// A function that failed; the source of the error tells why.
    Call {
        /// Its name.
        function: String,
    },
    /// A limit that was set, or that the machine sets.
    Limit,
}

impl ExecError {
    pub(crate) fn new(frame: Frame, message: String, detail: Detail) -> Self {
        Self(Box::new(ExecErrorData {
            frame: Some(frame),
            message,
            detail,
            source: None,
        }))
    }

    pub(crate) fn calling(frame: Frame, function: String, source: CallError) -> Self {
        Self(Box::new(ExecErrorData {
            frame: Some(frame),
            message: format!("error calling {function}: "),
            detail: Detail::Call { function },
            source: Some(source),
        }))
    }

    pub(crate) fn without_frame(message: String, detail: Detail) -> Self {
        Self(Box::new(ExecErrorData {
            frame: None,
            message,
            detail,
            source: None,
        }))
    }

    /// Where it failed; nowhere, if there is no template to execute.
    pub fn frame(&self) -> Option<&Frame> {
        self.0.frame.as_ref()
    }

    /// What is known beyond the text.
    pub fn detail(&self) -> &Detail {
        &self.0.detail
    }

    /// What is wrong, without the place.
    pub fn message(&self) -> String {
        match &self.0.source {
            Some(source) => format!("{}{source}", self.0.message),
            None => self.0.message.clone(),
        }
    }

    /// The failure of the function that was called.
    pub fn call_error(&self) -> Option<&CallError> {
        self.0.source.as_ref()
    }
}

impl fmt::Display for ExecError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("template: ")?;
        if let Some(frame) = &self.0.frame {
            write!(
                formatter,
                "{}:{}:{}: executing {} at <{}>: ",
                frame.name.to_lossy(),
                frame.line,
                frame.column,
                skeg_go::quote::quote_bytes(&frame.template),
                frame.node
            )?;
        }
        formatter.write_str(&self.0.message)?;
        match &self.0.source {
            Some(source) => fmt::Display::fmt(source, formatter),
            None => Ok(()),
        }
    }
}

impl Error for ExecError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let source = self.0.source.as_ref()?;
        Some(source)
    }
}

/// Why a text could not be executed as a template.
#[derive(Debug)]
pub enum TextError {
    /// It is no template.
    Parse(ParseError),
    /// It failed.
    Exec(ExecError),
}

impl fmt::Display for TextError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parse(error) => fmt::Display::fmt(error, formatter),
            Self::Exec(error) => fmt::Display::fmt(error, formatter),
        }
    }
}

impl Error for TextError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Parse(error) => error.source(),
            Self::Exec(error) => error.source(),
        }
    }
}

impl From<ParseError> for TextError {
    fn from(error: ParseError) -> Self {
        Self::Parse(error)
    }
}

impl From<ExecError> for TextError {
    fn from(error: ExecError) -> Self {
        Self::Exec(error)
    }
}
