//! Error bodies: what a registry says when it refuses.

use serde::Deserialize;
use serde_json::Value;

/// The code of a registry error, such as `MANIFEST_UNKNOWN`.
///
/// Spec: distribution-spec v1.1, "Error Codes". Registries use codes of their own too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ErrorCode(String);

impl ErrorCode {
    /// The blob is not there.
    pub const BLOB_UNKNOWN: &str = "BLOB_UNKNOWN";
    /// The upload session is not there, or is over.
    pub const BLOB_UPLOAD_UNKNOWN: &str = "BLOB_UPLOAD_UNKNOWN";
    /// A part that a manifest names is not there.
    pub const MANIFEST_BLOB_UNKNOWN: &str = "MANIFEST_BLOB_UNKNOWN";
    /// The manifest is not there.
    pub const MANIFEST_UNKNOWN: &str = "MANIFEST_UNKNOWN";
    /// The repository is not there.
    pub const NAME_UNKNOWN: &str = "NAME_UNKNOWN";
    /// The caller is not known.
    pub const UNAUTHORIZED: &str = "UNAUTHORIZED";
    /// The caller may not do this.
    pub const DENIED: &str = "DENIED";
    /// Too many requests.
    pub const TOO_MANY_REQUESTS: &str = "TOOMANYREQUESTS";
    /// The tag may not be written (immutable tags).
    pub const TAG_INVALID: &str = "TAG_INVALID";
    /// The registry does not do this at all.
    pub const UNSUPPORTED: &str = "UNSUPPORTED";
    /// The digest given is none, or that of other content.
    pub const DIGEST_INVALID: &str = "DIGEST_INVALID";

    /// The code as the registry wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for ErrorCode {
    fn eq(&self, other: &str) -> bool {
        self.0.eq_ignore_ascii_case(other)
    }
}

/// One error of a body.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ErrorEntry {
    /// What kind of error it is.
    pub code: ErrorCode,
    /// What the registry says to people.
    pub message: String,
    /// Whatever else it says; `Null` if nothing.
    pub detail: Value,
}

/// The body of an error response.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ErrorBody {
    /// The errors in the order of the body; at least one.
    pub errors: Vec<ErrorEntry>,
}

#[derive(Deserialize)]
struct WireBody {
    #[serde(default)]
    errors: Vec<WireEntry>,
}

#[derive(Deserialize)]
struct WireEntry {
    #[serde(default)]
    code: Option<Value>,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    detail: Option<Value>,
}

impl ErrorBody {
    /// Parses the JSON of an error response; `None` if it is nothing of that form.
    ///
    /// A code that is a number and a missing message or detail are tolerated, since registries send both.
    pub fn parse(body: &[u8]) -> Option<Self> {
        let wire: WireBody = serde_json::from_slice(body).ok()?;
        if wire.errors.is_empty() {
            return None;
        }
        let errors = wire.errors.into_iter().map(ErrorEntry::from).collect();
        Some(Self { errors })
    }

    /// Tells whether one of the errors has this code.
    pub fn has_code(&self, code: &str) -> bool {
        self.errors.iter().any(|entry| entry.code == *code)
    }
}

impl From<WireEntry> for ErrorEntry {
    fn from(wire: WireEntry) -> Self {
        let code = match wire.code {
            Some(Value::String(code)) => code,
            Some(Value::Null) | None => String::new(),
            Some(other) => other.to_string(),
        };
        Self {
            code: ErrorCode(code),
            message: wire.message.unwrap_or_default(),
            detail: wire.detail.unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_what_registries_send() {
        let body = ErrorBody::parse(
            br#"{"errors":[{"code":"NAME_UNKNOWN","message":"repository name not known","detail":{"name":"x"}}]}"#,
        )
        .unwrap();
        assert!(body.has_code(ErrorCode::NAME_UNKNOWN));
        assert_eq!(body.errors[0].message, "repository name not known");
        assert_eq!(body.errors[0].detail["name"], "x");
    }

    #[test]
    fn tolerates_numbers_nulls_and_missing_fields() {
        let body = ErrorBody::parse(br#"{"errors":[{"code":404},{"code":null,"message":null}]}"#).unwrap();
        assert_eq!(body.errors[0].code.as_str(), "404");
        assert_eq!(body.errors[1], ErrorEntry::default());
    }

    #[test]
    fn other_bodies_are_none() {
        for body in [
            "",
            "<html></html>",
            "{}",
            r#"{"errors":[]}"#,
            r#"{"errors":"no"}"#,
            "[1]",
        ] {
            assert_eq!(ErrorBody::parse(body.as_bytes()), None, "{body}");
        }
    }
}
