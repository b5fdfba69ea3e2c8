//! Values held against a simple schema.

use std::cell::Cell;

use serde_json::{Map, Number, Value as Json};
use skeg_go::regexp;

use super::resolve;
use super::tame::Dialect;

/// Integers below it are exact as float64.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// References followed and schemas nested at most.
const MAX_DEPTH: usize = 100;

/// Schemas held against values at most, so that references that lead back multiply no further.
const MOST_STEPS: u32 = 1_000_000;

/// One keyword of a schema.
#[derive(Clone, Copy)]
struct Rule<'schema> {
    keyword: &'schema str,
    operand: &'schema Json,
    /// All keywords of the schema.
    siblings: &'schema Map<String, Json>,
}

/// Holds values against the parts of one schema.
pub(super) struct Evaluator<'schema> {
    root: &'schema Json,
    dialect: Dialect,
    /// How many schemas may still be held against a value.
    left: Cell<u32>,
}

impl<'schema> Evaluator<'schema> {
    pub(super) fn new(root: &'schema Json, dialect: Dialect) -> Self {
        Self {
            root,
            dialect,
            left: Cell::new(MOST_STEPS),
        }
    }

    /// Whether the value follows the schema; none if that cannot be said here.
    pub(super) fn follows(&self, schema: &Json, value: &Json, depth: usize) -> Option<bool> {
        self.left.set(self.left.get().checked_sub(1)?);
        let keywords = match schema {
            Json::Bool(allowed) => return Some(*allowed),
            Json::Object(keywords) if depth < MAX_DEPTH => keywords,
            _ => return None,
        };
        if let Some(reference) = keywords.get("$ref") {
            let target = resolve(self.root, reference.as_str()?)?;
            let follows = self.follows(target, value, depth + 1)?;
            if !follows || self.dialect == Dialect::Draft7 {
                return Some(follows);
            }
        }
        let mut all = true;
        for (keyword, operand) in keywords {
            let rule = Rule {
                keyword,
                operand,
                siblings: keywords,
            };
            all &= self.rule(rule, value, depth)?;
        }
        Some(all)
    }

    fn rule(&self, rule: Rule<'_>, value: &Json, depth: usize) -> Option<bool> {
        let Rule { keyword, operand, .. } = rule;
        match keyword {
            "type" => match operand {
                Json::Array(types) => any(types.iter().map(|name| has_type(value, name.as_str()?))),
                single => has_type(value, single.as_str()?),
            },
            "enum" => any(operand.as_array()?.iter().map(|allowed| equal(allowed, value))),
            "const" => equal(operand, value),
            "allOf" => all(operand
                .as_array()?
                .iter()
                .map(|schema| self.follows(schema, value, depth + 1))),
            "anyOf" => any(operand
                .as_array()?
                .iter()
                .map(|schema| self.follows(schema, value, depth + 1))),
            "oneOf" => {
                let mut count = 0;
                for schema in operand.as_array()? {
                    count += usize::from(self.follows(schema, value, depth + 1)?);
                }
                Some(count == 1)
            }
            "not" => Some(!self.follows(operand, value, depth + 1)?),
            "if" => {
                let branch = if self.follows(operand, value, depth + 1)? {
                    "then"
                } else {
                    "else"
                };
                rule.siblings
                    .get(branch)
                    .map_or(Some(true), |schema| self.follows(schema, value, depth + 1))
            }
            _ => match value {
                Json::Object(entries) => self.object(rule, entries, depth),
                Json::Array(items) => self.array(keyword, operand, items, depth),
                Json::String(text) => self.text(keyword, operand, text),
                Json::Number(number) => compare(keyword, operand, number),
                _ => Some(true),
            },
        }
    }

