//! Values against `values.schema.json`: JSON Schema from draft 4 to 2020-12, with the messages that Helm prints.
//!
//! [`validate`] judges the values of one chart. What a schema refers to is loaded through a [`SchemaSource`],
//! so that nothing here opens files or connections. Not here: the walk over a chart and its dependencies.
//!
//! Known differences: a fraction in `multipleOf` is judged in float64 where it stands below `anyOf`, `oneOf`,
//! `not` or `if`; patterns have the syntax of ECMAScript where it differs from Go's in ways that are not in
//! `patterns`; schemas nested deeper than 128 levels are refused.

mod compile;
mod formats;
mod instance;
mod message;
mod numbers;
mod patterns;
mod quick;
mod source;
mod tree;
mod violation;

use std::rc::Rc;

use serde_json::Value as Json;
use skeg_go::GoValue;

pub use instance::SchemaInstance;
pub use source::{NoSource, SchemaSource};
pub use violation::Violation;

use crate::Value;

/// The name that Helm gives to the schema of a chart.
const SCHEMA_URL: &str = "file:///values.schema.json";

/// Why values are refused; the text is Helm's, from the line after the name of the chart.
///
/// The text of [`SchemaError::Violations`] ends with a line end, the others do not: Helm writes the texts of
/// several charts one after the other as they are.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// The schema is not JSON.
    #[error("{0}")]
    NotJson(String),
    /// The schema is not a schema.
    #[error(
        "\"{url}\" is not valid against metaschema: jsonschema validation failed with '{metaschema}'{}",
        violation::Tree(violations)
    )]
    InvalidSchema {
        /// The schema that is not one, or the resource it refers to.
        url: String,
        /// What it should have followed.
        metaschema: String,
        /// Where it does not.
        violations: Vec<Violation>,
    },
    /// The schema refers to something that is not there, or cannot be used for another reason.
    #[error("{0}")]
    Unusable(String),
    /// The values do not follow the schema.
    #[error("{}\n", violation::Lines(.0))]
    Violations(Vec<Violation>),
}

/// Judges `values` by `schema`, the content of a `values.schema.json`.
///
/// ```
/// use skeg_values::{schema, yaml};
///
/// let values = yaml::decode(b"image: {tag: 1.2}\n")?;
/// let text = br#"{"properties": {"image": {"properties": {"tag": {"type": "string"}}}}}"#;
/// let error = schema::validate(text, &values, schema::NoSource).unwrap_err();
/// assert_eq!(error.to_string(), "- at '/image/tag': got number, want string\n");
/// # Ok::<(), yaml::DecodeError>(())
/// ```
pub fn validate(
    schema: &[u8],
    values: &(impl SchemaInstance + ?Sized),
    source: impl SchemaSource + 'static,
) -> Result<(), SchemaError> {
    let documents = Rc::new(source::Documents::new(source));
    let root = documents
        .add(SCHEMA_URL, schema)
        .map_err(|error| SchemaError::NotJson(error.to_string()))?;
    let instance = values.to_instance();
    if quick::accepts(&root, &instance) {
        return Ok(());
    }
    compile::judge(root, &instance, &documents)
}

impl SchemaInstance for Value {
    fn to_instance(&self) -> Json {
        self.into()
    }
}

impl SchemaInstance for GoValue {
    fn to_instance(&self) -> Json {
        instance::from_go(self)
    }
}
