//! Go's `text/template`: parser, evaluator and built-in functions, with Go's error texts.
//!
//! Here: templates over [`skeg_go::GoValue`]. Not here: charts, YAML, Sprig.
//!
//! ```
//! use skeg_go::{GoMap, GoValue};
//! use skeg_template::{FunctionTable, TemplateSet};
//!
//! let mut set = TemplateSet::new(FunctionTable::new());
//! set.parse("greeting", b"Hello, {{ .name }}!{{ range $i, $x := .list }} {{ $i }}={{ $x }}{{ end }}")?;
//! let data = GoMap::from_iter([
//!     ("name", GoValue::from("world")),
//!     ("list", GoValue::strings(["a", "b"])),
//! ]);
//! let mut out = Vec::new();
//! set.execute("greeting", &GoValue::from(data), &mut out)?;
//! assert_eq!(out, b"Hello, world! 0=a 1=b");
//!
//! let error = set.parse("broken", b"{{ if }}").unwrap_err();
//! assert_eq!(error.to_string(), "template: broken:1: missing value for if");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod ast;
mod builtin;
mod caller;
mod complex;
mod error;
mod exec;
mod function;
mod hash;
mod limits;
mod parse;
mod print;
mod set;
mod stack;
mod suggest;

pub use caller::Caller;
pub use error::{Detail, ExecError, Frame, ParseError, TextError, UnknownFunction};
pub use function::{Body, CallerFunction, Function, FunctionTable, StatefulFunction};
pub use limits::Limits;
pub use set::TemplateSet;
pub use suggest::similar;
