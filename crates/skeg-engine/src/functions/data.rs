//! YAML, JSON and TOML in templates.
//!
//! The functions that print give nothing for what cannot be printed, those beginning with `must` fail. The
//! functions that read put the mistake into what they return.

#![expect(
    clippy::unnecessary_wraps,
    reason = "functions of templates have one form, whether they fail or not"
)]

use skeg_go::{CallError, GoFunction, GoMap, GoString, GoValue, Parameter};
use skeg_values::json::EncodeJsonError;
use skeg_values::yaml::EncodePrettyError;
use skeg_values::{json, toml, yaml};

/// The functions of this group.
pub(crate) const FUNCTIONS: &[GoFunction] = &[
    GoFunction::fixed("toYaml", &[Parameter::Any], to_yaml),
    GoFunction::fixed("mustToYaml", &[Parameter::Any], must_to_yaml),
    GoFunction::fixed("toYamlPretty", &[Parameter::Any], to_yaml_pretty),
    GoFunction::fixed("fromYaml", &[Parameter::String], from_yaml),
    GoFunction::fixed("fromYamlArray", &[Parameter::String], from_yaml_array),
    GoFunction::fixed("toJson", &[Parameter::Any], to_json),
    GoFunction::fixed("mustToJson", &[Parameter::Any], must_to_json),
    GoFunction::fixed("fromJson", &[Parameter::String], from_json),
    GoFunction::fixed("fromJsonArray", &[Parameter::String], from_json_array),
    GoFunction::fixed("toToml", &[Parameter::Any], to_toml),
    GoFunction::fixed("mustToToml", &[Parameter::Any], must_to_toml),
    GoFunction::fixed("fromToml", &[Parameter::String], from_toml),
];

/// Those that are in Sprig too: two are the same there, `fromJson` reads any value and is silent about mistakes.
pub(crate) const FUNCTIONS_LIKE_SPRIG: [GoFunction; 3] = [
    GoFunction::fixed("toJson", &[Parameter::Any], to_json),
    GoFunction::fixed("mustToJson", &[Parameter::Any], must_to_json),
    GoFunction::fixed("fromJson", &[Parameter::String], |arguments| {
        Ok(json::decode_go(text(arguments)).value)
    }),
];

fn to_yaml(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    match yaml::encode_go(argument(arguments)) {
        Ok(text) => Ok(without_line_break(text).into()),
        Err(error) if error.is_too_long() => Err(call_error(error)),
        Err(_) => Ok("".into()),
    }
}

fn must_to_yaml(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let text = yaml::encode_go(argument(arguments)).map_err(call_error)?;
    Ok(without_line_break(text).into())
}

fn to_yaml_pretty(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    match yaml::encode_pretty(argument(arguments)) {
        Ok(text) => Ok(without_line_break(text).into()),
        Err(error @ EncodePrettyError::TooLong) => Err(call_error(error)),
        Err(_) => Ok("".into()),
    }
}

fn without_line_break(mut text: Vec<u8>) -> Vec<u8> {
    if text.last() == Some(&b'\n') {
        text.pop();
    }
    text
}

fn to_json(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    match json::encode_go(argument(arguments)) {
        Ok(text) => Ok(text.into()),
        Err(error @ EncodeJsonError::TooLong) => Err(call_error(error)),
        Err(_) => Ok("".into()),
    }
}

fn must_to_json(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    json::encode_go(argument(arguments))
        .map(GoValue::from)
        .map_err(call_error)
}

fn from_yaml(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let map = yaml::decode_go_map(text(arguments)).unwrap_or_else(|error| {
        let map = GoMap::new();
        map.insert("Error", error.to_string());
        map
    });
    Ok(map.into())
}

fn from_yaml_array(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let items = yaml::decode_go_list(text(arguments)).unwrap_or_else(|error| vec![error.to_string().into()]);
    Ok(GoValue::list(items))
}

fn from_json(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let decoded = json::decode_go_map(text(arguments));
    if let Some(error) = decoded.error {
        decoded.value.insert("Error", error.to_string());
    }
    Ok(decoded.value.into())
}

fn from_json_array(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let decoded = json::decode_go_list(text(arguments));
    let items = match decoded.error {
        Some(error) => vec![error.to_string().into()],
        None => decoded.value,
    };
    Ok(GoValue::list(items))
}

/// What cannot be printed becomes the text of the mistake; what Go's encoder panics on fails here as well.
fn to_toml(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    if argument(arguments).is_nil() {
        return must_to_toml(arguments);
    }
    Ok(match toml::encode(argument(arguments)) {
        Ok(text) => text.into(),
        Err(error) => error.to_string().into(),
    })
}

fn must_to_toml(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    toml::encode(argument(arguments))
        .map(GoValue::from)
        .map_err(call_error)
}

fn from_toml(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let map = toml::decode(text(arguments)).unwrap_or_else(|error| {
        let map = GoMap::new();
        map.insert("Error", error.to_string());
        map
    });
    Ok(map.into())
}

