//! Filling a struct from a decoded document, as sigs.k8s.io/yaml and `encoding/json` fill Go's.

use std::collections::BTreeMap;

use skeg_go::number::{format_f32, format_f64};

use crate::value::{Map, Value};

/// A document that does not fit the struct.
///
/// The text is Helm 4.3.1's, whose `encoding/json` is Go 1.27's: `error unmarshaling JSON: while decoding
/// JSON: json: cannot unmarshal object into Go struct field .name of type string`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadStructError {
    /// The document itself is no mapping.
    #[error(
        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {kind} into Go value of type {expected}"
    )]
    NotAnObject {
        /// What it is, such as `array`.
        kind: &'static str,
        /// The Go type of the struct.
        expected: &'static str,
    },
    /// A field or an element has the wrong kind.
    #[error(
        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {kind} into {}{path} of type {expected}",
        if *.is_element { "" } else { "Go struct field " }
    )]
    WrongKind {
        /// What it is, such as `array`.
        kind: &'static str,
        /// Where it is, such as `.maintainers.0.email`.
        path: String,
        /// The Go type of the field.
        expected: String,
        /// Whether it is an element of a list.
        is_element: bool,
    },
    /// A number that JSON does not have, where not even text is wanted.
    #[error("error converting YAML to JSON: json: unsupported value: {0}")]
    NonFinite(String),
}

/// Reads the fields of a struct from a map, with Go's rules.
///
/// Where text is wanted, numbers and booleans become text, floats at 32 bits (`1.20` is `"1.2"`); `null` leaves
/// the zero value; names match whatever their ASCII case, the last in bytewise order wins; unknown names are
/// ignored. Reading never stops: [`Self::finish`] reports the mistake that Go meets first.
///
/// ```
/// use skeg_values::{StructReader, yaml};
///
/// let value = yaml::decode_for_struct(b"Name: 1.20\ntags: [a, true]\n")?;
/// let mut reader = StructReader::new(&value, "v2.Metadata")?;
/// assert_eq!(reader.string("name"), "1.2");
/// assert_eq!(reader.strings("tags"), ["a", "true"]);
/// reader.finish()?;
///
/// let value = yaml::decode_for_struct(b"name: {}\n")?;
/// let mut reader = StructReader::new(&value, "v2.Metadata")?;
/// reader.string("name");
/// assert_eq!(
///     reader.finish().unwrap_err().to_string(),
///     "error unmarshaling JSON: while decoding JSON: \
///      json: cannot unmarshal object into Go struct field .name of type string"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "mistakes are reported by `finish`"]
pub struct StructReader<'value> {
    map: Option<&'value Map>,
    path: Vec<Step<'value>>,
    problems: Vec<Problem<'value>>,
    /// The infinities and NaN of the document, in the order of its JSON.
    non_finite: Vec<f64>,
    /// How many of them were read as text, which JSON does have, by their bits.
    non_finite_texts: BTreeMap<u64, usize>,
}

/// A step from a value to one within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step<'value> {
    Key(&'value str),
    Index(usize),
}

#[derive(Debug)]
struct Problem<'value> {
    path: Vec<Step<'value>>,
    kind: &'static str,
    expected: String,
}

impl<'value> StructReader<'value> {
    /// Begins to read the document; `null` is an empty struct. `go_type` is for the message.
    pub fn new(value: &'value Value, go_type: &'static str) -> Result<Self, ReadStructError> {
        let mut non_finite = Vec::new();
        collect_non_finite(value, &mut non_finite);
        let map = match (value, non_finite.first()) {
            (Value::Null, _) => None,
            (Value::Map(map), _) => Some(map),
            (_, Some(number)) => return Err(ReadStructError::NonFinite(format_f64(*number))),
            (other, None) => {
                return Err(ReadStructError::NotAnObject {
                    kind: other.json_kind(),
                    expected: go_type,
                });
            }
        };
        Ok(Self {
            map,
            path: Vec::new(),
            problems: Vec::new(),
            non_finite,
            non_finite_texts: BTreeMap::new(),
        })
    }

