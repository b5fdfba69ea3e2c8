//! Addresses, host names, mail addresses and URLs.

use std::net::Ipv6Addr;

use skeg_go::quote::quote;

use super::{Verdict, is_digits, quote_character, refuse};

/// `ipv4`
pub(super) fn ipv4(text: &str) -> Verdict {
    let groups: Vec<&str> = text.split('.').collect();
    if groups.len() != 4 {
        return refuse("expected four decimals");
    }
    for group in groups {
        if group.len() > 1 && group.starts_with('0') {
            return refuse("leading zeros");
        }
        let unsigned = group.strip_prefix(['+', '-']).unwrap_or(group);
        if unsigned.is_empty() || !is_digits(unsigned) {
            return refuse(format!("strconv.Atoi: parsing {}: invalid syntax", quote(group)));
        }
        match group.parse::<i64>() {
            Ok(0..=255) => {}
            Ok(_) => return refuse("decimal must be between 0 and 255"),
            Err(_) => {
                return refuse(format!(
                    "strconv.Atoi: parsing {}: value out of range",
                    quote(group)
                ));
            }
        }
    }
    Ok(())
}

/// `ipv6`, judged by Go's `netip.ParseAddr`.
pub(super) fn ipv6(text: &str) -> Verdict {
    if !text.contains(':') {
        return refuse("missing colon");
    }
    if let Some((address, zone)) = text.split_once('%') {
        if zone.is_empty() {
            return refuse(format!(
                "ParseAddr({}): zone must be a non-empty string",
                quote(text)
            ));
        }
        if address.parse::<Ipv6Addr>().is_ok() {
            return refuse("zone id is not a part of ipv6 address");
        }
    }
    if text.parse::<Ipv6Addr>().is_ok() {
        return Ok(());
    }
    refuse(format!("ParseAddr({}): {}", quote(text), address_problem(text)))
}

/// What Go finds wrong first.
fn address_problem(text: &str) -> String {
    let at = |message: &str, rest: &str| format!("{message} (at {})", quote(rest));
    let mut rest = text.strip_prefix("::").unwrap_or(text);
    let mut has_ellipsis = rest.len() < text.len();
    for _ in 0..8 {
        if rest.is_empty() {
            break;
        }
        let after = rest.trim_start_matches(|character: char| character.is_ascii_hexdigit());
        let digits = rest.len() - after.len();
        if digits > 4 {
            return at("each group must have 4 or less digits", rest);
        }
        if digits == 0 {
            return at("each colon-separated field must have at least one digit", rest);
        }
        if after.is_empty() {
            rest = after;
            continue;
        }
        let Some(next) = after.strip_prefix(':') else {
            return at("unexpected character, want colon", after);
        };
        if next.is_empty() {
            return at("colon must be followed by more characters", after);
        }
        rest = next;
        if let Some(next) = next.strip_prefix(':') {
            if has_ellipsis {
                return at("multiple :: in address", rest);
            }
            has_ellipsis = true;
            rest = next;
        }
    }
    if rest.is_empty() {
        "address string too short".to_owned()
    } else {
        at("trailing garbage after address", rest)
    }
}

/// `hostname`
pub(super) fn hostname(text: &str) -> Verdict {
    let text = text.strip_suffix('.').unwrap_or(text);
    if text.len() > 253 {
        return refuse("more than 253 characters long");
    }
    for label in text.split('.') {
        if label.is_empty() || label.len() > 63 {
            return refuse("label must be 1 to 63 characters long");
        }
        if label.starts_with('-') {
            return refuse("label starts with hyphen");
        }
        if label.ends_with('-') {
            return refuse("label ends with hyphen");
        }
        let is_allowed = |character: &char| character.is_ascii_alphanumeric() || *character == '-';
        if let Some(character) = label.chars().find(|character| !is_allowed(character)) {
            return refuse(format!("invalid character {}", quote_character(character)));
        }
    }
    Ok(())
}

/// `email`
pub(super) fn email(text: &str) -> Verdict {
    if text.len() > 254 {
        return refuse("more than 255 characters long");
    }
    let Some((local, domain)) = text.rsplit_once('@') else {
        return refuse("missing @");
    };
    check_local_part(local)?;
    let bracketed = domain
        .strip_prefix('[')
        .and_then(|domain| domain.strip_suffix(']'));
    match bracketed {
        None => hostname(domain).map_err(|error| format!("invalid domain: {error}")),
        Some(address) => match address.strip_prefix("IPv6:") {
            Some(address) => ipv6(address).map_err(|error| format!("invalid ipv6 address: {error}")),
            None => ipv4(address).map_err(|error| format!("invalid ipv4 address: {error}")),
        },
    }
}

