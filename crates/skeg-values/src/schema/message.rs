//! The words for each kind of failure, as Helm's library has them.

use boon::{ErrorKind, ValidationError};
use serde_json::value::RawValue;
use serde_json::{Number, Value as Json};

use super::numbers::{count, float};
use super::patterns;
use super::source::Documents;

/// The keyword that failed, where it is one.
pub(super) fn keyword(kind: &ErrorKind<'_, '_>) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::ContentSchema => "contentSchema",
        ErrorKind::PropertyName { .. } => "propertyNames",
        ErrorKind::Reference { kw, .. } => kw,
        ErrorKind::Type { .. } => "type",
        ErrorKind::Enum { .. } => "enum",
        ErrorKind::Const { .. } => "const",
        ErrorKind::Format { .. } => "format",
        ErrorKind::MinProperties { .. } => "minProperties",
        ErrorKind::MaxProperties { .. } => "maxProperties",
        ErrorKind::AdditionalProperties { .. } => "additionalProperties",
        ErrorKind::Required { .. } => "required",
        ErrorKind::Dependency { .. } => "dependencies",
        ErrorKind::DependentRequired { .. } => "dependentRequired",
        ErrorKind::MinItems { .. } => "minItems",
        ErrorKind::MaxItems { .. } => "maxItems",
        ErrorKind::Contains => "contains",
        ErrorKind::MinContains { .. } => "minContains",
        ErrorKind::MaxContains { .. } => "maxContains",
        ErrorKind::UniqueItems { .. } => "uniqueItems",
        ErrorKind::AdditionalItems { .. } => "additionalItems",
        ErrorKind::MinLength { .. } => "minLength",
        ErrorKind::MaxLength { .. } => "maxLength",
        ErrorKind::Pattern { .. } => "pattern",
        ErrorKind::ContentEncoding { .. } => "contentEncoding",
        ErrorKind::ContentMediaType { .. } => "contentMediaType",
        ErrorKind::Minimum { .. } => "minimum",
        ErrorKind::Maximum { .. } => "maximum",
        ErrorKind::ExclusiveMinimum { .. } => "exclusiveMinimum",
        ErrorKind::ExclusiveMaximum { .. } => "exclusiveMaximum",
        ErrorKind::MultipleOf { .. } => "multipleOf",
        ErrorKind::Not => "not",
        ErrorKind::AllOf => "allOf",
        ErrorKind::AnyOf => "anyOf",
        ErrorKind::OneOf(_) => "oneOf",
        ErrorKind::Group | ErrorKind::Schema { .. } | ErrorKind::RefCycle { .. } | ErrorKind::FalseSchema => {
            return None;
        }
    })
}

/// What Helm says about a failure, without the place.
pub(super) fn message(error: &ValidationError<'_, '_>, documents: &Documents) -> String {
    let literal = |keyword| documents.literal(error.schema_url, keyword);
    match &error.kind {
        ErrorKind::Group | ErrorKind::Reference { .. } | ErrorKind::Schema { .. } => {
            "validation failed".to_owned()
        }
        ErrorKind::ContentSchema => "'contentSchema' failed".to_owned(),
        ErrorKind::PropertyName { prop } => format!("invalid propertyName {}", quote(prop)),
        ErrorKind::RefCycle {
            url,
            kw_loc1,
            kw_loc2,
        } => format!(
            "both {kw_loc1} and {kw_loc2} resolve to {} causing reference cycle",
            skeg_go::quote::quote(url)
        ),
        ErrorKind::FalseSchema => "false schema".to_owned(),
        ErrorKind::Type { got, want } => {
            let want: Vec<String> = want.iter().map(|kind| kind.to_string()).collect();
            format!("got {got}, want {}", want.join(" or "))
        }
        ErrorKind::Enum { want } => one_of(want, literal("enum").as_deref()),
        ErrorKind::Const { want } => constant(want, literal("const").as_deref()),
        ErrorKind::Format { got, want, err } => format_message(got, want, err.as_ref()),
        ErrorKind::Pattern { got, want } => {
            let original: Option<String> =
                literal("pattern").and_then(|json| serde_json::from_str(&json).ok());
            let pattern = original.as_deref().unwrap_or(want);
            format!("{} does not match pattern {}", quote(got), quote(pattern))
        }
        ErrorKind::ContentEncoding { want, err } => format!("value is not {} encoded: {err}", quote(want)),
        ErrorKind::ContentMediaType { want, err, .. } => {
            format!("value is not of mediatype {}: {err}", quote(want))
        }
        kind => counted(kind)
            .or_else(|| compared(kind))
            .unwrap_or_else(|| combined(kind)),
    }
}

