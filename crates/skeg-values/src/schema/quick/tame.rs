//! Which schemas are simple: every keyword known, of the type that the metaschema asks for, and without anything that
//! gives schemas other names than their place.

use serde_json::Value as Json;

use super::{pattern, resolve};

/// The versions of JSON Schema that are understood here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// What stands beside `$ref` does not count; formats are checked.
    Draft7,
    /// Also what a schema without `$schema` is.
    Draft2020,
}

/// Schemas nested deeper are left to the validator.
const MAX_DEPTH: usize = 60;

/// The version of a schema, if it is one of those.
pub(super) fn dialect(schema: &Json) -> Option<Dialect> {
    let Some(named) = schema.get("$schema") else {
        return Some(Dialect::Draft2020);
    };
    match named.as_str()?.strip_suffix('#').unwrap_or(named.as_str()?) {
        "http://json-schema.org/draft-07/schema" | "https://json-schema.org/draft-07/schema" => {
            Some(Dialect::Draft7)
        }
        // The last two are what the newest version is called.
        "https://json-schema.org/draft/2020-12/schema"
        | "https://json-schema.org/draft/2019-09/schema"
        | "https://json-schema.org/schema"
        | "http://json-schema.org/schema" => Some(Dialect::Draft2020),
        _ => None,
    }
}

/// Whether the whole document is simple.
pub(super) fn is_tame(root: &Json) -> bool {
    let walk = Walk { root };
    walk.schema(root, 0)
}

struct Walk<'schema> {
    root: &'schema Json,
}

impl Walk<'_> {
    fn schema(&self, schema: &Json, depth: usize) -> bool {
        let Json::Object(keywords) = schema else {
            return schema.is_boolean();
        };
        depth <= MAX_DEPTH
            && keywords
                .iter()
                .all(|(keyword, value)| self.keyword(keyword, value, depth))
    }

    fn keyword(&self, keyword: &str, value: &Json, depth: usize) -> bool {
        match keyword {
            "additionalProperties" | "items" | "propertyNames" | "not" | "if" | "then" | "else" => {
                self.schema(value, depth + 1)
            }
            "properties" | "definitions" | "$defs" => self.schemas(value, depth),
            "patternProperties" => {
                let patterns = value.as_object();
                patterns.is_some_and(|entries| entries.keys().all(|key| pattern::is_simple(key)))
                    && self.schemas(value, depth)
            }
            "allOf" | "anyOf" | "oneOf" => value.as_array().is_some_and(|schemas| {
                !schemas.is_empty() && schemas.iter().all(|schema| self.schema(schema, depth + 1))
            }),
            "$ref" => value
                .as_str()
                .is_some_and(|reference| resolve(self.root, reference).is_some()),
            "$schema" => depth == 0,
            "$id" => depth == 0 && value.as_str().is_some_and(is_plain_url),
            _ => is_tame_leaf(keyword, value),
        }
    }

    fn schemas(&self, value: &Json, depth: usize) -> bool {
        let schemas = value.as_object();
        schemas.is_some_and(|schemas| schemas.values().all(|schema| self.schema(schema, depth + 1)))
    }
}

/// Keywords whose values hold no schemas.
fn is_tame_leaf(keyword: &str, value: &Json) -> bool {
    match keyword {
        "type" => match value {
            Json::Array(types) => !types.is_empty() && types.iter().all(is_type) && are_distinct_texts(value),
            single => is_type(single),
        },
        "required" => are_distinct_texts(value),
        "enum" => value.as_array().is_some_and(|values| !values.is_empty()) && are_distinct(value),
        "pattern" => value.as_str().is_some_and(pattern::is_simple),
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => value.is_number(),
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" => {
            value.is_u64()
        }
        "uniqueItems" | "readOnly" | "writeOnly" | "deprecated" => value.is_boolean(),
        "title" | "description" | "$comment" | "format" => value.is_string(),
        "examples" => value.is_array(),
        "const" | "default" => true,
        other => !is_keyword(other),
    }
}

/// Keywords of one version or another that are not understood here; other words are none of JSON Schema's business.
fn is_keyword(word: &str) -> bool {
    word.starts_with('$')
        || word.starts_with("unevaluated")
        || word.starts_with("content")
        || matches!(
            word,
            "id" | "additionalItems"
                | "contains"
                | "minContains"
                | "maxContains"
                | "dependencies"
                | "dependentSchemas"
                | "dependentRequired"
                | "prefixItems"
                | "multipleOf"
                | "divisibleBy"
                | "disallow"
                | "extends"
        )
}

fn is_type(value: &Json) -> bool {
    matches!(
        value.as_str(),
        Some("null" | "boolean" | "integer" | "number" | "string" | "array" | "object")
    )
}

fn are_distinct_texts(value: &Json) -> bool {
    let Some(values) = value.as_array() else {
        return false;
    };
    values.iter().all(Json::is_string) && are_distinct(value)
}

/// Whether no two values are equal, compared as they are written; few enough to compare each with each.
fn are_distinct(value: &Json) -> bool {
    let Some(values) = value.as_array().filter(|values| values.len() <= 200) else {
        return false;
    };
    let mut pairs = values.iter().enumerate();
    pairs.all(|(index, value)| !values[..index].contains(value))
}

fn is_plain_url(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/' | b'_' | b'-');
        rest.starts_with(|first: char| first.is_ascii_alphanumeric()) && rest.bytes().all(is_plain)
    })
}
