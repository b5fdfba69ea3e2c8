//! URLs and host names.

use skeg_go::net_url::{Url, UserInfo};
use skeg_go::{CallError, GoFunction, GoMap, GoValue, Parameter};

use crate::arguments::{bytes, map};

/// The functions of this group.
pub(crate) const FUNCTIONS: &[GoFunction] = &[
    // Helm's, which asks nobody unless it is told to.
    GoFunction::fixed("getHostByName", &[Parameter::String], |_| Ok("".into())),
    GoFunction::fixed("urlJoin", &[Parameter::Map], join),
    GoFunction::fixed("urlParse", &[Parameter::String], parse),
];

fn parse(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let url = Url::parse(bytes(arguments, 0))
        .map_err(|error| CallError::new(format!("unable to parse url: {error}")))?;
    let hostname = url.hostname().to_vec();
    let user = url.user.map(|user| user.to_bytes());
    let parts = [
        ("scheme", url.scheme),
        ("host", url.host),
        ("hostname", hostname),
        ("path", url.path),
        ("query", url.raw_query),
        ("opaque", url.opaque),
        ("fragment", url.fragment),
        ("userinfo", user.unwrap_or_default()),
    ];
    Ok(GoMap::from_iter(parts).into())
}

fn join(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let parts = map(arguments, 0);
    let url = Url {
        scheme: part(parts, "scheme")?,
        host: part(parts, "host")?,
        path: part(parts, "path")?,
        raw_query: part(parts, "query")?,
        opaque: part(parts, "opaque")?,
        fragment: part(parts, "fragment")?,
        ..Url::default()
    };
    let user = user(&part(parts, "userinfo")?)?;
    Ok(Url { user, ..url }.to_bytes().into())
}

/// Name and password out of their escaped text.
fn user(text: &[u8]) -> Result<Option<UserInfo>, CallError> {
    if text.is_empty() {
        return Ok(None);
    }
    let url = Url::parse(&[b"proto://", text, b"@host"].concat());
    let url = url.map_err(|error| CallError::new(format!("unable to parse userinfo in dict: {error}")))?;
    Ok(url.user)
}

fn part(parts: Option<&GoMap>, key: &str) -> Result<Vec<u8>, CallError> {
    match parts.and_then(|parts| parts.get(key)) {
        None => Ok(Vec::new()),
        Some(GoValue::String(text)) => Ok(text.to_vec()),
        Some(GoValue::Nil) => Err(CallError::new(
            "runtime error: invalid memory address or nil pointer dereference",
        )),
        Some(value) => Err(CallError::new(format!(
            "unable to parse {key} key, must be of type string, but {} found",
            value.kind().name()
        ))),
    }
}
