//! JSON: `toPrettyJson`, `toRawJson` and their kin. Helm has its own `toJson` and `fromJson`.

use skeg_go::{CallError, GoFunction, GoValue, Parameter};
use skeg_values::json::{self, EncodeJsonError};

use crate::arguments::{any, bytes};

/// The functions of this group.
pub(crate) const FUNCTIONS: &[GoFunction] = &[
    GoFunction::fixed("toPrettyJson", &[Parameter::Any], to_pretty_json),
    GoFunction::fixed("mustToPrettyJson", &[Parameter::Any], must_to_pretty_json),
    GoFunction::fixed("toRawJson", &[Parameter::Any], must_to_raw_json),
    GoFunction::fixed("mustToRawJson", &[Parameter::Any], must_to_raw_json),
    GoFunction::fixed("mustFromJson", &[Parameter::String], must_from_json),
];

fn to_pretty_json(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    match json::encode_go_pretty(any(arguments, 0)) {
        Ok(text) => Ok(text.into()),
        Err(error @ EncodeJsonError::TooLong) => Err(call_error(error)),
        Err(_) => Ok("".into()),
    }
}

fn must_to_pretty_json(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    json::encode_go_pretty(any(arguments, 0))
        .map(GoValue::from)
        .map_err(call_error)
}

fn must_to_raw_json(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    json::encode_go_raw(any(arguments, 0))
        .map(GoValue::from)
        .map_err(call_error)
}

fn must_from_json(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let decoded = json::decode_go(bytes(arguments, 0));
    match decoded.error {
        None => Ok(decoded.value),
        Some(error) => Err(call_error(error)),
    }
}

fn call_error(error: impl std::error::Error + 'static) -> CallError {
    CallError::wrapping(error.to_string(), error)
}

#[cfg(test)]
mod tests {
    use skeg_go::GoMap;

    use super::*;

    #[track_caller]
    fn check(name: &str, argument: impl Into<GoValue>, expected: &str) {
        let function = FUNCTIONS.iter().find(|function| function.name == name).unwrap();
        let printed = match (function.call)(&[argument.into()]) {
            Ok(value) => value.as_string().map_or_else(
                || String::from_utf8(json::encode_go(&value).unwrap()).unwrap(),
                |text| text.to_lossy().into_owned(),
            ),
            Err(error) => error.to_string(),
        };
        assert_eq!(printed, expected, "{name}");
    }

    fn sample() -> GoMap {
        let items = [
            GoValue::int(1),
            "<\u{2028}".into(),
            GoMap::new().into(),
            GoValue::list(Vec::new()),
        ];
        [("b", GoValue::Nil), ("a", GoValue::list(items.to_vec()))]
            .into_iter()
            .collect()
    }

    // Every expectation was printed by Helm 4.3.1.
    #[test]
    fn json_is_printed_and_read_as_sprig_does() {
        let pretty =
            "{\n  \"a\": [\n    1,\n    \"\\u003c\\u2028\",\n    {},\n    []\n  ],\n  \"b\": null\n}";
        check("toPrettyJson", sample(), pretty);
        check("mustToPrettyJson", sample(), pretty);
        check("toRawJson", sample(), "{\"a\":[1,\"<\\u2028\",{},[]],\"b\":null}");
        check("toPrettyJson", f64::INFINITY, "");
        check("mustToPrettyJson", f64::INFINITY, "json: unsupported value: +Inf");
        check("toRawJson", f64::NAN, "json: unsupported value: NaN");
        check(
            "mustToRawJson",
            f64::NEG_INFINITY,
            "json: unsupported value: -Inf",
        );
        check("mustFromJson", "[1, {\"a\": null}]", "[1,{\"a\":null}]");
        check("mustFromJson", "{", "unexpected end of JSON input");
        check(
            "mustFromJson",
            "{\"a\":1e400}",
            "json: cannot unmarshal number 1e400 into Go struct field .a of type float64",
        );
        check(
            "mustFromJson",
            "[1,1e400]",
            "json: cannot unmarshal number 1e400 into .1 of type float64",
        );
    }
}
