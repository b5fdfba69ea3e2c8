//! Why a text is no number.

use std::error::Error;
use std::fmt;

use crate::quote::quote_bytes;

/// A text that is no number, or one that is out of range (`strconv.NumError`).
#[derive(Clone, Debug, PartialEq)]
pub struct NumberError<T> {
    function: &'static str,
    text: Vec<u8>,
    problem: NumberProblem,
    value: T,
}

/// What is wrong with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberProblem {
    /// `invalid syntax`
    Syntax,
    /// `value out of range`
    Range,
}

impl<T> NumberError<T> {
    pub(super) fn new(function: &'static str, text: &[u8], problem: NumberProblem, value: T) -> Self {
        Self {
            function,
            text: text.to_vec(),
            problem,
            value,
        }
    }

    /// The error of another function that was given other text.
    pub(super) fn from(self, function: &'static str, text: &[u8]) -> Self {
        Self::new(function, text, self.problem, self.value)
    }

    /// What is wrong.
    pub fn problem(&self) -> NumberProblem {
        self.problem
    }

    /// What Go returns beside the error: the nearest number in range, or zero.
    pub fn into_value(self) -> T {
        self.value
    }
}

impl<T> fmt::Display for NumberError<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problem = match self.problem {
            NumberProblem::Syntax => "invalid syntax",
            NumberProblem::Range => "value out of range",
        };
        let (function, text) = (self.function, quote_bytes(&self.text));
        write!(formatter, "strconv.{function}: parsing {text}: {problem}")
    }
}

impl<T: fmt::Debug> Error for NumberError<T> {}
