//! The encoding of a record: JSON, compressed, as base64.
//!
//! Helm 4.3.1, `pkg/storage/driver/util.go`. What is not compressed is read, too: Helm once wrote that.

use std::borrow::Cow;
use std::io::{self, Read as _, Write as _};

use ::base64::Engine as _;
use flate2::Compression;
use flate2::bufread::MultiGzDecoder;
use flate2::write::GzEncoder;
use skeg_go::base64;
use skeg_go::json::to_valid_utf8;

use super::error::DecodeReleaseError;
use super::{Release, ReleaseHead};

/// How large a record may be without compression, in bytes. What a Secret can hold may be made a thousand times as much.
pub const MAX_JSON_SIZE: usize = 256 << 20;

const MAGIC: [u8; 3] = [0x1f, 0x8b, 0x08];

/// How much a record commonly shrinks.
const COMMON_RATIO: usize = 8;

/// Encodes a record as Helm does.
pub fn encode_release(release: &Release) -> String {
    base64::encode(&compress(release.to_json().as_bytes()))
}

/// Decodes a record. The labels are not in it.
///
/// # Errors
/// It is not what Helm writes, or larger than [`MAX_JSON_SIZE`].
pub fn decode_release(data: &[u8]) -> Result<Release, DecodeReleaseError> {
    Release::from_json(&text(&decode(data)?))
}

impl ReleaseHead {
    /// Decodes the head of a record, passing over templates, manifests and values.
    ///
    /// # Errors
    /// As [`decode_release`], but for mistakes in what is passed over.
    pub fn decode(data: &[u8]) -> Result<Self, DecodeReleaseError> {
        Self::from_json(&text(&decode(data)?))
    }
}

fn compress(json: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(json.len() / 4), Compression::best());
    let written = encoder.write_all(json).and_then(|()| encoder.finish());
    written.expect("because a vector takes any bytes")
}

/// Decodes base64 that may have line breaks in it, as Go does. Without any it goes faster.
pub(crate) fn decode_base64(text: &[u8]) -> Result<Vec<u8>, DecodeReleaseError> {
    if let Ok(bytes) = ::base64::prelude::BASE64_STANDARD.decode(text) {
        return Ok(bytes);
    }
    base64::decode(text).map_err(|at| DecodeReleaseError::Base64 { at })
}

/// The JSON of a record as bytes.
fn decode(data: &[u8]) -> Result<Vec<u8>, DecodeReleaseError> {
    let bytes = decode_base64(data)?;
    if bytes.len() <= MAGIC.len() || !bytes.starts_with(&MAGIC) {
        return Ok(bytes);
    }
    decompress(&bytes, MAX_JSON_SIZE)
}

fn decompress(bytes: &[u8], limit: usize) -> Result<Vec<u8>, DecodeReleaseError> {
    let mut json = Vec::with_capacity((bytes.len() * COMMON_RATIO).min(limit));
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut decoder = MultiGzDecoder::new(bytes).take(most);
    decoder
        .read_to_end(&mut json)
        .map_err(|error| unreadable(&error))?;
    if json.len() > limit {
        return Err(DecodeReleaseError::TooLarge { limit });
    }
    Ok(json)
}

/// Go's words.
fn unreadable(error: &io::Error) -> DecodeReleaseError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => DecodeReleaseError::Truncated,
        _ if error.to_string().contains("header") => DecodeReleaseError::Gzip {
            reason: "invalid header",
        },
        _ => DecodeReleaseError::Gzip {
            reason: "invalid checksum",
        },
    }
}

fn text(json: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(json) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(to_valid_utf8(json)),
    }
}

#[cfg(test)]
mod tests {
    use super::{DecodeReleaseError, compress, decompress};

    #[test]
    fn what_is_too_large_is_refused() {
        let bytes = compress(&vec![b' '; 100_000]);
        assert!(bytes.len() < 1_000);
        assert_eq!(decompress(&bytes, 100_000).map(|json| json.len()), Ok(100_000));
        assert_eq!(
            decompress(&bytes, 99_999),
            Err(DecodeReleaseError::TooLarge { limit: 99_999 })
        );
    }
}
