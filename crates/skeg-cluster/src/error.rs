//! What may go wrong between us and the API server.

use serde::Deserialize;

use crate::configuration::ConfigurationError;

/// What may go wrong between us and the API server; the texts are those of Kubernetes' own client.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// The configuration names no cluster that can be used.
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),
    /// The server refused.
    #[error("{0}")]
    Status(Box<Status>),
    /// No answer came.
    #[error("{verb} \"{url}\": {reason}")]
    Unreachable {
        /// The method with a capital letter: `Get`.
        verb: &'static str,
        /// The whole URL.
        url: String,
        /// In the words of Go's HTTP client: `dial tcp 127.0.0.1:1: connect: connection refused`.
        reason: String,
    },
    /// An answer that is no JSON, or not what was asked for.
    #[error("{url}: {reason}")]
    Answer {
        /// The path of the request.
        url: String,
        /// What is wrong with the answer.
        reason: String,
    },
    /// There is no such kind on the server.
    #[error("no matches for kind \"{kind}\" in version \"{api_version}\"")]
    NoSuchKind {
        /// `apps/v1`
        api_version: String,
        /// `Deployment`
        kind: String,
    },
    /// Credentials could not be had.
    #[error("getting credentials: {reason}")]
    Credentials {
        /// What went wrong.
        reason: String,
    },
}

/// The answer of a server that refuses: `kind: Status`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, thiserror::Error)]
#[error("{message}")]
#[serde(default, rename_all = "camelCase")]
pub struct Status {
    /// The HTTP status, such as 404.
    pub code: u16,
    /// For people.
    pub message: String,
    /// One word: `NotFound`, `AlreadyExists`, `Conflict`, `Forbidden`, …
    pub reason: String,
    /// What it is about.
    #[serde(default)]
    pub details: StatusDetails,
}

/// What a [`Status`] is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct StatusDetails {
    /// The seconds after which the server wants to be asked again; 0 for no wish.
    pub retry_after_seconds: u64,
}

impl ClusterError {
    /// What the server said, if it was the server.
    pub fn status(&self) -> Option<&Status> {
        match self {
            Self::Status(status) => Some(status),
            _ => None,
        }
    }

    /// Whether there is no such object.
    pub fn is_not_found(&self) -> bool {
        self.has_reason("NotFound", 404)
    }

    /// Whether an object of this name is there already.
    pub fn is_already_exists(&self) -> bool {
        self.status()
            .is_some_and(|status| status.reason == "AlreadyExists")
    }

    /// Whether the object was changed by somebody else, or a field belongs to somebody else.
    pub fn is_conflict(&self) -> bool {
        self.has_reason("Conflict", 409) && !self.is_already_exists()
    }

    /// Whether the user may not do this.
    pub fn is_forbidden(&self) -> bool {
        self.has_reason("Forbidden", 403)
    }

    /// Whether the server does not know the method or the form of the body.
    pub fn is_unsupported_media_type(&self) -> bool {
        self.status().is_some_and(|status| status.code == 415)
    }

    fn has_reason(&self, reason: &str, code: u16) -> bool {
        self.status().is_some_and(|status| {
            status.reason == reason || (status.reason.is_empty() && status.code == code)
        })
    }
}

/// What Kubernetes' client says of an answer without a `Status`.
pub(crate) fn generic_status(code: u16, method: &http::Method, text: &str) -> Status {
    let (reason, message) = match code {
        400 => (
            "BadRequest",
            "the server rejected our request for an unknown reason",
        ),
        401 => (
            "Unauthorized",
            "the server has asked for the client to provide credentials",
        ),
        403 if !text.is_empty() => ("Forbidden", text),
        403 => (
            "Forbidden",
            "the server does not allow access to the requested resource",
        ),
        404 => ("NotFound", "the server could not find the requested resource"),
        405 => (
            "MethodNotAllowed",
            "the server does not allow this method on the requested resource",
        ),
        406 => (
            "NotAcceptable",
            "the server was unable to respond with a content type that the client supports",
        ),
        409 if method == http::Method::POST => ("AlreadyExists", "the server reported a conflict"),
        409 => ("Conflict", "the server reported a conflict"),
        415 => (
            "UnsupportedMediaType",
            "the server was unable to decode the request body",
        ),
        422 => (
            "Invalid",
            "the server rejected our request due to an error in our request",
        ),
        429 => (
            "TooManyRequests",
            "the server has received too many requests and has asked us to try again later",
        ),
        503 => (
            "ServiceUnavailable",
            "the server is currently unable to handle the request",
        ),
        504 => (
            "Timeout",
            "the server was unable to return a response in the time allotted, but may still be processing the request",
        ),
        _ => {
            let quoted = skeg_go::quote::quote(text.trim());
            let message =
                format!("an error on the server ({quoted}) has prevented the request from succeeding");
            return status(code, "InternalError", &message);
        }
    };
    status(code, reason, message)
}

fn status(code: u16, reason: &str, message: &str) -> Status {
    Status {
        code,
        message: message.to_owned(),
        reason: reason.to_owned(),
        details: StatusDetails::default(),
    }
}