    /// A field of type `string`.
    pub fn string(&mut self, name: &str) -> String {
        let mut text = String::new();
        for (key, value) in self.fields(name) {
            text = self.text(Step::Key(key), value).unwrap_or(text);
        }
        text
    }

    /// A field of type `bool`.
    pub fn bool(&mut self, name: &str) -> bool {
        let mut flag = false;
        for (key, value) in self.fields(name) {
            match value {
                Value::Null => {}
                Value::Bool(value) => flag = *value,
                other => self.problem(&[Step::Key(key)], other, "bool"),
            }
        }
        flag
    }

    /// A field of type `[]string`; elements that are `null` are empty.
    pub fn strings(&mut self, name: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for (key, items) in self.lists(name, "[]string") {
            self.path.push(Step::Key(key));
            texts = items
                .iter()
                .enumerate()
                .map(|(index, item)| self.text(Step::Index(index), item).unwrap_or_default())
                .collect();
            self.path.pop();
        }
        texts
    }

    /// A field of type `map[string]string`; `None` when it is absent or `null`.
    pub fn string_map(&mut self, name: &str) -> Option<BTreeMap<String, String>> {
        let mut texts = None;
        for (key, value) in self.fields(name) {
            let entries = match value {
                Value::Null => {
                    texts = None;
                    continue;
                }
                Value::Map(entries) => entries,
                other => {
                    self.problem(&[Step::Key(key)], other, "map[string]string");
                    continue;
                }
            };
            let texts = texts.get_or_insert_with(BTreeMap::new);
            self.path.push(Step::Key(key));
            for (entry, value) in entries {
                let text = self.text(Step::Key(entry), value).unwrap_or_default();
                texts.insert(entry.to_owned(), text);
            }
            self.path.pop();
        }
        texts
    }

    /// A field of type `[]any`.
    pub fn values(&mut self, name: &str) -> Vec<Value> {
        let mut values = Vec::new();
        for (_, items) in self.lists(name, "[]interface {}") {
            values = items.to_vec();
        }
        values
    }

    /// A field that is a list of pointers to structs of the Go type `go_type`; elements that are `null` are
    /// `None`.
    pub fn structs<T>(
        &mut self,
        name: &str,
        go_type: &str,
        mut read: impl FnMut(&mut Self) -> T,
    ) -> Vec<Option<T>> {
        let mut structs = Vec::new();
        for (key, items) in self.lists(name, &format!("[]*{go_type}")) {
            structs.clear();
            for (index, item) in items.iter().enumerate() {
                let steps = [Step::Key(key), Step::Index(index)];
                let map = match item {
                    Value::Null => {
                        structs.push(None);
                        continue;
                    }
                    Value::Map(map) => Some(map),
                    other => {
                        self.problem(&steps, other, go_type);
                        continue;
                    }
                };
                let outer = std::mem::replace(&mut self.map, map);
                self.path.extend(steps);
                structs.push(Some(read(self)));
                self.path.truncate(self.path.len() - steps.len());
                self.map = outer;
            }
        }
        structs
    }

