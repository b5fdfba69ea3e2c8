//! YAML as Helm reads and prints it: go-yaml v2 behind the JSON bridge of sigs.k8s.io/yaml 1.6.0.
//!
//! [`decode`] and [`decode_strict`] read the first document of a stream, [`encode`] prints one.

mod decode;
mod encode;
mod error;
mod head;
mod native;
mod node;
mod order;
mod pretty;
mod quick;
mod resolve;
mod runtime;
mod source;
mod style;
mod target;
mod timestamp;

pub use error::DecodeError;
pub use head::{Head, HeadError, head};
pub use pretty::{EncodePrettyError, encode_pretty};
pub use runtime::{DecodeGoError, EncodeError, decode_go, decode_go_list, decode_go_map, encode_go};

use decode::{Duplicates, NonFinite};
use node::Document;
use skeg_yaml::Text;

use crate::value::Value;
use quick::Whole;

/// Decodes the first document of a YAML stream, as `yaml.Unmarshal` of sigs.k8s.io/yaml does up to the JSON
/// stage; an empty stream is `null`.
///
/// Keys become text (`1: a` has the key `"1"`, `y: a` the key `"true"`), of equal keys the last wins, merge
/// keys apply where they stand. Integers stay integers: see [`Value::into_float_numbers`].
///
/// # Errors
/// Malformed YAML; more than 500 levels; aliases that blow up; infinities and NaN; keys that JSON cannot
/// have. The text is Helm's.
pub fn decode(yaml: &[u8]) -> Result<Value, DecodeError> {
    if let Some(Whole(value)) = quick::read(yaml) {
        return Ok(value);
    }
    let text = Text::new(yaml);
    let document = Document::parse(&text)?;
    decode::decode(&document, Duplicates::LastWins, NonFinite::Refuse)
}

/// Decodes as [`decode`], but refuses equal keys in a mapping, as `yaml.UnmarshalStrict` does. A key that a
/// merge key has brought in is equal to one that follows it.
pub fn decode_strict(yaml: &[u8]) -> Result<Value, DecodeError> {
    let text = Text::new(yaml);
    let document = Document::parse(&text)?;
    decode::decode(&document, Duplicates::Refuse, NonFinite::Refuse)
}

/// Decodes as [`decode`], but keeps infinities and NaN, which only a [`crate::StructReader`] can use: where it
/// reads text, `.inf` is `"+Inf"`.
pub fn decode_for_struct(yaml: &[u8]) -> Result<Value, DecodeError> {
    if let Some(Whole(value)) = quick::read(yaml) {
        return Ok(value);
    }
    let text = Text::new(yaml);
    let document = Document::parse(&text)?;
    decode::decode(&document, Duplicates::LastWins, NonFinite::Keep)
}

/// Prints a value as `yaml.Marshal` of sigs.k8s.io/yaml does, with a line break at the end.
///
/// Helm cannot print, or damages, what the detour through JSON does not carry: control characters from U+007F to
/// U+009F, U+FFFE, U+FFFF, infinities, NaN, keys of more than 1024 bytes. Here they are escaped, or printed as
/// YAML has them.
pub fn encode(value: &Value) -> String {
    let bytes = encode::encode(value).unwrap_or_default();
    String::from_utf8(bytes).expect("because text is printed as text")
}