/// Failures of counts and names.
fn counted(kind: &ErrorKind<'_, '_>) -> Option<String> {
    Some(match kind {
        ErrorKind::MinProperties { got, want } => counts("minProperties", *got, *want),
        ErrorKind::MaxProperties { got, want } => counts("maxProperties", *got, *want),
        ErrorKind::MinItems { got, want } => counts("minItems", *got, *want),
        ErrorKind::MaxItems { got, want } => counts("maxItems", *got, *want),
        ErrorKind::MinLength { got, want } => counts("minLength", *got, *want),
        ErrorKind::MaxLength { got, want } => counts("maxLength", *got, *want),
        ErrorKind::AdditionalProperties { got } => {
            format!(
                "additional properties {} not allowed",
                quoted(got.iter().map(AsRef::as_ref))
            )
        }
        ErrorKind::Required { want } => match want.as_slice() {
            [property] => format!("missing property {}", quote(property)),
            properties => format!("missing properties {}", quoted(properties.iter().copied())),
        },
        ErrorKind::Dependency { prop, missing } | ErrorKind::DependentRequired { prop, missing } => {
            let missing = quoted(missing.iter().copied());
            format!("properties {missing} required, if {} exists", quote(prop))
        }
        ErrorKind::Contains => "no items match contains schema".to_owned(),
        ErrorKind::MinContains { got, want } => {
            let want = count(*want);
            if got.is_empty() {
                format!("min {want} items required to match contains schema, but none matched")
            } else {
                format!(
                    "min {want} items required to match contains schema, but {}",
                    matched(got)
                )
            }
        }
        ErrorKind::MaxContains { got, want } => {
            let want = count(*want);
            format!(
                "max {want} items required to match contains schema, but {}",
                matched(got)
            )
        }
        ErrorKind::UniqueItems { got: [first, second] } => {
            format!("items at {} and {} are equal", count(*first), count(*second))
        }
        ErrorKind::AdditionalItems { got } => {
            format!("last {} additionalItem(s) not allowed", count(*got))
        }
        _ => return None,
    })
}

fn counts(keyword: &str, got: usize, want: usize) -> String {
    format!("{keyword}: got {}, want {}", count(got), count(want))
}

fn matched(indexes: &[usize]) -> String {
    let places: Vec<String> = indexes.iter().map(usize::to_string).collect();
    format!("matched {} items at {}", count(indexes.len()), places.join(" "))
}

/// Failures of numbers.
fn compared(kind: &ErrorKind<'_, '_>) -> Option<String> {
    let (keyword, got, want) = match kind {
        ErrorKind::Minimum { got, want } => ("minimum", got, want),
        ErrorKind::Maximum { got, want } => ("maximum", got, want),
        ErrorKind::ExclusiveMinimum { got, want } => ("exclusiveMinimum", got, want),
        ErrorKind::ExclusiveMaximum { got, want } => ("exclusiveMaximum", got, want),
        ErrorKind::MultipleOf { got, want } => ("multipleOf", got, want),
        _ => return None,
    };
    let number = |number: &Number| float(number.as_f64().unwrap_or_default());
    Some(format!("{keyword}: got {}, want {}", number(got), number(want)))
}

/// Failures of schemas that are made of others.
fn combined(kind: &ErrorKind<'_, '_>) -> String {
    match kind {
        ErrorKind::Not => "'not' failed".to_owned(),
        ErrorKind::AllOf => "'allOf' failed".to_owned(),
        ErrorKind::AnyOf => "'anyOf' failed".to_owned(),
        ErrorKind::OneOf(None) => "'oneOf' failed, none matched".to_owned(),
        ErrorKind::OneOf(Some((first, second))) => {
            format!(
                "'oneOf' failed, subschemas {}, {} matched",
                count(*first),
                count(*second)
            )
        }
        other => other.to_string(),
    }
}

fn one_of(want: &[Json], literal: Option<&str>) -> String {
    if want.iter().any(|value| value.is_array() || value.is_object()) {
        return "'enum' failed".to_owned();
    }
    let literals: Vec<&RawValue> = literal
        .and_then(|literal| serde_json::from_str(literal).ok())
        .unwrap_or_default();
    let shown: Vec<String> = want
        .iter()
        .enumerate()
        .map(|(index, value)| display(value, literals.get(index).map(|raw| raw.get())))
        .collect();
    match shown.as_slice() {
        [one] => format!("value must be {one}"),
        several => format!("value must be one of {}", several.join(", ")),
    }
}

fn constant(want: &Json, literal: Option<&str>) -> String {
    match want {
        Json::Array(_) | Json::Object(_) => "'const' failed".to_owned(),
        _ => format!("value must be {}", display(want, literal)),
    }
}

fn format_message(got: &Json, want: &str, error: &dyn std::error::Error) -> String {
    match got {
        Json::String(pattern) if want == "regex" => {
            let pattern = patterns::as_written(pattern);
            let reason = patterns::error_text(pattern, &error.to_string());
            format!("{} is not valid regex: {reason}", quote(pattern))
        }
        _ => format!("{} is not valid {want}: {error}", display(got, None)),
    }
}

/// A value as Go prints it; numbers as they were written.
fn display(value: &Json, literal: Option<&str>) -> String {
    match value {
        Json::Null => "<nil>".to_owned(),
        Json::String(text) => quote(text),
        Json::Array(_) | Json::Object(_) => "value".to_owned(),
        Json::Number(number) => {
            literal.map_or_else(|| number.to_string(), |literal| literal.trim().to_owned())
        }
        Json::Bool(value) => value.to_string(),
    }
}

fn quoted<'text>(texts: impl Iterator<Item = &'text str>) -> String {
    let texts: Vec<String> = texts.map(quote).collect();
    texts.join(", ")
}

/// In single quotes, escaped as in Go.
pub(super) fn quote(text: &str) -> String {
    let quoted = skeg_go::quote::quote(text)
        .replace("\\\"", "\"")
        .replace('\'', "\\'");
    format!("'{}'", &quoted[1..quoted.len() - 1])
}
