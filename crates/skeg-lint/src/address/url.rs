//! Web addresses as people write them, with or without `https://`.

use std::net::Ipv6Addr;

use super::pattern::Places;
use super::request_url::Url;

const LONGEST: usize = 2083;
const SHORTEST: usize = 4;
const SCHEMES: [&str; 7] = ["ftp", "tcp", "udp", "ws", "wss", "http", "https"];

/// Whether the text is a web address.
pub(crate) fn is_url(text: &str) -> bool {
    let characters: Vec<char> = text.chars().collect();
    if text.len() < SHORTEST || characters.len() >= LONGEST || text.starts_with('.') {
        return false;
    }
    let has_port_only = text.contains(':') && !text.contains("://");
    let parsed = if has_port_only {
        format!("http://{text}")
    } else {
        text.to_owned()
    };
    let is_somewhere = Url::parse(&parsed).is_some_and(|url| match url.host {
        "" => url.path.is_empty() || url.path.contains('.'),
        host => !host.starts_with('.'),
    });
    is_somewhere && matches(&characters)
}

fn matches(characters: &[char]) -> bool {
    let start = Places::start(characters);
    let scheme = SCHEMES.iter().fold(start.clone(), |places, scheme| {
        places.or(&start.literal(scheme).literal("://"))
    });
    let user = scheme.maybe(user);
    let host = numbered_host(&user)
        .or(&bracketed_host(&user, characters))
        .or(&named_host(&user));
    let port = host.maybe(|places| places.literal(".")).maybe(port);
    port.maybe(path).at_end()
}

fn user<'text>(places: &Places<'text>) -> Places<'text> {
    places.some(|c| !is_space(c)).literal("@")
}

fn port<'text>(places: &Places<'text>) -> Places<'text> {
    let digit = |places: &Places<'text>| places.one(|c| c.is_ascii_digit());
    let first = digit(&places.literal(":"));
    (1..5).fold(first, |places, _| places.maybe(digit))
}

fn path<'text>(places: &Places<'text>) -> Places<'text> {
    places
        .one(|c| matches!(c, '/' | '?' | '#'))
        .maybe(|places| places.some(|c| !is_space(c)))
}

fn named_host<'text>(places: &Places<'text>) -> Places<'text> {
    let labels = places.maybe(labels).maybe(subdomain);
    let words = words(&labels);
    words.maybe(|places| places.literal(".").some(is_letter))
}

/// `a-b_c` and `.d` or `-d` after it, of two characters at least.
fn labels<'text>(places: &Places<'text>) -> Places<'text> {
    let first = places
        .one(is_ascii)
        .maybe(|places| places.some(|c| is_ascii(c) || matches!(c, '-' | '_')))
        .one(is_ascii);
    first.repeat(|places| places.one(|c| matches!(c, '-' | '.')).some(is_ascii))
}

fn subdomain<'text>(places: &Places<'text>) -> Places<'text> {
    let labels = places.some(is_ascii).repeat(|places| {
        places
            .maybe(|places| places.one(|c| matches!(c, '-' | '_' | '.')))
            .one(is_ascii)
    });
    let host = labels.one(is_ascii).literal(".").some(is_ascii);
    places.literal("www.").or(&host)
}

/// Words with one or two hyphens between them.
fn words<'text>(places: &Places<'text>) -> Places<'text> {
    let hyphen = |places: &Places<'text>| places.literal("-");
    let first = places.some(is_word);
    first.repeat(|places| hyphen(places).maybe(hyphen).some(is_word))
}

fn numbered_host<'text>(places: &Places<'text>) -> Places<'text> {
    let first = number(places, |value, length| {
        matches!(value, 1..=223 | 240..=255) && length == value.to_string().len()
    });
    (0..3).fold(first, |places, _| {
        number(&places.literal("."), |value, length| {
            value <= 255 && (length < 3 || value >= 100)
        })
    })
}

/// One to three digits whose value, and whose number, are wanted.
fn number<'text>(places: &Places<'text>, is_wanted: impl Fn(u16, usize) -> bool) -> Places<'text> {
    places.upto(3, |digits| {
        let text: String = digits.iter().collect();
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        is_number && text.parse().is_ok_and(|value| is_wanted(value, text.len()))
    })
}

fn bracketed_host<'text>(places: &Places<'text>, characters: &[char]) -> Places<'text> {
    places.upto(characters.len().min(48), |part| {
        let text: String = part.iter().collect();
        let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
        inner.is_some_and(|inner| inner.parse::<Ipv6Addr>().is_ok())
    })
}

fn is_ascii(character: char) -> bool {
    character.is_ascii_alphanumeric()
}

fn is_word(character: char) -> bool {
    character.is_ascii_digit() || is_letter(character)
}

fn is_letter(character: char) -> bool {
    character.is_ascii_alphabetic() || matches!(character, '\u{a1}'..='\u{ffff}')
}

/// Go's `\s`.
fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}
