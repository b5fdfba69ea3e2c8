//! The validator's tree of failures, brought into the shape that Helm's library gives it.
//!
//! Both libraries have one author and much the same tree. Ours leaves out an `allOf`, `anyOf` or `oneOf` of
//! which one branch failed, counts items after a tuple from zero again, does not say where a bad property name
//! is, reports more after a failed `format`, and computes `multipleOf` in float64. All of that is put right here.

use boon::{ErrorKind, InstanceToken, ValidationError};

use super::message::{keyword, message};
use super::numbers::is_multiple;
use super::source::{Documents, unescape};
use super::violation::Violation;

/// The failures below the top of a report; none if all of them were mistakes.
pub(super) fn violations(error: &ValidationError<'_, '_>, documents: &Documents) -> Vec<Violation> {
    let place = Place {
        schema: schema_of_causes(error),
        path: &[],
        combines: None,
        is_certain: true,
    };
    let mut out = Vec::new();
    push_causes(error, place, documents, &mut out);
    out
}

/// The schema that failures below are relative to.
#[derive(Clone, Copy)]
struct Place<'tree> {
    schema: &'tree str,
    /// Where its value is.
    path: &'tree [String],
    /// The keyword whose branches failed, if the failures are those of branches.
    combines: Option<&'static str>,
    /// Whether each failure below makes the whole fail.
    is_certain: bool,
}

fn schema_of_causes<'tree>(error: &'tree ValidationError<'_, '_>) -> &'tree str {
    match &error.kind {
        ErrorKind::Reference { url, .. } | ErrorKind::Schema { url } => url,
        _ => error.schema_url,
    }
}

fn push_causes(
    error: &ValidationError<'_, '_>,
    place: Place<'_>,
    documents: &Documents,
    out: &mut Vec<Violation>,
) {
    let of_one_schema = matches!(
        error.kind,
        ErrorKind::Group
            | ErrorKind::PropertyName { .. }
            | ErrorKind::ContentSchema
            | ErrorKind::Reference { .. }
            | ErrorKind::Schema { .. }
    );
    for cause in &error.causes {
        if !(of_one_schema && is_after_format(cause, &error.causes)) {
            push(cause, place, documents, out);
        }
    }
}

/// Whether `cause` would not be there if a failed `format` were the only failure of its schema.
fn is_after_format(cause: &ValidationError<'_, '_>, causes: &[ValidationError<'_, '_>]) -> bool {
    causes.iter().any(|format| {
        let schema = format.schema_url;
        matches!(format.kind, ErrorKind::Format { .. })
            && !std::ptr::eq(format, cause)
            && cause
                .schema_url
                .strip_prefix(schema)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            && cause
                .instance_location
                .to_string()
                .starts_with(&format.instance_location.to_string())
    })
}

fn push(error: &ValidationError<'_, '_>, place: Place<'_>, documents: &Documents, out: &mut Vec<Violation>) {
    if place.is_certain && is_mistake(error, documents) {
        return;
    }
    let way = Way::new(error, place, documents);
    let below = Place {
        schema: schema_of_causes(error),
        path: match error.kind {
            ErrorKind::PropertyName { .. } => &[],
            _ => &way.path,
        },
        combines: keyword(&error.kind).filter(|keyword| combination(keyword).is_some()),
        is_certain: place.is_certain
            && matches!(
                error.kind,
                ErrorKind::Group
                    | ErrorKind::AllOf
                    | ErrorKind::Reference { .. }
                    | ErrorKind::PropertyName { .. }
            ),
    };
    let mut found = Vec::new();
    push_causes(error, below, documents, &mut found);
    if found.is_empty() && !error.causes.is_empty() {
        return;
    }
    let is_transparent = match error.kind {
        ErrorKind::Reference { .. } => error.causes.len() == 1,
        ErrorKind::Group => found.len() == 1,
        _ => false,
    };
    if !is_transparent {
        found = vec![Violation {
            instance_path: way.path,
            keyword: keyword(&error.kind),
            message: message(error, documents),
            causes: found,
        }];
    }
    for (instance_path, keyword, message) in way.combinations.into_iter().rev() {
        found = vec![Violation {
            instance_path,
            keyword: Some(keyword),
            message: message.to_owned(),
            causes: found,
        }];
    }
    out.append(&mut found);
}

