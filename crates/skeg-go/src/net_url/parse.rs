//! Taking a URL apart.

use super::address;
use super::error::Problem;
use super::escape::{Part, unescape};
use super::{Url, UserInfo, cut};

/// Parses a URL without its fragment.
pub(super) fn parse(text: &[u8]) -> Result<Url, Problem> {
    if text.iter().any(u8::is_ascii_control) {
        return Err(Problem::ControlCharacter);
    }
    let mut url = Url::default();
    if text == b"*" {
        url.path = text.to_vec();
        return Ok(url);
    }
    let (scheme, rest) = split_scheme(text)?;
    url.scheme = scheme.to_ascii_lowercase();
    let (rest, query) = cut_query(rest);
    url.force_query = query == Some(b"");
    url.raw_query = query.unwrap_or_default().to_vec();
    let has_scheme = !scheme.is_empty();
    if !rest.starts_with(b"/") {
        if has_scheme {
            url.opaque = rest.to_vec();
            return Ok(url);
        }
        if cut(rest, b'/').0.contains(&b':') {
            return Err(Problem::ColonInFirstSegment);
        }
    }
    let mut path = rest;
    if (has_scheme || !rest.starts_with(b"///"))
        && let Some(after) = rest.strip_prefix(b"//")
    {
        let end = after.iter().position(|byte| *byte == b'/');
        let (authority, after) = after.split_at(end.unwrap_or(after.len()));
        (url.user, url.host) = parse_authority(&url.scheme, authority)?;
        path = after;
    } else if has_scheme && rest.starts_with(b"/") {
        url.omit_host = true;
    }
    url.set_path(path)?;
    Ok(url)
}

/// The scheme, which may be missing, and what follows its colon.
fn split_scheme(text: &[u8]) -> Result<(&[u8], &[u8]), Problem> {
    for (index, byte) in text.iter().enumerate() {
        match byte {
            b':' if index == 0 => return Err(Problem::MissingScheme),
            b':' => return Ok((&text[..index], &text[index + 1..])),
            b'0'..=b'9' | b'+' | b'-' | b'.' if index > 0 => {}
            _ if byte.is_ascii_alphabetic() => {}
            _ => break,
        }
    }
    Ok((&[], text))
}

/// The query is `Some` and empty only if the text ends with its only question mark.
fn cut_query(text: &[u8]) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|byte| *byte == b'?') {
        Some(mark) => (&text[..mark], Some(&text[mark + 1..])),
        None => (text, None),
    }
}

fn parse_authority(scheme: &[u8], authority: &[u8]) -> Result<(Option<UserInfo>, Vec<u8>), Problem> {
    let Some(at) = authority.iter().rposition(|byte| *byte == b'@') else {
        return Ok((None, parse_host(scheme, authority)?));
    };
    let host = parse_host(scheme, &authority[at + 1..])?;
    let user = &authority[..at];
    let is_valid = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(byte);
    if !user.iter().all(is_valid) {
        return Err(Problem::UserInfo);
    }
    let (username, password) = cut(user, b':');
    let username = unescape(username, Part::User)?;
    let password = unescape(password, Part::User)?;
    let password = user.contains(&b':').then_some(password);
    Ok((Some(UserInfo { username, password }), host))
}

fn parse_host(scheme: &[u8], host: &[u8]) -> Result<Vec<u8>, Problem> {
    match host.iter().rposition(|byte| *byte == b'[') {
        Some(0) => return parse_bracketed(&host[1..]),
        Some(_) => return Err(Problem::IpLiteral),
        None => {}
    }
    let first = host.iter().position(|byte| *byte == b':');
    let last = host.iter().rposition(|byte| *byte == b':');
    let is_strict = matches!(scheme, b"http" | b"https");
    if let Some(colon) = if is_strict { first } else { last } {
        check_port(&host[colon..])?;
    }
    unescape(host, Part::Host)
}

/// What follows `[`.
fn parse_bracketed(text: &[u8]) -> Result<Vec<u8>, Problem> {
    let Some(end) = text.iter().rposition(|byte| *byte == b']') else {
        return Err(Problem::MissingBracket);
    };
    let (address, port) = (&text[..end], &text[end + 1..]);
    check_port(port)?;
    let zone = address.windows(3).position(|three| three == b"%25");
    let (address, zone) = address.split_at(zone.unwrap_or(address.len()));
    let mut address = unescape(address, Part::Host)?;
    address.extend(unescape(zone, Part::Zone)?);
    if address::parse(&address)? == address::Family::V4 {
        return Err(Problem::IpLiteral);
    }
    Ok([b"[", address.as_slice(), b"]", port].concat())
}

fn check_port(text: &[u8]) -> Result<(), Problem> {
    if is_optional_port(text) {
        return Ok(());
    }
    Err(Problem::Port(text.to_vec()))
}

/// Nothing, or a colon and any number of digits.
pub(super) fn is_optional_port(text: &[u8]) -> bool {
    match text.split_first() {
        None => true,
        Some((colon, digits)) => *colon == b':' && digits.iter().all(u8::is_ascii_digit),
    }
}
