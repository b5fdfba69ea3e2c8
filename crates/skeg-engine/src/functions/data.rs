//! YAML, JSON and TOML in templates.
//!
//! The functions that print give nothing for what cannot be printed, those beginning with `must` fail. The
//! functions that read put the mistake into what they return.

use skeg_go::{CallError, GoFunction, GoMap, GoString, GoValue, Parameter};
use skeg_values::{json, yaml};

/// The functions of this group.
pub(crate) const FUNCTIONS: &[GoFunction] = &[
    function("toYaml", &[Parameter::Any], to_yaml),
    function("mustToYaml", &[Parameter::Any], must_to_yaml),
    function("toYamlPretty", &[Parameter::Any], to_yaml_pretty),
    function("fromYaml", &[Parameter::String], from_yaml),
    function("fromYamlArray", &[Parameter::String], from_yaml_array),
    function("toJson", &[Parameter::Any], to_json),
    function("mustToJson", &[Parameter::Any], must_to_json),
    function("fromJson", &[Parameter::String], from_json),
    function("fromJsonArray", &[Parameter::String], from_json_array),
];

type Body = fn(&[GoValue]) -> Result<GoValue, CallError>;

const fn function(name: &'static str, parameters: &'static [Parameter], call: Body) -> GoFunction {
    GoFunction {
        name,
        parameters,
        variadic: None,
        call,
    }
}

fn to_yaml(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(must_to_yaml(arguments).unwrap_or_else(|_| "".into()))
}

fn must_to_yaml(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let text = yaml::encode_go(argument(arguments)).map_err(call_error)?;
    Ok(without_line_break(text).into())
}

fn to_yaml_pretty(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let text = yaml::encode_pretty(argument(arguments)).unwrap_or_default();
    Ok(without_line_break(text).into())
}

fn without_line_break(mut text: Vec<u8>) -> Vec<u8> {
    if text.last() == Some(&b'\n') {
        text.pop();
    }
    text
}

fn to_json(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(must_to_json(arguments).unwrap_or_else(|_| "".into()))
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

fn argument(arguments: &[GoValue]) -> &GoValue {
    arguments.first().unwrap_or(&GoValue::Nil)
}

fn text(arguments: &[GoValue]) -> &[u8] {
    argument(arguments).as_string().map_or(&[], GoString::as_bytes)
}

fn call_error(error: impl std::error::Error + 'static) -> CallError {
    CallError::wrapping(error.to_string(), error)
}
