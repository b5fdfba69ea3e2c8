//! Digests: names of content by its hash.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256, Sha512};

/// A hash algorithm registered by the image specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// SHA-256, the one that registries must support.
    Sha256,
    /// SHA-512.
    Sha512,
}

impl Algorithm {
    /// The name in front of the colon.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }

    /// The number of hexadecimal characters of a digest.
    fn hex_length(self) -> usize {
        match self {
            Self::Sha256 => 64,
            Self::Sha512 => 128,
        }
    }
}

/// The digest of some content, such as `sha256:9f86d0…`.
///
/// Spec: image-spec v1.1, "Digests".
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest {
    algorithm: Algorithm,
    hex: String,
}

/// Why a text is no digest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseDigestError {
    /// There is no `algorithm:` in front.
    #[error("invalid digest `{0}`: expected `sha256:` and 64 hexadecimal digits")]
    Format(String),
    /// The algorithm is none that can be computed here.
    #[error("invalid digest `{0}`: unsupported algorithm, expected `sha256` or `sha512`")]
    Algorithm(String),
    /// The part behind the colon is not lower-case hexadecimal of the right length.
    #[error("invalid digest `{text}`: expected {expected} lower-case hexadecimal digits after the colon")]
    Encoded {
        /// The whole text.
        text: String,
        /// The number of digits that the algorithm needs.
        expected: usize,
    },
}

impl Digest {
    /// Parses `algorithm:hex`.
    ///
    /// # Errors
    /// The text does not follow the grammar, or names an algorithm that is not supported.
    pub fn parse(text: &str) -> Result<Self, ParseDigestError> {
        let (name, hex) = text
            .split_once(':')
            .ok_or_else(|| ParseDigestError::Format(text.to_owned()))?;
        let algorithm = match name {
            "sha256" => Algorithm::Sha256,
            "sha512" => Algorithm::Sha512,
            _ => return Err(ParseDigestError::Algorithm(text.to_owned())),
        };
        let expected = algorithm.hex_length();
        let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if hex.len() != expected || !hex.bytes().all(is_hex) {
            return Err(ParseDigestError::Encoded {
                text: text.to_owned(),
                expected,
            });
        }
        Ok(Self {
            algorithm,
            hex: hex.to_owned(),
        })
    }

    /// Computes the SHA-256 digest of `content`.
    pub fn sha256_of(content: &[u8]) -> Self {
        let mut digester = Digester::sha256();
        digester.update(content);
        digester.finish()
    }

    /// Computes the digest of `content` with the algorithm of this digest and compares the two.
    pub fn matches(&self, content: &[u8]) -> bool {
        let mut digester = Digester::new(self.algorithm);
        digester.update(content);
        digester.finish() == *self
    }

    /// The algorithm that made the digest.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The part behind the colon.
    pub fn hex(&self) -> &str {
        &self.hex
    }
}

impl FromStr for Digest {
    type Err = ParseDigestError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.algorithm.as_str(), self.hex)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Computes a digest piece by piece.
#[derive(Clone)]
pub struct Digester {
    state: State,
    count: u64,
}

#[derive(Clone)]
enum State {
    Sha256(Sha256),
    Sha512(Box<Sha512>),
}

impl Digester {
    /// Starts a digest of no bytes.
    pub fn new(algorithm: Algorithm) -> Self {
        let state = match algorithm {
            Algorithm::Sha256 => State::Sha256(Sha256::new()),
            Algorithm::Sha512 => State::Sha512(Box::new(Sha512::new())),
        };
        Self { state, count: 0 }
    }

    /// Starts a SHA-256 digest of no bytes.
    pub fn sha256() -> Self {
        Self::new(Algorithm::Sha256)
    }

    /// Takes more bytes in.
    pub fn update(&mut self, bytes: &[u8]) {
        self.count += bytes.len() as u64;
        match &mut self.state {
            State::Sha256(hash) => hash.update(bytes),
            State::Sha512(hash) => hash.update(bytes),
        }
    }

    /// The number of bytes taken in so far.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Returns the digest of all the bytes.
    pub fn finish(self) -> Digest {
        let (algorithm, hex) = match self.state {
            State::Sha256(hash) => (Algorithm::Sha256, hex(&hash.finalize())),
            State::Sha512(hash) => (Algorithm::Sha512, hex(&hash.finalize())),
        };
        Digest { algorithm, hex }
    }
}

impl fmt::Debug for Digester {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Digester")
            .field("count", &self.count)
            .finish_non_exhaustive()
    }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| char::from(DIGITS[usize::from(value)]);
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[track_caller]
    fn check_error(text: &str, expected: &str) {
        assert_eq!(Digest::parse(text).unwrap_err().to_string(), expected);
    }

    #[test]
    fn round_trip() {
        assert_eq!(Digest::parse(EMPTY).unwrap().to_string(), EMPTY);
        assert_eq!(Digest::sha256_of(b"").to_string(), EMPTY);
        let sha512 = Digester::new(Algorithm::Sha512).finish();
        assert_eq!(Digest::parse(&sha512.to_string()).unwrap(), sha512);
        assert!(sha512.matches(b"") && !sha512.matches(b"x"));
    }

    #[test]
    fn malformed_texts_are_refused() {
        check_error(
            "abc",
            "invalid digest `abc`: expected `sha256:` and 64 hexadecimal digits",
        );
        check_error(
            "md5:d41d8cd98f00b204e9800998ecf8427e",
            "invalid digest `md5:d41d8cd98f00b204e9800998ecf8427e`: unsupported algorithm, expected `sha256` or `sha512`",
        );
        for text in [
            "sha256:",
            "sha256:00",
            &EMPTY.to_uppercase().replace("SHA256", "sha256"),
            &format!("{EMPTY}0"),
        ] {
            check_error(
                text,
                &format!(
                    "invalid digest `{text}`: expected 64 lower-case hexadecimal digits after the colon"
                ),
            );
        }
    }

    #[test]
    fn digesters_count_and_hash() {
        let mut digester = Digester::sha256();
        digester.update(b"foo");
        digester.update(b"bar");
        assert_eq!(digester.count(), 6);
        assert_eq!(digester.finish(), Digest::sha256_of(b"foobar"));
    }
}
