//! The default values of a chart.

use skeg_values::{Map, StructReader, Value, split_document, with_last_line_break, yaml};

use crate::error::{DecodeDocumentError, DecodeValuesError};

/// Decodes `values.yaml`: documents between lines of `---` are merged, later ones winning.
///
/// Helm 4.3.1, `loader.LoadValues`: every number is a float64.
pub(crate) fn decode_values(content: &[u8]) -> Result<Value, DecodeValuesError> {
    let mut merged = Map::new();
    let content = with_last_line_break(content);
    let mut rest = &*content;
    while !rest.is_empty() {
        let (document, following) = split_document(rest)?;
        merge(
            &mut merged,
            decode_map(document).map_err(DecodeValuesError::Document)?,
        );
        rest = following;
    }
    Ok(merged.into())
}

fn decode_map(document: &[u8]) -> Result<Map, DecodeDocumentError> {
    let value = yaml::decode(document)?;
    StructReader::new(&value, "map[string]interface {}")?.finish()?;
    match value.into_float_numbers() {
        Value::Map(map) => Ok(map),
        _ => Ok(Map::new()),
    }
}

fn merge(target: &mut Map, source: Map) {
    for (key, value) in source {
        match (target.get_mut(&key), value) {
            (Some(Value::Map(below)), Value::Map(above)) => merge(below, above),
            (_, value) => drop(target.insert(key, value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use skeg_values::yaml;

    use super::decode_values;
    use crate::error::DecodeValuesError;

    #[track_caller]
    fn check(content: &str, expected: &str) {
        let decoded = match decode_values(content.as_bytes()) {
            Ok(value) => yaml::encode(&value),
            Err(DecodeValuesError::Document(error)) => error.to_string(),
            Err(error) => error.to_string(),
        };
        assert_eq!(decoded, expected, "{content:?}");
    }

    #[test]
    fn documents_are_merged() {
        check("", "{}\n");
        check("# nothing\n", "{}\n");
        check("a: 1\n", "a: 1\n");
        check("---\na: 1\n", "a: 1\n");
        check("---\n---\na: 1\n", "a: 1\n");
        check("a: {x: 1}\n---  \na: {z: 2}\n", "a:\n  x: 1\n  z: 2\n");
        check("a: {x: 1}\n---\na: 3\n---\na: null\n", "a: null\n");
        check("a: 1\n---", "a: 1\n");
        check("a: 1\n--- # x\nb: 1\n", "a: 1\nb: 1\n");
        check("a: 1\r\n---\r\nb: 1\r\n", "a: 1\nb: 1\n");
        check("a: |\n  x\n---\nb: 1\n...\nc: 1\n", "a: |\n  x\nb: 1\n");
        check("a: 12345678901234567890\n", "a: 12345678901234567000\n");
    }

    #[test]
    fn only_comments_follow_a_separator() {
        const MESSAGE: &str = "error reading yaml document: invalid Yaml document separator: {f: 1}";
        check("a: 1\n--- {f: 1}\n", MESSAGE);
        check("--- {f: 1}\n", MESSAGE);
    }

    #[test]
    fn documents_that_are_no_map_are_refused() {
        check(
            "x",
            "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into Go value of type map[string]interface {}",
        );
    }
}
