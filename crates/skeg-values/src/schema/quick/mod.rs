//! A short cut: whether values certainly follow a schema, for the schemas that most charts have.
//!
//! Making a validator means holding the schema against its metaschema, which takes longer than rendering most
//! charts. Here a schema is checked by hand while that is simple (see `tame`), and the values right after. What is
//! not simple, and every failure, is left to the validator, which alone writes messages.

mod evaluate;
mod pattern;
mod tame;

use serde_json::{Map, Value as Json};

use evaluate::Evaluator;

/// Whether `instance` certainly follows `schema`; false says nothing.
pub(super) fn accepts(schema: &Json, instance: &Json) -> bool {
    let Some(dialect) = tame::dialect(schema) else {
        return false;
    };
    if !tame::is_tame(schema) {
        return false;
    }
    Evaluator::new(schema, dialect).follows(schema, instance, 0) == Some(true)
}

/// The schema in `root` that a reference such as `#/definitions/port` or `#` stands for. Others are not followed.
fn resolve<'schema>(root: &'schema Json, reference: &str) -> Option<&'schema Json> {
    if reference == "#" {
        return Some(root);
    }
    let (container, name) = reference.strip_prefix("#/")?.split_once('/')?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    if !matches!(container, "definitions" | "$defs") || name.is_empty() || !name.bytes().all(is_plain) {
        return None;
    }
    entries(root.get(container)?)?.get(name)
}

