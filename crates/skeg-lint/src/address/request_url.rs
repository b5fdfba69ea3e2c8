//! URLs as Go's `net/url` parses them, as far as it can fail.

use std::net::Ipv6Addr;

/// Whether the text is a URL with a scheme, as it stands in a request.
pub(crate) fn is_request_url(text: &str) -> bool {
    // What is behind `#` is part of the path in a request.
    matches!(Scheme::split(text), Some((Some(_), _))) && parse_before_fragment(text).is_some()
}

/// A URL, as far as it says where something is.
pub(super) struct Url<'text> {
    /// With the port.
    pub(super) host: &'text str,
    pub(super) path: &'text str,
}

impl<'text> Url<'text> {
    /// Parses as `url.Parse`.
    pub(super) fn parse(text: &'text str) -> Option<Self> {
        let (before, fragment) = text.split_once('#').unwrap_or((text, ""));
        if !is_escaped(fragment) {
            return None;
        }
        parse_before_fragment(before)
    }
}

fn parse_before_fragment(text: &str) -> Option<Url<'_>> {
    let is_control = |byte: u8| byte < b' ' || byte == 0x7f;
    if text.bytes().any(is_control) {
        return None;
    }
    let (scheme, rest) = Scheme::split(text)?;
    let path = rest.split('?').next().unwrap_or_default();
    if !path.starts_with('/') && scheme.is_some() {
        return Some(Url { host: "", path: "" });
    }
    let first = path.split('/').next().unwrap_or_default();
    if first.contains(':') {
        return None;
    }
    let has_host = path.starts_with("//") && (scheme.is_some() || !path.starts_with("///"));
    let (authority, path) = if has_host {
        let after = &path[2..];
        after.split_at(after.find('/').unwrap_or(after.len()))
    } else {
        ("", path)
    };
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let is_valid = is_user(user) && is_host(scheme.as_ref(), host) && is_escaped(path);
    is_valid.then_some(Url { host, path })
}

/// What stands before the first colon.
struct Scheme<'text>(&'text str);

impl<'text> Scheme<'text> {
    /// Splits it off the rest; none if there is nothing before the colon.
    fn split(text: &'text str) -> Option<(Option<Self>, &'text str)> {
        let is_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        let end = text.find(|c| !is_scheme(c)).unwrap_or(text.len());
        match text[end..].strip_prefix(':') {
            Some(_) if end == 0 => None,
            Some(rest) if text.starts_with(|c: char| c.is_ascii_alphabetic()) => {
                Some((Some(Self(&text[..end])), rest))
            }
            _ => Some((None, text)),
        }
    }

    /// Whether a host has at most one colon, that before its port.
    fn is_strict(&self) -> bool {
        ["http", "https"]
            .iter()
            .any(|strict| self.0.eq_ignore_ascii_case(strict))
    }
}

fn is_user(user: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&byte);
    user.bytes().all(is_allowed) && is_escaped(user)
}

fn is_host(scheme: Option<&Scheme<'_>>, host: &str) -> bool {
    let (name, port) = match host.rfind('[') {
        Some(0) => {
            let Some((name, port)) = host[1..].rsplit_once(']') else {
                return false;
            };
            return is_ipv6(name) && is_port(port);
        }
        Some(_) => return false,
        None => {
            let is_strict = scheme.is_some_and(Scheme::is_strict);
            let colon = if is_strict {
                host.find(':')
            } else {
                host.rfind(':')
            };
            host.split_at(colon.unwrap_or(host.len()))
        }
    };
    is_port(port) && is_name(name)
}

fn is_port(port: &str) -> bool {
    match port.strip_prefix(':') {
        Some(digits) => digits.bytes().all(|byte| byte.is_ascii_digit()),
        None => port.is_empty(),
    }
}

fn is_ipv6(name: &str) -> bool {
    let (address, zone) = name.split_once("%25").unwrap_or((name, "zone"));
    address.parse::<Ipv6Addr>().is_ok() && !zone.is_empty()
}

/// A host's name: only bytes beyond ASCII may be escaped.
fn is_name(name: &str) -> bool {
    let is_allowed = |byte: u8| {
        !byte.is_ascii() || byte.is_ascii_alphanumeric() || b"-_.~!$&'()*+,;=:]<>\"%".contains(&byte)
    };
    let mut bytes = escaped_bytes(name);
    name.bytes().all(is_allowed) && bytes.all(|byte| byte.is_some_and(|byte| !byte.is_ascii()))
}

/// Whether every `%` is followed by two hexadecimal digits.
fn is_escaped(text: &str) -> bool {
    escaped_bytes(text).all(|byte| byte.is_some())
}

/// What stands for each `%` and the two digits behind it; nothing where these are missing.
fn escaped_bytes(text: &str) -> impl Iterator<Item = Option<u8>> {
    text.match_indices('%').map(|(at, _)| {
        let digits = text.get(at + 1..at + 3)?;
        let is_number = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        u8::from_str_radix(digits, 16).ok().filter(|_| is_number)
    })
}
