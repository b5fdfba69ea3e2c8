//! JSON objects whose fields keep their order and their values' exact text.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The deepest indentation, so that a file of brackets alone does not grow with the square of its size.
const MAX_INDENT: usize = 64;

/// A JSON object: field names with the text of their values, in the order of the file. It holds secrets and therefore
/// has no `Debug`.
#[derive(Clone, Default)]
pub(crate) struct RawObject(Vec<(String, Box<RawValue>)>);

impl RawObject {
    /// The last field of that name, which is the one that counts.
    pub(crate) fn get(&self, name: &str) -> Option<&RawValue> {
        self.iter()
            .rfind(|(field, _)| *field == name)
            .map(|(_, value)| value)
    }

    /// Replaces the field that counts where it stands, or adds one at the end.
    pub(crate) fn set(&mut self, name: &str, value: Box<RawValue>) {
        match self.0.iter_mut().rfind(|(field, _)| field == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// Keeps the fields whose name passes; tells whether one went.
    pub(crate) fn retain(&mut self, keep: impl Fn(&str) -> bool) -> bool {
        let before = self.0.len();
        self.0.retain(|(name, _)| keep(name));
        self.0.len() != before
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (&str, &RawValue)> + Clone {
        self.0.iter().map(|(name, value)| (name.as_str(), &**value))
    }

    pub(crate) fn names(&self) -> impl DoubleEndedIterator<Item = &str> + Clone {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    pub(crate) fn at(&self, position: usize) -> (&str, &RawValue) {
        let (name, value) = &self.0[position];
        (name, value)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The object as one line of JSON, the values as they were.
    pub(crate) fn to_raw(&self) -> Box<RawValue> {
        let fields: Vec<String> = self
            .iter()
            .map(|(name, value)| format!("{}:{}", quoted(name), value.get()))
            .collect();
        RawValue::from_string(format!("{{{}}}", fields.join(",")))
            .expect("because quoted names and values that were parsed make an object")
    }
}

impl<'de> Deserialize<'de> for RawObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RawObjectVisitor)
    }
}

struct RawObjectVisitor;

impl<'de> Visitor<'de> for RawObjectVisitor {
    type Value = RawObject;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawObject, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        Ok(RawObject(fields))
    }
}

/// A text as a JSON value.
pub(crate) fn raw_string(text: &str) -> Box<RawValue> {
    RawValue::from_string(quoted(text)).expect("because a quoted text is a JSON value")
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Lays valid JSON out with a tab for each level, every scalar as it was: Go's `MarshalIndent(…, "", "\t")`.
pub(crate) fn indented(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let mut depth = 0;
    let mut chars = json.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            _ if c.is_ascii_whitespace() => {}
            '"' => {
                out.push('"');
                copy_string(&mut chars, &mut out);
            }
            '{' | '[' => {
                out.push(c);
                while chars.next_if(char::is_ascii_whitespace).is_some() {}
                if let Some(close) = chars.next_if(|next| matches!(next, '}' | ']')) {
                    out.push(close);
                } else {
                    depth += 1;
                    break_line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth -= 1;
                break_line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                break_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            _ => out.push(c),
        }
    }
    out
}

/// Copies the rest of a string, its closing quote included.
fn copy_string(chars: &mut impl Iterator<Item = char>, out: &mut String) {
    while let Some(c) = chars.next() {
        out.push(c);
        match c {
            '"' => return,
            '\\' => out.extend(chars.next()),
            _ => {}
        }
    }
}

fn break_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n('\t', depth.min(MAX_INDENT)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, expected: &str) {
        assert_eq!(indented(json), expected);
        assert_eq!(indented(expected), expected, "a second time");
    }

    #[test]
    fn json_is_laid_out_as_go_does() {
        check("{}", "{}");
        check(" { \n } ", "{}");
        check(r#"{"a":{ }, "b" : [ ] }"#, "{\n\t\"a\": {},\n\t\"b\": []\n}");
        check(
            r#"{"a":[1,{"b":2}]}"#,
            "{\n\t\"a\": [\n\t\t1,\n\t\t{\n\t\t\t\"b\": 2\n\t\t}\n\t]\n}",
        );
    }

    #[test]
    fn scalars_stay_as_they_were() {
        check(
            r#"["a b:{}[],\"\\","\u003c\/",1.0,-0,1e400,123456789012345678901234567890,true,null,"ä"]"#,
            &[
                "[",
                r#"	"a b:{}[],\"\\","#,
                r#"	"\u003c\/","#,
                "\t1.0,",
                "\t-0,",
                "\t1e400,",
                "\t123456789012345678901234567890,",
                "\ttrue,",
                "\tnull,",
                "\t\"ä\"",
                "]",
            ]
            .join("\n"),
        );
    }

    #[test]
    fn deep_nesting_is_no_danger() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(20_000), "]".repeat(20_000));
        let object: RawObject = serde_json::from_str(&deep).unwrap();
        assert!(object.get("a").is_some());
        assert!(indented(&deep).len() < 200 * deep.len());
    }

    #[test]
    fn the_last_of_equal_fields_counts() {
        let mut object: RawObject = serde_json::from_str(r#"{"a":1,"b":2,"a":3}"#).unwrap();
        assert_eq!(object.get("a").map(RawValue::get), Some("3"));
        object.set("a", raw_string("x\"y"));
        object.set("c", raw_string("z"));
        assert_eq!(object.to_raw().get(), r#"{"a":1,"b":2,"a":"x\"y","c":"z"}"#);
        assert!(object.retain(|name| name != "a"));
        assert!(!object.retain(|name| name != "a"));
        assert_eq!(object.to_raw().get(), r#"{"b":2,"c":"z"}"#);
    }
}