fn entries(value: &Json) -> Option<&Map<String, Json>> {
    value.as_object()
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use serde_json::{Value as Json, json};

    use super::super::compile;
    use super::super::source::{Documents, NoSource};
    use super::accepts;

    #[track_caller]
    fn check(schema: &Json, values: &Json, expected: bool) {
        assert_eq!(accepts(schema, values), expected, "{schema} {values}");
    }

    #[test]
    fn follows_simple_schemas() {
        let schema = json!({
            "$schema": "http://json-schema.org/draft-07/schema#",
            "type": "object",
            "required": ["image"],
            "properties": {
                "image": {"$ref": "#/definitions/image"},
                "replicas": {"type": "integer", "minimum": 1},
                "mode": {"enum": ["a", "b", null]},
                "ports": {"type": "array", "items": {"type": ["integer", "string"]}, "maxItems": 2}
            },
            "additionalProperties": false,
            "definitions": {"image": {"properties": {"tag": {"type": "string", "pattern": "^v?[0-9.]+$"}}}}
        });
        check(&schema, &json!({"image": {"tag": "v1.2"}, "replicas": 2}), true);
        check(
            &schema,
            &json!({"image": {}, "mode": null, "ports": [1, "http"]}),
            true,
        );
        for wrong in [
            json!({}),
            json!([]),
            json!({"image": {"tag": "x"}}),
            json!({"image": {}, "replicas": 0}),
            json!({"image": {}, "replicas": 1.5}),
            json!({"image": {}, "mode": "c"}),
            json!({"image": {}, "ports": [1, 2, 3]}),
            json!({"image": {}, "more": 1}),
        ] {
            check(&schema, &wrong, false);
        }
    }

    #[test]
    fn leaves_alone_what_is_not_simple() {
        for schema in [
            json!({"$schema": "http://json-schema.org/draft-04/schema#"}),
            json!({"type": "text"}),
            json!({"type": []}),
            json!({"required": ["a", "a"]}),
            json!({"properties": {"a": 1}}),
            json!({"properties": {"a": {"$id": "x"}}}),
            json!({"$ref": "other.json"}),
            json!({"$ref": "#/definitions/none"}),
            json!({"minLength": -1}),
            json!({"pattern": "(?=a)"}),
            json!({"pattern": "("}),
            json!({"unevaluatedProperties": false}),
            json!({"items": [{}]}),
            json!({"title": 1}),
            json!({"enum": "a"}),
            json!({"allOf": []}),
        ] {
            check(&schema, &json!({}), false);
        }
        check(&json!({"$ref": "#"}), &json!({}), false);
        check(
            &json!({"anyOf": [{"$ref": "#"}, {"$ref": "#"}]}),
            &json!({}),
            false,
        );
    }

    /// What is accepted here must be accepted by the validator, whatever the schema.
    #[test]
    fn accepts_nothing_that_the_validator_refuses() {
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        let mut accepted = 0;
        for _ in 0..4000 {
            let mut schema = random.schema(3);
            if random.below(3) == 0
                && let Some(entries) = schema.as_object_mut()
            {
                let dialects = [
                    "http://json-schema.org/draft-07/schema#",
                    "https://json-schema.org/draft/2020-12/schema",
                ];
                entries.insert("$schema".to_owned(), json!(dialects[random.below(2)]));
            }
            let instance = random.instance(3);
            if accepts(&schema, &instance) {
                accepted += 1;
                let documents = Rc::new(Documents::new(NoSource));
                let judged = compile::judge(schema.clone(), &instance, &documents);
                assert_eq!(judged, Ok(()), "{schema} {instance}");
            }
        }
        assert!(accepted > 400, "{accepted} of 4000 accepted");
    }

    struct Random(u64);

    impl Random {
        fn below(&mut self, limit: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            usize::try_from(self.0 >> 33).unwrap_or(0) % limit
        }

        fn pick(&mut self, from: &[Json]) -> Json {
            from[self.below(from.len())].clone()
        }

        fn scalar(&mut self) -> Json {
            self.pick(&[
                json!(null),
                json!(true),
                json!(0),
                json!(1),
                json!(2.5),
                json!(-3.0),
                json!("a"),
                json!("ab1"),
                json!("é.x"),
                json!(""),
            ])
        }

        fn instance(&mut self, depth: usize) -> Json {
            match self.below(if depth == 0 { 2 } else { 5 }) {
                0 | 1 => self.scalar(),
                2 => (0..self.below(4)).map(|_| self.instance(depth - 1)).collect(),
                _ => {
                    let keys = ["a", "b", "c", "ab1"];
                    let entries = (0..self.below(4))
                        .map(|_| (keys[self.below(4)].to_owned(), self.instance(depth - 1)));
                    Json::Object(entries.collect())
                }
            }
        }

        fn schema(&mut self, depth: usize) -> Json {
            if self.below(12) == 0 {
                return json!(self.below(4) != 0);
            }
            let mut schema = serde_json::Map::new();
            for _ in 0..=self.below(3) {
                let (keyword, value) = self.keyword(depth);
                schema.insert(keyword.to_owned(), value);
            }
            Json::Object(schema)
        }

        fn keyword(&mut self, depth: usize) -> (&'static str, Json) {
            let types = [
                "null", "boolean", "integer", "number", "string", "array", "object", "none",
            ];
            match self.below(if depth == 0 { 12 } else { 24 }) {
                12.. => self.nesting_keyword(depth - 1),
                0 | 1 => ("type", json!(types[self.below(types.len())])),
                2 => ("type", json!([types[self.below(7)], "object"])),
                3 => ("enum", (0..=self.below(3)).map(|_| self.scalar()).collect()),
                4 => ("const", self.instance(1)),
                5 => (
                    ["minimum", "exclusiveMinimum"][self.below(2)],
                    self.pick(&[json!(0), json!(1.5), json!("x")]),
                ),
                6 => (
                    ["maximum", "exclusiveMaximum"][self.below(2)],
                    self.pick(&[json!(0), json!(2), json!(-1)]),
                ),
                7 => (
                    ["minLength", "minItems", "minProperties"][self.below(3)],
                    json!(self.below(3)),
                ),
                8 => (
                    ["maxLength", "maxItems", "maxProperties"][self.below(3)],
                    json!(self.below(3)),
                ),
                9 => (
                    "pattern",
                    self.pick(&[
                        json!("^a"),
                        json!("[a-b]+[0-9]?$"),
                        json!("("),
                        json!("a{2}|^$"),
                        json!("\\d"),
                    ]),
                ),
                10 => (
                    "required",
                    self.pick(&[json!(["a"]), json!([]), json!(["a", "b"]), json!("a")]),
                ),
                _ => ("uniqueItems", json!(true)),
            }
        }

        /// A keyword with schemas inside it.
        fn nesting_keyword(&mut self, depth: usize) -> (&'static str, Json) {
            match self.below(12) {
                0..=2 => (
                    "properties",
                    json!({"a": self.schema(depth), "b": self.schema(depth)}),
                ),
                3 => ("patternProperties", json!({"^a": self.schema(depth)})),
                4 => ("additionalProperties", self.schema(depth)),
                5 => ("items", self.schema(depth)),
                6 => (
                    ["allOf", "anyOf", "oneOf"][self.below(3)],
                    json!([self.schema(depth), self.schema(depth)]),
                ),
                7 => ("not", self.schema(depth)),
                8 => (["if", "then", "else"][self.below(3)], self.schema(depth)),
                9 => ("propertyNames", self.schema(depth)),
                10 => (
                    "$ref",
                    self.pick(&[json!("#"), json!("#/$defs/d"), json!("#/definitions/d")]),
                ),
                _ => (
                    ["$defs", "definitions"][self.below(2)],
                    json!({"d": self.schema(depth)}),
                ),
            }
        }
    }
}
