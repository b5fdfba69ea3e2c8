//! Go's package `net/url`: taking URLs apart, putting them together, escaping.
//!
//! Here is what templates can see of it. Not here: queries as maps, references resolved against a base.

mod address;
mod error;
mod escape;
mod parse;

use error::Problem;
use escape::{Part, escape, unescape};

pub use error::ParseUrlError;

/// Escapes a text for a query, as `url.QueryEscape`: a blank becomes `+`.
pub fn query_escape(text: &[u8]) -> Vec<u8> {
    escape(text, Part::Query)
}

/// Escapes a text for one segment of a path, as `url.PathEscape`.
pub fn path_escape(text: &[u8]) -> Vec<u8> {
    escape(text, Part::PathSegment)
}

/// A URL in its parts. [`Self::to_bytes`] puts them together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Url {
    /// In lower case.
    pub scheme: Vec<u8>,
    /// What follows the scheme if that is not a slash.
    pub opaque: Vec<u8>,
    /// Who wants in.
    pub user: Option<UserInfo>,
    /// Host and port, unescaped.
    pub host: Vec<u8>,
    /// Unescaped.
    pub path: Vec<u8>,
    /// The path as it was written, if it would not be written so.
    pub raw_path: Vec<u8>,
    /// As it was written.
    pub raw_query: Vec<u8>,
    /// Unescaped.
    pub fragment: Vec<u8>,
    /// The fragment as it was written, if it would not be written so.
    pub raw_fragment: Vec<u8>,
    /// There is a `?` although there is no query.
    pub force_query: bool,
    /// There are no slashes although the host is empty.
    pub omit_host: bool,
}

/// A user's name and maybe a password, unescaped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserInfo {
    /// The name.
    pub username: Vec<u8>,
    /// The password.
    pub password: Option<Vec<u8>>,
}

impl UserInfo {
    /// Escaped, as URLs have it.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut text = escape(&self.username, Part::User);
        if let Some(password) = &self.password {
            text.push(b':');
            text.extend(escape(password, Part::User));
        }
        text
    }
}

impl Url {
    /// `url.Parse`
    pub fn parse(text: &[u8]) -> Result<Self, ParseUrlError> {
        let (url_text, fragment) = cut(text, b'#');
        let error = |text: &[u8], problem| ParseUrlError {
            text: text.to_vec(),
            problem,
        };
        let mut url = parse::parse(url_text).map_err(|problem| error(url_text, problem))?;
        url.set_fragment(fragment)
            .map_err(|problem| error(text, problem))?;
        Ok(url)
    }

    fn set_path(&mut self, text: &[u8]) -> Result<(), Problem> {
        self.path = unescape(text, Part::Path)?;
        if escape(&self.path, Part::Path) != text {
            self.raw_path = text.to_vec();
        }
        Ok(())
    }

    fn set_fragment(&mut self, text: &[u8]) -> Result<(), Problem> {
        self.fragment = unescape(text, Part::Fragment)?;
        if escape(&self.fragment, Part::Fragment) != text {
            self.raw_fragment = text.to_vec();
        }
        Ok(())
    }

    /// The host without port and brackets.
    pub fn hostname(&self) -> &[u8] {
        let host = without_port(&self.host);
        let bare = host.strip_prefix(b"[").and_then(|host| host.strip_suffix(b"]"));
        bare.unwrap_or(host)
    }

    /// The URL as text, `URL.String`.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut text = self.scheme.clone();
        if !text.is_empty() {
            text.push(b':');
        }
        if self.opaque.is_empty() {
            self.write_hierarchy(&mut text);
        } else {
            text.extend_from_slice(&self.opaque);
        }
        if self.force_query || !self.raw_query.is_empty() {
            text.push(b'?');
            text.extend_from_slice(&self.raw_query);
        }
        if !self.fragment.is_empty() {
            text.push(b'#');
            text.extend(written(&self.raw_fragment, &self.fragment, Part::Fragment));
        }
        text
    }

    fn write_hierarchy(&self, text: &mut Vec<u8>) {
        let has_authority = !self.host.is_empty() || self.user.is_some();
        let may_have_slashes = has_authority || !self.scheme.is_empty() && !self.omit_host;
        if may_have_slashes && (has_authority || !self.path.is_empty()) {
            text.extend_from_slice(b"//");
        }
        if let Some(user) = &self.user {
            text.extend(user.to_bytes());
            text.push(b'@');
        }
        text.extend(escape(&self.host, Part::Host));
        let path = match self.path.as_slice() {
            b"*" if self.raw_path.is_empty() => b"*".to_vec(),
            path => written(&self.raw_path, path, Part::Path),
        };
        if !self.host.is_empty() && path.first().is_some_and(|byte| *byte != b'/') {
            text.push(b'/');
        }
        if text.is_empty() && cut(&path, b'/').0.contains(&b':') {
            text.extend_from_slice(b"./");
        }
        text.extend(path);
    }
}

/// A part as it was written if that still means the same, else escaped.
fn written(raw: &[u8], part: &[u8], kind: Part) -> Vec<u8> {
    let is_good = !raw.is_empty() && raw.iter().all(|byte| may_stand(*byte, kind));
    if is_good && unescape(raw, kind).is_ok_and(|unescaped| unescaped == part) {
        return raw.to_vec();
    }
    escape(part, kind)
}

fn may_stand(byte: u8, kind: Part) -> bool {
    b"!$&'()*+,;=:@[]%".contains(&byte) || escape::is_plain(byte, kind)
}

/// The host without a port that has the form of one.
fn without_port(host: &[u8]) -> &[u8] {
    match host.iter().rposition(|byte| *byte == b':') {
        Some(colon) if parse::is_optional_port(&host[colon..]) => &host[..colon],
        _ => host,
    }
}

/// What is before and after the first `separator`.
fn cut(text: &[u8], separator: u8) -> (&[u8], &[u8]) {
    match text.iter().position(|byte| *byte == separator) {
        Some(place) => (&text[..place], &text[place + 1..]),
        None => (text, &[]),
    }
}