    /// A field that is a pointer to a struct of the Go type `go_type`; `None` when it is absent or `null`.
    pub fn structure<T>(
        &mut self,
        name: &str,
        go_type: &str,
        mut read: impl FnMut(&mut Self) -> T,
    ) -> Option<T> {
        let mut structure = None;
        for (key, value) in self.fields(name) {
            let map = match value {
                Value::Null => {
                    structure = None;
                    continue;
                }
                Value::Map(map) => Some(map),
                other => {
                    self.problem(&[Step::Key(key)], other, go_type);
                    continue;
                }
            };
            let outer = std::mem::replace(&mut self.map, map);
            self.path.push(Step::Key(key));
            structure = Some(read(self));
            self.path.pop();
            self.map = outer;
        }
        structure
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// The first mistake in the order of the JSON text that Go reads: keys sorted bytewise.
    pub fn finish(mut self) -> Result<(), ReadStructError> {
        if let Some(number) = self.first_unread_non_finite() {
            return Err(ReadStructError::NonFinite(format_f64(number)));
        }
        let first = self
            .problems
            .into_iter()
            .min_by(|left, right| left.path.cmp(&right.path));
        match first {
            None => Ok(()),
            Some(problem) => Err(ReadStructError::WrongKind {
                kind: problem.kind,
                is_element: matches!(problem.path.last(), Some(Step::Index(_))),
                path: problem.path.iter().copied().map(Step::to_text).collect(),
                expected: problem.expected,
            }),
        }
    }

    /// The first infinity or NaN that was not read as text.
    fn first_unread_non_finite(&mut self) -> Option<f64> {
        let texts = &mut self.non_finite_texts;
        let is_unread = |number: &f64| match texts.get_mut(&number.to_bits()) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        };
        self.non_finite.iter().copied().find(is_unread)
    }

    /// The entries whose key is `name` whatever its case, in bytewise order.
    fn fields(&self, name: &str) -> Vec<(&'value str, &'value Value)> {
        self.map
            .into_iter()
            .flatten()
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .collect()
    }

    /// The fields that are lists; notes those that are not. `null` is the empty list.
    fn lists(&mut self, name: &str, go_type: &str) -> Vec<(&'value str, &'value [Value])> {
        let mut lists = Vec::new();
        for (key, value) in self.fields(name) {
            match value {
                Value::Null => lists.push((key, [].as_slice())),
                Value::List(items) => lists.push((key, items.as_slice())),
                other => self.problem(&[Step::Key(key)], other, go_type),
            }
        }
        lists
    }

    /// The text of a value; `None` for `null` and for what cannot be text.
    fn text(&mut self, step: Step<'value>, value: &'value Value) -> Option<String> {
        if let Value::Float(number) = value
            && !number.is_finite()
        {
            *self.non_finite_texts.entry(number.to_bits()).or_default() += 1;
        }
        if let Value::List(_) | Value::Map(_) = value {
            self.problem(&[step], value, "string");
        }
        coerce_string(value)
    }

    fn problem(&mut self, steps: &[Step<'value>], value: &Value, expected: &str) {
        let mut path = self.path.clone();
        path.extend_from_slice(steps);
        self.problems.push(Problem {
            path,
            kind: value.json_kind(),
            expected: expected.to_owned(),
        });
    }
}

impl Step<'_> {
    fn to_text(self) -> String {
        match self {
            Self::Key(key) => format!(".{}", key.replace('~', "~0").replace('/', "~1")),
            Self::Index(index) => format!(".{index}"),
        }
    }
}

/// The text that a scalar becomes where sigs.k8s.io/yaml 1.6.0 decodes into a string: `1.20` is `"1.2"`, `true`
/// is `"true"`. `None` for `null`, lists and maps.
pub(crate) fn coerce_string(value: &Value) -> Option<String> {
    match value {
        Value::Null | Value::List(_) | Value::Map(_) => None,
        Value::Bool(value) => Some(value.to_string()),
        Value::Int(value) => Some(value.to_string()),
        Value::UInt(value) => Some(value.to_string()),
        Value::Float(value) => Some(format_f32(*value)),
        Value::String(text) => Some(text.clone()),
    }
}

fn collect_non_finite(value: &Value, found: &mut Vec<f64>) {
    match value {
        Value::Float(value) if !value.is_finite() => found.push(*value),
        Value::List(items) => items.iter().for_each(|item| collect_non_finite(item, found)),
        Value::Map(map) => map.values().for_each(|value| collect_non_finite(value, found)),
        _ => {}
    }
}
