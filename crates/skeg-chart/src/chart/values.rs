//! The default values of a chart.

use skeg_values::{Map, StructReader, Value, yaml};

use crate::error::DecodeDocumentError;

/// Decodes `values.yaml`: documents between lines of `---` are merged, later ones winning.
///
/// Helm 4.3.1, `loader.LoadValues`: every number is a float64.
pub(super) fn decode_values(content: &[u8]) -> Result<Value, DecodeDocumentError> {
    let mut merged = Map::new();
    for document in documents(content) {
        let value = yaml::decode(document)?;
        StructReader::new(&value, "map[string]interface {}")?.finish()?;
        if let Value::Map(map) = value.into_float_numbers() {
            merge(&mut merged, map);
        }
    }
    Ok(merged.into())
}

/// Splits a stream at lines that are `---` and nothing more; other document marks are left to the decoder,
/// which reads one document.
fn documents(content: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(content);
    std::iter::from_fn(move || {
        let stream = rest?;
        let mut at = 0;
        for line in stream.split_inclusive(|&byte| byte == b'\n') {
            let is_separator = line
                .strip_prefix(b"---")
                .is_some_and(|rest| rest.trim_ascii().is_empty());
            if is_separator && at > 0 {
                rest = Some(&stream[at + line.len()..]);
                return Some(&stream[..at]);
            }
            at += line.len();
        }
        rest = None;
        Some(stream)
    })
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

    #[track_caller]
    fn check(content: &str, expected: &str) {
        let decoded = match decode_values(content.as_bytes()) {
            Ok(value) => yaml::encode(&value),
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
        check("a: {x: 1}\n---  \na: {y: 2}\n", "a:\n  x: 1\n  \"y\": 2\n");
        check("a: {x: 1}\n---\na: 3\n---\na: null\n", "a: null\n");
        check("a: 1\n---", "a: 1\n");
        check("a: 12345678901234567890\n", "a: 12345678901234567000\n");
    }

    #[test]
    fn documents_that_are_no_map_are_refused() {
        check(
            "x",
            "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into Go value of type map[string]interface {}",
        );
    }
}
