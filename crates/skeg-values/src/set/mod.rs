//! `--set`, `--set-string`, `--set-json`, `--set-file` and `--set-literal`: Helm's own little language.
//!
//! `a.b[1]=x,c={1,2}` sets values in a map: names separated by points, indexes in brackets, lists in braces,
//! a backslash before what is to be taken literally. Each function here takes one argument of one flag;
//! [`crate::UserValues`] takes all flags of a command line.
//!
//! ```
//! use skeg_go::GoMap;
//! use skeg_values::{set, yaml};
//!
//! let values = GoMap::new();
//! set::typed("image.tag=1\\.20,ports={80,null}", &values)?;
//! let printed = yaml::encode_go(&values.into()).unwrap();
//! assert_eq!(String::from_utf8_lossy(&printed), "image:\n  tag: \"1.20\"\nports:\n- 80\n- null\n");
//! # Ok::<(), set::SetError>(())
//! ```

mod parser;

use std::error::Error;

use skeg_go::{GoMap, GoValue};

use parser::{Parser, Right};

/// Why a file could not be read.
pub type ReadFileError = Box<dyn Error + Send + Sync>;

/// An argument that cannot be applied, in Helm's words, without `failed parsing --set data: `.
///
/// What stands before the mistake has been applied.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetError {
    /// A name without `=`.
    #[error("key {} has no value", skeg_go::quote::quote(.0))]
    NoValue(String),
    /// A name before a comma.
    #[error("key {} has no value (cannot end with ,)", skeg_go::quote::quote(.0))]
    EndsWithComma(String),
    /// A name and a point, but nothing that was set.
    #[error("key map {} has no value", skeg_go::quote::quote(.0))]
    EmptyMap(String),
    /// More than 30 names separated by points.
    #[error("value name nested level is greater than maximum supported nested level of 30")]
    TooManyNames,
    /// More indexes in a row than anybody needs.
    #[error("more than 200 indexes in a row")]
    TooManyIndexes,
    /// An index that is no number.
    #[error("error parsing index: strconv.Atoi: parsing {}: {reason}", skeg_go::quote::quote(.text))]
    InvalidIndex {
        /// The index as it was written.
        text: String,
        /// What is wrong, in Go's words.
        reason: &'static str,
    },
    /// An index below 0.
    #[error("negative {0} index not allowed")]
    NegativeIndex(i64),
    /// An index above 65536.
    #[error("index of {0} is greater than maximum supported index of 65536")]
    LargeIndex(i64),
    /// Something between `]` and `=`.
    #[error("unexpected data at end of array index: {0}")]
    AfterIndex(String),
    /// `{` without `}`.
    #[error("list must terminate with '}}'")]
    OpenList,
    /// A name leads through a value that is of another type.
    #[error("unable to parse key: interface conversion: interface {{}} is {found}, not {wanted}")]
    WrongType {
        /// The Go type of the value.
        found: String,
        /// The Go type that the name asks for.
        wanted: &'static str,
    },
    /// A value that is not JSON.
    #[error(transparent)]
    Json(#[from] crate::json::DecodeJsonError),
    /// A file that could not be read.
    #[error(transparent)]
    File(ReadFileError),
}

/// `--set`: `true`, `false`, `null` and integers are what they look like, anything else is text.
pub fn typed(argument: &str, values: &GoMap) -> Result<(), SetError> {
    Parser::new(argument, Right::Typed).apply(values)
}

/// `--set-string`: every value is text.
pub fn strings(argument: &str, values: &GoMap) -> Result<(), SetError> {
    Parser::new(argument, Right::Text).apply(values)
}

/// `--set-literal`: what follows the first `=` is text, commas and backslashes included.
pub fn literal(argument: &str, values: &GoMap) -> Result<(), SetError> {
    Parser::new(argument, Right::Literal).apply(values)
}

/// `--set-json`, names with values in JSON. Helm takes an argument that is an object as a whole for a map to merge
/// instead, see [`crate::UserValues`].
pub fn json(argument: &str, values: &GoMap) -> Result<(), SetError> {
    Parser::new(argument, Right::Json).apply(values)
}

/// `--set-file`: values are the contents of files, which `read` reads.
pub fn files(
    argument: &str,
    values: &GoMap,
    read: &mut dyn FnMut(&str) -> Result<Vec<u8>, ReadFileError>,
) -> Result<(), SetError> {
    Parser::new(argument, Right::File(read)).apply(values)
}

/// What `--set` takes a text for.
fn typed_value(text: String) -> GoValue {
    // Go folds case as Unicode does, where the long s is an s.
    let means = |word: &str| text.replace('\u{17f}', "s").eq_ignore_ascii_case(word);
    if means("true") {
        return true.into();
    }
    if means("false") {
        return false.into();
    }
    if means("null") {
        return GoValue::Nil;
    }
    let is_integer = text == "0" || !text.starts_with('0');
    match text.parse() {
        Ok(integer) if is_integer => GoValue::int64(integer),
        _ => text.into(),
    }
}
