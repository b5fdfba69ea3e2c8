//! Which refusals call for another answer to a registry's demand. No IO.

use http::{Method, StatusCode};
use skeg_oci::ErrorCode;

use crate::auth::demand;
use crate::error::ResponseError;
use crate::request::Call;

/// Why a response calls for another answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rejection {
    /// The registry wants to know who we are.
    Unauthorized,
    /// The token permits too little, and the registry says what it wants (IBM, Chainguard).
    InsufficientScope,
    /// The token has expired, which the registry says in its own way (ECR Public).
    ExpiredToken,
    /// The storage that a redirect led to refuses its URL: the registry gives a new one. Never answered with a credential.
    SignedUrl,
}

impl Rejection {
    /// Tells what a refusal of `call` wants. `has_old_token` says that it went with a token that was there before.
    pub(super) fn of(error: &ResponseError, call: &Call, has_old_token: bool) -> Option<Self> {
        let is_read = call.method == Method::GET || call.method == Method::HEAD;
        match error.status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN if error.is_foreign => {
                is_read.then_some(Self::SignedUrl)
            }
            _ if error.is_foreign => None,
            StatusCode::UNAUTHORIZED => Some(Self::Unauthorized),
            StatusCode::FORBIDDEN if demand::insufficient_scope(&error.headers).is_some() => {
                Some(Self::InsufficientScope)
            }
            StatusCode::FORBIDDEN | StatusCode::BAD_REQUEST if has_old_token && is_expiry(error, call) => {
                Some(Self::ExpiredToken)
            }
            _ => None,
        }
    }
}

/// Tells whether a token is refused for its age.
fn is_expiry(error: &ResponseError, call: &Call) -> bool {
    // The answer to HEAD has no text to read it from.
    if call.method == Method::HEAD {
        return error.status == StatusCode::BAD_REQUEST;
    }
    let has_code = error.has_code(ErrorCode::DENIED) || error.has_code(ErrorCode::UNAUTHORIZED);
    let text = error.server_text().to_ascii_lowercase();
    has_code && text.contains("token") && text.contains("expired")
}
