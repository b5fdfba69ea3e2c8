//! URLs and host names.

use skeg_go::net_url::{Url, UserInfo};
use skeg_go::{CallError, GoFunction, GoMap, GoValue, Parameter};
use skeg_template::Function;

use crate::Surroundings;
use crate::arguments::{bytes, map};

/// The functions of this group.
pub(crate) const FUNCTIONS: &[GoFunction] = &[
    GoFunction::fixed("urlJoin", &[Parameter::Map], join),
    GoFunction::fixed("urlParse", &[Parameter::String], parse),
];

/// `getHostByName`, which takes the first address where Sprig draws lots, and fails as the draw of none does.
pub(crate) fn functions(surroundings: &Surroundings) -> Vec<Function> {
    let host_addresses = surroundings.host_addresses;
    let find = move |arguments: &[GoValue]| {
        let name = String::from_utf8_lossy(bytes(arguments, 0)).into_owned();
        let first = host_addresses(&name).into_iter().next();
        first
            .map(GoValue::from)
            .ok_or_else(|| CallError::new("invalid argument to Intn"))
    };
    vec![Function::stateful("getHostByName", &[Parameter::String], find)]
}

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

#[cfg(test)]
mod tests {
    use skeg_template::Body;

    use super::*;

    #[track_caller]
    fn check(host: &str, expected: Result<&str, &str>) {
        let functions = functions(&Surroundings {
            now: || 0,
            time_zone: None,
            fill_random: |_| {},
            host_addresses: |name| match name {
                "one" => vec!["127.0.0.1".to_owned()],
                "two" => vec!["::1".to_owned(), "127.0.0.1".to_owned()],
                _ => Vec::new(),
            },
        });
        let Some(Body::Stateful(function)) = functions.first().map(|function| &function.body) else {
            panic!("`getHostByName` asks the surroundings");
        };
        let outcome = function(&[host.into()]).map_err(|error| error.to_string());
        let outcome = outcome.map(|address| address.as_string().unwrap().to_lossy().into_owned());
        assert_eq!(outcome.as_deref().map_err(String::as_str), expected, "{host}");
    }

    #[test]
    fn hosts_have_addresses_or_the_call_fails() {
        check("one", Ok("127.0.0.1"));
        check("two", Ok("::1"));
        check("nobody", Err("invalid argument to Intn"));
        check("", Err("invalid argument to Intn"));
    }
}