    fn object(&self, rule: Rule<'_>, entries: &Map<String, Json>, depth: usize) -> Option<bool> {
        let Rule {
            keyword,
            operand,
            siblings,
        } = rule;
        let follows = |schema: &Json, value: &Json| self.follows(schema, value, depth + 1);
        match keyword {
            "properties" => all(operand
                .as_object()?
                .iter()
                .filter_map(|(name, schema)| Some(follows(schema, entries.get(name)?)))),
            "patternProperties" => {
                for (pattern, schema) in operand.as_object()? {
                    let pattern = regexp::compile(pattern.as_bytes()).ok()?;
                    let matching = entries
                        .iter()
                        .filter(|(name, _)| pattern.is_match(name.as_bytes()));
                    if !all(matching.map(|(_, value)| follows(schema, value)))? {
                        return Some(false);
                    }
                }
                Some(true)
            }
            "additionalProperties" => {
                // Most often nothing is looked for among patterns.
                let properties = siblings.get("properties").and_then(Json::as_object);
                let patterns = siblings.get("patternProperties").and_then(Json::as_object);
                for (name, value) in entries {
                    let is_known = properties.is_some_and(|known| known.contains_key(name));
                    if !is_known && !matches_any(patterns, name)? && !follows(operand, value)? {
                        return Some(false);
                    }
                }
                Some(true)
            }
            "propertyNames" => all(entries
                .keys()
                .map(|name| follows(operand, &Json::from(name.as_str())))),
            "required" => all(operand
                .as_array()?
                .iter()
                .map(|name| Some(entries.contains_key(name.as_str()?)))),
            "minProperties" => Some(entries.len() as u64 >= operand.as_u64()?),
            "maxProperties" => Some(entries.len() as u64 <= operand.as_u64()?),
            _ => Some(true),
        }
    }

    fn array(&self, keyword: &str, operand: &Json, items: &[Json], depth: usize) -> Option<bool> {
        match keyword {
            "items" => all(items.iter().map(|item| self.follows(operand, item, depth + 1))),
            "minItems" => Some(items.len() as u64 >= operand.as_u64()?),
            "maxItems" => Some(items.len() as u64 <= operand.as_u64()?),
            // Finding equal values among many is the validator's.
            "uniqueItems" => (operand == &Json::Bool(false) || items.len() < 2).then_some(true),
            _ => Some(true),
        }
    }

    fn text(&self, keyword: &str, operand: &Json, text: &str) -> Option<bool> {
        match keyword {
            "pattern" => Some(
                regexp::compile(operand.as_str()?.as_bytes())
                    .ok()?
                    .is_match(text.as_bytes()),
            ),
            "minLength" => Some(text.chars().count() as u64 >= operand.as_u64()?),
            "maxLength" => Some(text.chars().count() as u64 <= operand.as_u64()?),
            "format" => (self.dialect == Dialect::Draft2020).then_some(true),
            _ => Some(true),
        }
    }
}

fn matches_any(patterns: Option<&Map<String, Json>>, name: &str) -> Option<bool> {
    for pattern in patterns.into_iter().flat_map(Map::keys) {
        if regexp::compile(pattern.as_bytes())
            .ok()?
            .is_match(name.as_bytes())
        {
            return Some(true);
        }
    }
    Some(false)
}

/// Whether all hold; what is not known makes the whole unknown.
fn all(mut outcomes: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    outcomes.try_fold(true, |all, outcome| Some(all & outcome?))
}

/// Whether one holds; what is not known makes the whole unknown.
fn any(mut outcomes: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    outcomes.try_fold(false, |any, outcome| Some(any | outcome?))
}

fn has_type(value: &Json, name: &str) -> Option<bool> {
    Some(match (value, name) {
        (Json::Null, "null")
        | (Json::Bool(_), "boolean")
        | (Json::Number(_), "number")
        | (Json::String(_), "string")
        | (Json::Array(_), "array")
        | (Json::Object(_), "object") => true,
        (Json::Number(number), "integer") => {
            number.is_i64() || number.is_u64() || exact(number)?.fract() == 0.0
        }
        _ => false,
    })
}

/// Equality as JSON Schema has it, where numbers are equal by value.
fn equal(one: &Json, other: &Json) -> Option<bool> {
    match (one, other) {
        (Json::Number(one), Json::Number(other)) => Some(order(one, other)?.is_eq()),
        (Json::Array(_) | Json::Object(_), Json::Array(_) | Json::Object(_)) => {
            (one == other).then_some(true)
        }
        _ => Some(one == other),
    }
}

fn compare(keyword: &str, operand: &Json, number: &Number) -> Option<bool> {
    let Json::Number(limit) = operand else {
        return Some(true);
    };
    match keyword {
        "minimum" => Some(order(number, limit)?.is_ge()),
        "exclusiveMinimum" => Some(order(number, limit)?.is_gt()),
        "maximum" => Some(order(number, limit)?.is_le()),
        "exclusiveMaximum" => Some(order(number, limit)?.is_lt()),
        _ => Some(true),
    }
}

fn order(one: &Number, other: &Number) -> Option<std::cmp::Ordering> {
    exact(one)?.partial_cmp(&exact(other)?)
}

/// The number, if float64 has it exactly.
fn exact(number: &Number) -> Option<f64> {
    number.as_f64().filter(|number| number.abs() < EXACT)
}
