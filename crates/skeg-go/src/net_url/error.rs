//! Why a text is no URL, in Go's words.

use crate::quote::quote_bytes;

/// A text that is not a URL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("parse {}: {problem}", quote_bytes(.text))]
pub struct ParseUrlError {
    pub(super) text: Vec<u8>,
    pub(super) problem: Problem,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Problem {
    #[error("net/url: invalid control character in URL")]
    ControlCharacter,
    #[error("missing protocol scheme")]
    MissingScheme,
    #[error("first path segment in URL cannot contain colon")]
    ColonInFirstSegment,
    #[error("net/url: invalid userinfo")]
    UserInfo,
    #[error("invalid IP-literal")]
    IpLiteral,
    #[error("missing ']' in host")]
    MissingBracket,
    #[error("invalid port {} after host", quote_bytes(.0))]
    Port(Vec<u8>),
    #[error("invalid URL escape {}", quote_bytes(.0))]
    Escape(Vec<u8>),
    #[error("invalid character {} in host name", quote_bytes(&[*.0]))]
    HostCharacter(u8),
    #[error("invalid host: {0}")]
    Address(#[from] AddressError),
}

/// A text in brackets that is no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("ParseAddr({}): {message}{}", quote_bytes(.text), self.place())]
pub(super) struct AddressError {
    pub(super) text: Vec<u8>,
    pub(super) message: &'static str,
    /// From where on it is wrong.
    pub(super) rest: Vec<u8>,
}

impl AddressError {
    fn place(&self) -> String {
        if self.rest.is_empty() {
            return String::new();
        }
        format!(" (at {})", quote_bytes(&self.rest))
    }
}
