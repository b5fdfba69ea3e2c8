//! Sprig's template functions, with the results and errors of sprig 3.3.0.
//!
//! [`functions`] has them all, but for `env` and `expandenv`, which Helm takes away.
//! Here: what each of them returns for which arguments, and how it fails. Not here: templates, which check the
//! arguments, and charts.
//!
//! ```
//! use skeg_go::GoValue;
//! use skeg_sprig::{Surroundings, functions};
//! use skeg_template::Body;
//!
//! let surroundings = Surroundings {
//!     now: || 0,
//!     time_zone: None,
//!     fill_random: |buffer| buffer.fill(4),
//!     host_addresses: |_| Vec::new(),
//! };
//! let functions = functions(&surroundings);
//! let trunc = functions.iter().find(|function| function.name == "trunc");
//! let Some(Body::Pure(trunc)) = trunc.map(|function| &function.body) else {
//!     panic!("`trunc` is a pure function");
//! };
//! let result = trunc(&[GoValue::int(3), GoValue::from("abcdef")])?;
//! assert_eq!(result.as_string().map(|text| text.as_bytes()), Some(&b"abc"[..]));
//! # Ok::<(), skeg_go::CallError>(())
//! ```
//!
//! Invariants: no function panics, whatever its arguments; maps change in place where Sprig changes them.

#![expect(
    clippy::unnecessary_wraps,
    reason = "functions in tables are of one type, whether they can fail or not"
)]

mod arguments;
mod cast;
mod crypto;
mod dates;
mod dicts;
mod encoding;
mod find;
mod json;
mod lists;
mod logic;
mod network;
mod numbers;
mod paths;
mod reflection;
mod regex;
mod strings;
mod surroundings;
mod table;
mod text;
mod unicode;
mod version;

pub use surroundings::Surroundings;
pub use table::functions;
