//! `common.Values`, a map with methods.

#![expect(
    clippy::unnecessary_wraps,
    reason = "all methods are of one type, and some can fail"
)]

use skeg_go::{CallError, GoMap, GoValue, Method, NamedType, Parameter};

use crate::values::{table, value};

/// The type of `.Values` and of the whole context.
pub(crate) static VALUES: NamedType = NamedType {
    name: "common.Values",
    methods: &[
        method("AsMap", &[], as_map),
        method(
            "Encode",
            &[Parameter::Object {
                type_name: "io.Writer",
            }],
            encode,
        ),
        method("PathValue", &[Parameter::String], path_value),
        method("Table", &[Parameter::String], table_at),
        method("YAML", &[], yaml),
    ],
};

type Call = fn(&GoValue, &[GoValue]) -> Result<GoValue, CallError>;

const fn method(name: &'static str, parameters: &'static [Parameter], call: Call) -> Method {
    Method {
        name,
        parameters,
        variadic: None,
        call,
    }
}

fn receiver_map(receiver: &GoValue) -> GoMap {
    receiver.as_map().cloned().unwrap_or_default()
}

fn path(arguments: &[GoValue]) -> String {
    let path = arguments.first().and_then(GoValue::as_string);
    path.map(|path| path.to_lossy().into_owned()).unwrap_or_default()
}

fn as_map(receiver: &GoValue, _: &[GoValue]) -> Result<GoValue, CallError> {
    let map = receiver_map(receiver);
    if map.is_empty() {
        return Ok(GoMap::new().into());
    }
    Ok(map.converted(None).into())
}

fn table_at(receiver: &GoValue, arguments: &[GoValue]) -> Result<GoValue, CallError> {
    match table(&receiver_map(receiver), &path(arguments)) {
        Ok(table) => Ok(table.converted(Some(&VALUES)).into()),
        Err(error) => Err(CallError::new(error.to_string())),
    }
}

fn path_value(receiver: &GoValue, arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let path = path(arguments);
    if path.is_empty() {
        return Err(CallError::new("YAML path cannot be empty"));
    }
    let found = value(&receiver_map(receiver), &path);
    found.ok_or_else(|| {
        let key = path.rsplit('.').next().unwrap_or_default();
        CallError::new(format!("{} is not a value", skeg_go::quote::quote(key)))
    })
}

fn yaml(receiver: &GoValue, _: &[GoValue]) -> Result<GoValue, CallError> {
    match skeg_values::yaml::encode_go(receiver) {
        Ok(yaml) => Ok(yaml.into()),
        Err(error) => Err(CallError::new(error.to_string())),
    }
}

/// Templates have no writers, so nobody gets here.
fn encode(_: &GoValue, _: &[GoValue]) -> Result<GoValue, CallError> {
    Err(CallError::new("there is nothing to write to"))
}
