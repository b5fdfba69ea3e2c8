//! YAML events, as Go-YAML v2 sees them.
//!
//! Here: [`Text`], the characters of a stream; [`Parser`], an iterator of [`Event`]s over it with their [`Mark`]s;
//! and [`ParseError`] in Go-YAML's words. Not here: what a scalar means, what an alias stands for, documents as
//! trees; that is `skeg-values`.
//!
//! ```
//! use skeg_yaml::{EventKind, Parser, Text};
//!
//! let text = Text::new(b"name: demo\n");
//! let scalars: Vec<String> = Parser::new(&text)
//!     .filter_map(|event| match event.map(|event| event.kind) {
//!         Ok(EventKind::Scalar(scalar)) => Some(scalar.value.into_owned()),
//!         _ => None,
//!     })
//!     .collect();
//! assert_eq!(scalars, ["name", "demo"]);
//! ```
//!
//! Invariants: the parser reads no further than Go-YAML's would to yield the same event, so that whoever looks at
//! events one by one meets the same mistake first; no input makes it panic or recurse; its effort is linear.

mod character;
mod error;
mod event;
mod parser;
mod scanner;
mod text;

pub use error::{ParseError, ParseErrorKind};
pub use event::{CollectionStart, Event, EventKind, Mark, Scalar, ScalarStyle};
pub use parser::Parser;
pub use text::Text;
