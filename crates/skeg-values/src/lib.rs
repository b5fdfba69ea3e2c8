//! YAML and JSON values as Helm sees them.
//!
//! Here: [`Value`], reading and printing YAML byte for byte as Helm's libraries do ([`yaml`]), JSON as Go has it
//! ([`json`]), both for documents and for the values that templates compute with; what a user says about values
//! ([`UserValues`], [`set`]), the Kubernetes client's templates ([`jsonpath`]), filling structs from a decoded
//! document with Go's rules and messages ([`StructReader`]), judging values by a JSON schema ([`schema`]), TOML ([`toml`]).
//! Not here: files, charts, templates.
//!
//! ```
//! use skeg_values::yaml;
//!
//! let value = yaml::decode(b"on: yes\nport: 0o17\nimage: {tag: '1.20'}\n")?;
//! assert_eq!(value.get("true").and_then(|v| v.as_bool()), Some(true));
//! assert_eq!(value.get("port").and_then(|v| v.as_i64()), Some(15));
//! assert_eq!(yaml::encode(&value), "image:\n  tag: \"1.20\"\nport: 15\n\"true\": true\n");
//! # Ok::<(), yaml::DecodeError>(())
//! ```
//!
//! Invariants: decoding is bounded in depth and in what aliases may blow up; printing never fails; what was
//! printed decodes to the same value, but for what go-yaml itself prints wrongly (the key `<<`, line separators in
//! block text).

pub mod json;
pub mod jsonpath;
pub mod schema;
pub mod set;
pub mod toml;
pub mod yaml;

mod base64;
mod convert;
mod documents;
mod struct_reader;
mod user_values;
mod value;

pub use documents::{SeparatorError, split_document, with_last_line_break};
pub use struct_reader::{ReadStructError, StructReader};
pub use user_values::{DecodeValuesError, UserValues, UserValuesError, decode_values, merge_maps};
pub use value::{Map, MapIter, Value};
