//! Base64 and base32. What cannot be decoded decodes to the text of the error.

mod base32;

use skeg_go::{CallError, GoFunction, GoValue, Parameter, base64};

use crate::arguments::bytes;

use Parameter::String;

/// The functions of this group.
pub(crate) const FUNCTIONS: &[GoFunction] = &[
    GoFunction::fixed("b32dec", &[String], decode_base32),
    GoFunction::fixed("b32enc", &[String], encode_base32),
    GoFunction::fixed("b64dec", &[String], decode_base64),
    GoFunction::fixed("b64enc", &[String], encode_base64),
];

/// `b64enc TEXT`
fn encode_base64(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(GoValue::from(base64::encode(bytes(arguments, 0))))
}

/// `b64dec TEXT`
fn decode_base64(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(match base64::decode(bytes(arguments, 0)) {
        Ok(bytes) => GoValue::from(bytes),
        Err(at) => GoValue::from(format!("illegal base64 data at input byte {at}")),
    })
}

/// `b32enc TEXT`
fn encode_base32(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(GoValue::from(base32::encode(bytes(arguments, 0))))
}

/// `b32dec TEXT`
fn decode_base32(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(match base32::decode(bytes(arguments, 0)) {
        Ok(bytes) => GoValue::from(bytes),
        Err(at) => GoValue::from(format!("illegal base32 data at input byte {at}")),
    })
}
