//! Go's `text/template`: parser, evaluator and built-in functions, with Go's error texts.
//!
//! Here: templates over [`skeg_go::GoValue`]. Not here: charts, YAML, Sprig.

mod function;

pub use function::{Body, Function};