fn check_local_part(local: &str) -> Verdict {
    if local.len() > 64 {
        return refuse("local part more than 64 characters long");
    }
    let quoted = local.strip_prefix('"').and_then(|local| local.strip_suffix('"'));
    if let Some(inside) = quoted {
        return if inside.contains(['\\', '"']) {
            refuse("backslash and quote are not allowed within quoted local part")
        } else {
            Ok(())
        };
    }
    if local.starts_with('.') {
        return refuse("starts with dot");
    }
    if local.ends_with('.') {
        return refuse("ends with dot");
    }
    if local.contains("..") {
        return refuse("consecutive dots");
    }
    let is_allowed =
        |character: &char| character.is_ascii_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(*character);
    match local.chars().find(|character| !is_allowed(character)) {
        Some(character) => refuse(format!("invalid character {}", quote_character(character))),
        None => Ok(()),
    }
}

/// `uri` and `iri`
pub(super) fn uri(text: &str) -> Verdict {
    match scheme(text)? {
        Some(_) => Ok(()),
        None => refuse("relative url"),
    }
}

/// `uri-reference` and `iri-reference`
pub(super) fn uri_reference(text: &str) -> Verdict {
    if text.contains('\\') {
        return refuse("contains \\");
    }
    scheme(text).map(|_| ())
}

/// `uri-template`: braces in pairs, none within another.
pub(super) fn uri_template(text: &str) -> Verdict {
    scheme(text)?;
    let path = text.split(['?', '#']).next().unwrap_or_default();
    for token in path.split('/') {
        let mut is_open = false;
        for character in token.chars().filter(|character| matches!(character, '{' | '}')) {
            if is_open == (character == '{') {
                return refuse("nested curly braces");
            }
            is_open = !is_open;
        }
        if is_open {
            return refuse("no matching closing brace");
        }
    }
    Ok(())
}

/// Checks a URL as Go's `net/url` does and returns its scheme.
fn scheme(text: &str) -> Result<Option<&str>, String> {
    let failure = |reason: String| format!("parse {}: {reason}", quote(text));
    if text.bytes().any(|byte| byte < b' ' || byte == 0x7f) {
        return Err(failure("net/url: invalid control character in URL".to_owned()));
    }
    let (body, fragment) = text.split_once('#').unwrap_or((text, ""));
    check_escapes(fragment, text)?;
    let (scheme, rest) = split_scheme(body).map_err(|reason| failure(reason.to_owned()))?;
    let (path, _) = rest.split_once('?').unwrap_or((rest, ""));
    if !path.starts_with('/') {
        if scheme.is_some() {
            return Ok(scheme);
        }
        if path
            .split('/')
            .next()
            .is_some_and(|segment| segment.contains(':'))
        {
            return Err(failure(
                "first path segment in URL cannot contain colon".to_owned(),
            ));
        }
    }
    let path = match path.strip_prefix("//") {
        Some(rest) if scheme.is_some() || !path.starts_with("///") => {
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            check_authority(authority).map_err(failure)?;
            path
        }
        _ => path,
    };
    check_escapes(path, text)?;
    Ok(scheme)
}

fn split_scheme(text: &str) -> Result<(Option<&str>, &str), &'static str> {
    for (at, character) in text.char_indices() {
        match character {
            'a'..='z' | 'A'..='Z' => {}
            '0'..='9' | '+' | '-' | '.' if at > 0 => {}
            ':' if at == 0 => return Err("missing protocol scheme"),
            ':' => return Ok((Some(&text[..at]), &text[at + 1..])),
            _ => break,
        }
    }
    Ok((None, text))
}

fn check_escapes(part: &str, url: &str) -> Verdict {
    let Some(escape) = invalid_escape(part) else {
        return Ok(());
    };
    refuse(format!(
        "parse {}: invalid URL escape {}",
        quote(url),
        quote(escape)
    ))
}

fn invalid_escape(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let is_hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    let at = (0..bytes.len()).find(|at| bytes[*at] == b'%' && !(is_hex(at + 1) && is_hex(at + 2)))?;
    let end = text[at..]
        .char_indices()
        .nth(3)
        .map_or(text.len(), |(length, _)| at + length);
    Some(&text[at..end])
}

fn check_authority(authority: &str) -> Verdict {
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let port = if host.starts_with('[') {
        let Some((_, port)) = host.rsplit_once(']') else {
            return refuse("missing ']' in host");
        };
        port
    } else {
        host.rfind(':').map_or("", |at| &host[at..])
    };
    let is_port = port.strip_prefix(':').is_some_and(is_digits);
    if !port.is_empty() && !is_port {
        return refuse(format!("invalid port {} after host", quote(port)));
    }
    if let Some(escape) = invalid_escape(host) {
        return refuse(format!("invalid URL escape {}", quote(escape)));
    }
    let is_refused = |character: &char| character.is_ascii() && r#" "<>\^`{|}"#.contains(*character);
    match host.chars().find(is_refused) {
        Some('<' | '>' | '"') | None => Ok(()),
        Some(character) => refuse(format!(
            "invalid character {} in host name",
            quote(&character.to_string())
        )),
    }
}
