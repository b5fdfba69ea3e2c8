//! Making a validator of a schema and running it.

use std::rc::Rc;

use boon::{CompileError, Compiler, ErrorKind, Schemas, ValidationError};
use serde_json::Value as Json;
use skeg_go::quote::quote;

use super::message::quote as single_quote;
use super::patterns;
use super::source::{Documents, Loader, unescape};
use super::tree;
use super::violation::Violation;
use super::{SCHEMA_URL, SchemaError, formats};

/// Where 2020-12 says what a schema is.
const NEWEST_METASCHEMA: &str = "https://json-schema.org/draft/2020-12/schema#";

/// Judges `instance` by the schema `root`.
pub(super) fn judge(root: Json, instance: &Json, documents: &Rc<Documents>) -> Result<(), SchemaError> {
    let mut compiler = Compiler::new();
    compiler.use_loader(Box::new(Loader(Rc::clone(documents))));
    for format in formats::FORMATS {
        compiler.register_format(format);
    }
    let unusable = |error: CompileError| compile_error(error, documents);
    compiler.add_resource(SCHEMA_URL, root).map_err(unusable)?;
    let mut schemas = Schemas::new();
    let index = compiler.compile(SCHEMA_URL, &mut schemas).map_err(unusable)?;
    let Err(error) = schemas.validate(instance, index) else {
        return Ok(());
    };
    match tree::violations(&error, documents) {
        violations if violations.is_empty() => Ok(()),
        violations => Err(SchemaError::Violations(violations)),
    }
}

fn compile_error(error: CompileError, documents: &Documents) -> SchemaError {
    let text = match error {
        CompileError::ValidationError { url, src } => return invalid(url, &src, documents),
        CompileError::InvalidRegex { url, regex, src } => {
            return invalid_pattern(&url, &regex, &src.to_string(), documents);
        }
        CompileError::ParseUrlError { url, src } => format!("error in parsing {}: {src}", quote(&url)),
        CompileError::LoadUrlError { url, src } => format!("failing loading {}: {src}", quote(&url)),
        CompileError::UnsupportedUrlScheme { url } => {
            format!(
                "failing loading {0}: no URLLoader registered for {0}",
                quote(&url)
            )
        }
        CompileError::InvalidMetaSchemaUrl { url, src } => {
            format!("invalid $schema in {}: {src}", quote(&url))
        }
        CompileError::UnsupportedDraft { url } => format!("draft {} is not supported", quote(&url)),
        CompileError::MetaSchemaCycle { url } => format!("cycle in resolving $schema in {}", quote(&url)),
        CompileError::ParseIdError { loc } => format!("error in parsing id at {}", quote(&loc)),
        CompileError::ParseAnchorError { loc } => format!("error in parsing anchor at {}", quote(&loc)),
        CompileError::DuplicateId { url, id, ptr1, ptr2 } => duplicate("id", &id, &url, [&ptr1, &ptr2]),
        CompileError::DuplicateAnchor {
            url,
            anchor,
            ptr1,
            ptr2,
        } => duplicate("anchor", &anchor, &url, [&ptr1, &ptr2]),
        CompileError::InvalidJsonPointer(url) => format!("invalid json-pointer {}", quote(&url)),
        CompileError::JsonPointerNotFound(url) => format!("json-pointer in {} not found", quote(&url)),
        CompileError::AnchorNotFound { url, reference } => format!(
            "anchor in {} not found in schema {}",
            quote(&reference),
            quote(&url)
        ),
        CompileError::UnsupportedVocabulary { url, vocabulary } => {
            format!("unsupported vocabulary {} in {}", quote(&vocabulary), quote(&url))
        }
        CompileError::Bug(error) => error.to_string(),
    };
    SchemaError::Unusable(text)
}

fn duplicate(what: &str, name: &str, url: &str, places: [&str; 2]) -> String {
    let [name, url, first, second] = [name, url, places[0], places[1]].map(quote);
    format!("duplicate {what} {name} in {url} at {first} and {second}")
}

fn invalid(url: String, error: &ValidationError<'_, '_>, documents: &Documents) -> SchemaError {
    let metaschema = match &error.kind {
        ErrorKind::Schema { url } => (*url).to_owned(),
        _ => error.schema_url.to_owned(),
    };
    SchemaError::InvalidSchema {
        url: if url.contains('#') { url } else { format!("{url}#") },
        metaschema,
        violations: tree::violations(error, documents),
    }
}

/// Helm's library finds bad patterns while it holds the schema against its metaschema, where each schema on
/// the way is an `allOf` of vocabularies; ours finds them afterwards.
fn invalid_pattern(location: &str, pattern: &str, reason: &str, documents: &Documents) -> SchemaError {
    let (url, pointer) = location.split_once('#').unwrap_or((location, ""));
    let tokens: Vec<String> = pointer.split('/').skip(1).map(unescape).collect();
    let (keyword, schema) = tokens
        .split_last()
        .map_or(("pattern", &[][..]), |(last, rest)| (last.as_str(), rest));
    let literal: Option<String> = documents
        .literal(
            &format!(
                "{url}#{}",
                pointer.rsplit_once('/').map_or("", |(schema, _)| schema)
            ),
            keyword,
        )
        .and_then(|json| serde_json::from_str(&json).ok());
    let pattern = literal.as_deref().unwrap_or(pattern);
    let failure = |instance_path: Vec<String>| Violation {
        instance_path,
        keyword: Some("format"),
        message: format!(
            "{} is not valid regex: {}",
            single_quote(pattern),
            patterns::error_text(pattern, reason)
        ),
        causes: Vec::new(),
    };
    let mut violation = if keyword == "patternProperties" {
        Violation {
            instance_path: tokens.clone(),
            keyword: Some("propertyNames"),
            message: format!("invalid propertyName {}", single_quote(pattern)),
            causes: vec![failure(Vec::new())],
        }
    } else {
        failure(tokens.clone())
    };
    for length in schema_depths(schema).into_iter().rev() {
        violation = Violation {
            instance_path: schema[..length].to_vec(),
            keyword: Some("allOf"),
            message: "'allOf' failed".to_owned(),
            causes: vec![violation],
        };
    }
    SchemaError::InvalidSchema {
        url: format!("{url}#"),
        metaschema: NEWEST_METASCHEMA.to_owned(),
        violations: vec![violation],
    }
}

/// How many tokens lead to each schema on the way to the one at `tokens`.
fn schema_depths(tokens: &[String]) -> Vec<usize> {
    let mut depths = vec![0];
    let mut at = 0;
    while at < tokens.len() {
        at += match tokens[at].as_str() {
            "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" | "allOf"
            | "anyOf" | "oneOf" | "prefixItems" => 2,
            _ => 1,
        };
        depths.push(at.min(tokens.len()));
    }
    depths
}
