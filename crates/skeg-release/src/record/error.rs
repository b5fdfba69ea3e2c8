//! Why a record cannot be read.

use skeg_go::time::ParseTimeError;
use skeg_values::json::ParseJsonError;

/// A record that cannot be read. The texts are Go's, as far as Helm refuses it too.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeReleaseError {
    /// It is not base64 with padding.
    #[error("illegal base64 data at input byte {at}")]
    Base64 {
        /// The first byte that is wrong.
        at: usize,
    },
    /// The compressed bytes end too early.
    #[error("unexpected EOF")]
    Truncated,
    /// The compressed bytes are damaged.
    #[error("gzip: {reason}")]
    Gzip {
        /// What is wrong.
        reason: &'static str,
    },
    /// It is larger than any record can be.
    #[error("the release is larger than {limit} bytes without compression")]
    TooLarge {
        /// What is allowed.
        limit: usize,
    },
    /// It is not JSON.
    #[error(transparent)]
    Json(#[from] ParseJsonError),
    /// A value is of another kind than it must be.
    #[error("json: cannot unmarshal {kind} into {place} of type {expected}")]
    WrongKind {
        /// What it is: `array`.
        kind: String,
        /// Where it is: `Go struct field .version`.
        place: String,
        /// Go's type.
        expected: String,
    },
    /// A time has another form than RFC 3339.
    #[error(transparent)]
    Time(#[from] ParseTimeError),
    /// It does not say what has become of it. Helm 4.3.1 crashes.
    #[error("the release has no `info`")]
    NoInfo,
}
