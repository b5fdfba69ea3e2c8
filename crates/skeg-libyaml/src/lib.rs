//! Safe YAML events from libyaml, the parser whose dialect Go-YAML speaks.
//!
//! Here: [`Parser`], an iterator of [`Event`]s with their [`Mark`]s, and [`ParseError`] with the parts that
//! Go-YAML builds its messages from. Not here: what a scalar means, anchors, documents as trees; that is
//! `skeg-values`.
//!
//! ```
//! use skeg_libyaml::{EventKind, Parser};
//!
//! let scalars: Vec<String> = Parser::new(b"name: demo\n")
//!     .filter_map(|event| match event.map(|event| event.kind) {
//!         Ok(EventKind::Scalar(scalar)) => Some(scalar.value),
//!         _ => None,
//!     })
//!     .collect();
//! assert_eq!(scalars, ["name", "demo"]);
//! ```
//!
//! Invariants: after the end of the stream or an error the iterator yields nothing more; all memory of the C
//! library is freed when the parser is dropped; nothing is read beyond the input slice. `unsafe` code is in
//! one private module, `raw`. Nesting is not limited here, and libyaml's own effort grows with its square:
//! a caller that reads hostile input stops at a depth of its choice.

mod error;
mod event;
mod parser;
mod raw;

pub use error::{ParseError, ParseErrorKind};
pub use event::{CollectionStart, Event, EventKind, Mark, Scalar, ScalarStyle};
pub use parser::Parser;