fn argument(arguments: &[GoValue]) -> &GoValue {
    arguments.first().unwrap_or(&GoValue::Nil)
}

fn text(arguments: &[GoValue]) -> &[u8] {
    argument(arguments).as_string().map_or(&[], GoString::as_bytes)
}

fn call_error(error: impl std::error::Error + 'static) -> CallError {
    CallError::wrapping(error.to_string(), error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, argument: impl Into<GoValue>, expected: &str) {
        let function = FUNCTIONS.iter().find(|function| function.name == name).unwrap();
        let printed = match (function.call)(&[argument.into()]) {
            Ok(GoValue::String(text)) => text.to_lossy().into_owned(),
            Ok(value) => String::from_utf8(json::encode_go(&value).unwrap()).unwrap(),
            Err(error) => error.to_string(),
        };
        assert_eq!(printed, expected, "{name}");
    }

    fn sample() -> GoMap {
        let items = [GoValue::from(1e6), "a: b".into(), GoValue::Nil];
        [("b", GoValue::list(items.to_vec())), ("a", "".into())]
            .into_iter()
            .collect()
    }

    // Every expectation was printed by Helm 4.3.1.
    #[test]
    fn values_are_printed() {
        check("toYaml", sample(), "a: \"\"\nb:\n- 1000000\n- 'a: b'\n- null");
        check("mustToYaml", sample(), "a: \"\"\nb:\n- 1000000\n- 'a: b'\n- null");
        check(
            "toYamlPretty",
            sample(),
            "a: \"\"\nb:\n  - 1e+06\n  - 'a: b'\n  - null",
        );
        check("toJson", sample(), "{\"a\":\"\",\"b\":[1000000,\"a: b\",null]}");
        check("toYaml", "a\n", "|\n  a");
        check("toYaml", GoValue::Nil, "null");
        check("toJson", "<&>", "\"\\u003c\\u0026\\u003e\"");
    }

    #[test]
    fn what_cannot_be_printed_is_empty_or_fails() {
        check("toYaml", f64::NAN, "");
        check("toYaml", "a\u{7f}", "");
        check("toJson", f64::INFINITY, "");
        check("toYamlPretty", f64::NAN, ".nan");
        check(
            "mustToYaml",
            f64::INFINITY,
            "error marshaling into JSON: json: unsupported value: +Inf",
        );
        check(
            "mustToYaml",
            "a\u{7f}",
            "yaml: control characters are not allowed",
        );
        check("mustToJson", f64::NAN, "json: unsupported value: NaN");
    }

    #[test]
    fn toml_is_printed_and_read() {
        let items = [GoValue::int(1), "x".into()];
        let value: GoMap = [("a", GoValue::int(1)), ("b", GoValue::list(items.to_vec()))]
            .into_iter()
            .collect();
        check("toToml", value.clone(), "a = 1\nb = [1, \"x\"]\n");
        check("mustToToml", value, "a = 1\nb = [1, \"x\"]\n");
        let panic = "reflect: call of reflect.Value.Type on zero Value";
        check("toToml", GoValue::Nil, panic);
        check("mustToToml", GoValue::Nil, panic);
        check("fromToml", "a = 1\n[b]\nc = 1.5\n", "{\"a\":1,\"b\":{\"c\":1.5}}");
        check(
            "fromToml",
            "a = 1\nb = x",
            "{\"Error\":\"toml: line 2 (last key \\\"b\\\"): expected value but found \\\"x\\\" instead\"}",
        );
    }

    #[test]
    fn texts_are_read() {
        check("fromYaml", "a: 1\nb: [x]\n", "{\"a\":1,\"b\":[\"x\"]}");
        check("fromYaml", "", "{}");
        check("fromYamlArray", "- 1\n", "[1]");
        check("fromYamlArray", "", "[]");
        check("fromJson", "{\"a\":1}", "{\"a\":1}");
        check("fromJson", "null", "null");
        check("fromJsonArray", "[1]", "[1]");
    }

    #[test]
    fn mistakes_are_in_what_was_read() {
        check(
            "fromYaml",
            "a: [",
            "{\"Error\":\"error converting YAML to JSON: yaml: line 1: did not find expected node content\"}",
        );
        check(
            "fromYaml",
            "[1]",
            "{\"Error\":\"error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}\"}",
        );
        check(
            "fromYamlArray",
            "a: b",
            "[\"error unmarshaling JSON: while decoding JSON: json: cannot unmarshal object into Go value of type []interface {}\"]",
        );
        check("fromJson", "{", "{\"Error\":\"unexpected end of JSON input\"}");
        check(
            "fromJson",
            "{\"a\":1e400}",
            "{\"Error\":\"json: cannot unmarshal number 1e400 into Go struct field .a of type float64\",\"a\":0}",
        );
        check(
            "fromJsonArray",
            "[1,1e400,{\"a\":1e400}]",
            "[\"json: cannot unmarshal number 1e400 into .1 of type float64\"]",
        );
        check(
            "fromJsonArray",
            "{}",
            "[\"json: cannot unmarshal object into Go value of type []interface {}\"]",
        );
    }
}
