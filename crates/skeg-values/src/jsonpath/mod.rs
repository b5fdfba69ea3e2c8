//! JSONPath templates of the Kubernetes client (`k8s.io/client-go/util/jsonpath` 0.37.1), which
//! `helm show values --jsonpath` prints with.
//!
//! Text stands for itself; actions stand in braces: fields (`{.image.tag}`, `{.image['a\.b']}`), indices and
//! slices (`{.list[0]}`, `{.list[-1:]}`), wildcards, unions (`{.list[0,2]}`), recursive descent (`{..name}`),
//! filters (`{.list[?(@.name=="x")]}`), loops (`{range .list[*]}…{end}`) and literals (`{"\n"}`).

mod error;
mod evaluate;
mod node;
mod parse;
mod unquote;

pub use error::{EvaluateJsonPathError, ParseJsonPathError};

use node::Node;

use crate::value::Value;

/// A parsed JSONPath template.
///
/// ```
/// use skeg_values::{jsonpath::JsonPath, yaml};
///
/// let values = yaml::decode(b"ports: [{name: http, port: 80}, {name: metrics, port: 9000}]")?;
/// let template = JsonPath::parse(r#"{range .ports[*]}{.name}={.port}{"\n"}{end}"#)?;
/// assert_eq!(template.evaluate(&values)?, "http=80\nmetrics=9000\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct JsonPath {
    nodes: Vec<Node>,
}

impl JsonPath {
    /// Parses a template.
    pub fn parse(template: &str) -> Result<Self, ParseJsonPathError> {
        parse::parse(template).map(|nodes| Self { nodes })
    }

    /// Prints what the template says about `value`, whose numbers all count as float64.
    ///
    /// Text, numbers and booleans print as Go's `%v`, lists and maps as compact JSON, several results with
    /// blanks between them. Entries of maps come in bytewise order of their keys, where Go's come at random.
    ///
    /// # Errors
    /// A field that is not there, an index out of bounds, a comparison of different kinds and so on. Helm
    /// 4.3.1 prints nothing then and succeeds.
    pub fn evaluate(&self, value: &Value) -> Result<String, EvaluateJsonPathError> {
        evaluate::evaluate(&self.nodes, value)
    }
}