fn is_mistake(error: &ValidationError<'_, '_>, documents: &Documents) -> bool {
    let ErrorKind::MultipleOf { got, want } = &error.kind else {
        return false;
    };
    let want = documents
        .literal(error.schema_url, "multipleOf")
        .unwrap_or_else(|| want.to_string());
    got.as_f64().is_some_and(|got| is_multiple(got, &want))
}

/// What lies between a schema and the one below it that failed.
struct Way {
    /// Where the value is that failed.
    path: Vec<String>,
    /// Each combination on the way: where its value is, the keyword and the message.
    combinations: Vec<(Vec<String>, &'static str, &'static str)>,
}

impl Way {
    fn new(error: &ValidationError<'_, '_>, place: Place<'_>, documents: &Documents) -> Self {
        let reported: Vec<String> = error.instance_location.tokens.iter().map(token).collect();
        let mut way = Self {
            path: place.path.to_vec(),
            combinations: Vec::new(),
        };
        let Some(pointer) = error.schema_url.strip_prefix(place.schema) else {
            way.path = reported;
            return way;
        };
        let tokens: Vec<&str> = pointer.split('/').skip(1).collect();
        let mut schema = place.schema.to_owned();
        let mut rest = tokens.as_slice();
        while !rest.is_empty() {
            let is_reported_already = rest.len() == tokens.len() && place.combines == Some(rest[0]);
            if let Some((keyword, message)) = combination(rest[0])
                && !is_reported_already
            {
                way.combinations.push((way.path.clone(), keyword, message));
            }
            let reported = reported.get(way.path.len()).map(String::as_str);
            let (entered, taken) = step(rest, reported, |keyword| {
                tuple_length(documents, &schema, keyword)
            });
            way.path.extend(entered);
            let (passed, after) = rest.split_at(taken.min(rest.len()));
            for token in passed {
                schema.push('/');
                schema.push_str(token);
            }
            rest = after;
        }
        if !matches!(error.kind, ErrorKind::PropertyName { .. }) {
            let known = way.path.len();
            way.path.extend(reported.into_iter().skip(known));
        }
        way
    }
}

/// The message for a keyword that combines schemas, if it is one.
fn combination(keyword: &str) -> Option<(&'static str, &'static str)> {
    Some(match keyword {
        "allOf" => ("allOf", "'allOf' failed"),
        "anyOf" => ("anyOf", "'anyOf' failed"),
        "oneOf" => ("oneOf", "'oneOf' failed, none matched"),
        _ => return None,
    })
}

/// Follows the first keyword of a pointer: which part of the value that enters, if any, and how many tokens
/// it takes. `reported` is what the validator says has been entered.
fn step(
    tokens: &[&str],
    reported: Option<&str>,
    tuple_length: impl Fn(&str) -> usize,
) -> (Option<String>, usize) {
    let name = tokens.get(1).copied();
    let is_index = name.is_some_and(|name| name.parse::<usize>().is_ok());
    let behind = |keyword: &str| {
        let index: usize = reported?.parse().ok()?;
        Some((index + tuple_length(keyword)).to_string())
    };
    match tokens[0] {
        "allOf" | "anyOf" | "oneOf" | "dependentSchemas" | "dependencies" | "$defs" | "definitions" => {
            (None, 2)
        }
        "properties" => (name.map(unescape), 2),
        "patternProperties" => (reported.map(str::to_owned), 2),
        "prefixItems" => (name.map(str::to_owned), 2),
        "items" if is_index => (name.map(str::to_owned), 2),
        "items" => (behind("prefixItems"), 1),
        "additionalItems" => (behind("items"), 1),
        "additionalProperties" | "unevaluatedProperties" | "contains" | "unevaluatedItems" => {
            (reported.map(str::to_owned), 1)
        }
        _ => (None, 1),
    }
}

/// How many schemas a keyword lists, if it has a list.
fn tuple_length(documents: &Documents, schema: &str, keyword: &str) -> usize {
    let schemas: Option<Vec<serde_json::Value>> = documents
        .literal(schema, keyword)
        .and_then(|literal| serde_json::from_str(&literal).ok());
    schemas.map_or(0, |schemas| schemas.len())
}

fn token(token: &InstanceToken<'_>) -> String {
    match token {
        InstanceToken::Prop(property) => property.to_string(),
        InstanceToken::Item(index) => index.to_string(),
    }
}
