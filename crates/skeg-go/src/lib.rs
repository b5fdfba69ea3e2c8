//! What is Go's own and nobody else's: Masterminds semver, JSON as Go writes it, quoting, number formatting.
//!
//! Here: text in, text out, byte for byte as Go 1.26's standard library and `Masterminds/semver` 3.5.0 have it.
//! Not here: values, YAML, templates. Start with [`semver::Version`] and [`semver::VersionConstraint`]; the
//! other modules are functions.
//!
//! ```
//! use skeg_go::semver::{Version, VersionConstraint};
//!
//! let constraint = VersionConstraint::parse("~1.2")?;
//! assert!(constraint.check(&Version::parse("v1.2.9")?));
//! assert!(!constraint.check(&Version::parse("1.3.0")?));
//!
//! let mut json = String::new();
//! skeg_go::json::write_string(&mut json, "a<b");
//! assert_eq!(json, r#""a\u003cb""#);
//! assert_eq!(skeg_go::quote::quote("tab\t"), r#""tab\t""#);
//! assert_eq!(skeg_go::number::format_f64(1_234_567.5), "1.2345675e+06");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Invariants: no function panics, reads the environment or allocates more than a small multiple of its input.

pub mod base64;
pub mod equal;
pub mod errors;
pub mod expand;
pub mod fmt;
pub mod glob;
pub mod json;
pub mod net_url;
pub mod number;
pub mod path;
pub mod path_match;
pub mod quote;
pub mod regexp;
pub mod semver;
pub mod sort;
pub mod strconv;
pub mod time;
pub mod unicode;

mod value;

pub use value::{
    CallError, GoCall, GoFunction, GoList, GoMap, GoObject, GoString, GoType, GoValue, IntType, Kind, Method,
    NamedType, Parameter, UintType,
};
