//! Why a single request failed.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io};

use crate::credential::ProvideCredentialError;
use crate::error::{ConnectError, ResponseError};
use crate::transport::chain;

/// A cause of unknown type.
pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Why a request failed, after every retry that made sense.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The registry's name cannot stand in a URL.
    #[error("`{host}` is no host name that can be connected to")]
    InvalidHost {
        /// The registry.
        host: String,
        /// Why.
        #[source]
        source: url::ParseError,
    },
    /// The configuration forbids it.
    #[error("`{place}` is blocked by `{origin}`")]
    Blocked {
        /// The registry, or a repository of it.
        place: String,
        /// Where that is written.
        origin: String,
    },
    /// Requests are not sent, as the caller wanted it.
    #[error("{method} \"{url}\": not sent, since this is offline")]
    Offline {
        /// The request's method.
        method: http::Method,
        /// The request's URL, redacted.
        url: String,
    },
    /// No connection came about.
    #[error("{method} \"{url}\"")]
    Connect {
        /// The request's method.
        method: http::Method,
        /// The request's URL, redacted.
        url: String,
        /// Why.
        #[source]
        source: Arc<ConnectError>,
    },
    /// The server took too long.
    #[error("{method} \"{url}\": {stage} within {} seconds", after.as_secs_f64())]
    Timeout {
        /// The request's method.
        method: http::Method,
        /// The request's URL, redacted.
        url: String,
        /// What did not come.
        stage: TimeoutStage,
        /// How long was waited.
        after: Duration,
    },
    /// The connection broke.
    #[error("{method} \"{url}\": the connection broke")]
    Broken {
        /// The request's method.
        method: http::Method,
        /// The request's URL, redacted.
        url: String,
        /// Why.
        #[source]
        source: BoxError,
    },
    /// What the server answered is not HTTP, or more of it than is read.
    #[error("{method} \"{url}\": the answer is not usable HTTP")]
    Malformed {
        /// The request's method.
        method: http::Method,
        /// The request's URL, redacted.
        url: String,
        /// Why.
        #[source]
        source: BoxError,
    },
    /// The server speaks TLS, and was asked in plain HTTP.
    #[error("{method} \"{url}\": client sent an HTTP request to an HTTPS server")]
    TlsServer {
        /// The request's method.
        method: http::Method,
        /// The request's URL, redacted.
        url: String,
    },
    /// The file to send could not be read.
    #[error("could not read `{}`", path.display())]
    ReadSource {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: Arc<io::Error>,
    },
    /// The server demands authentication, which failed.
    #[error(transparent)]
    Authenticate(#[from] AuthenticateError),
    /// The server sent us to a place where we do not go.
    #[error("{method} \"{url}\"")]
    Redirect {
        /// The request's method.
        method: http::Method,
        /// The URL that redirected, redacted.
        url: String,
        /// Why.
        #[source]
        source: RedirectError,
    },
    /// The server refused.
    #[error(transparent)]
    Response(#[from] Box<ResponseError>),
}

impl RequestError {
    /// The server's answer, when that is what failed.
    pub fn response(&self) -> Option<&ResponseError> {
        match self {
            Self::Response(error) => Some(error),
            Self::Authenticate(error) => error.response(),
            _ => None,
        }
    }

    /// The innermost cause in few words, without the URL: `connection refused`, `503 Service Unavailable`.
    pub fn reason(&self) -> String {
        match self {
            Self::Response(error) => error.status.to_string(),
            Self::Authenticate(AuthenticateError::Token { source, .. }) => source.status.to_string(),
            Self::Authenticate(AuthenticateError::TokenRequest { source, .. }) => source.reason(),
            Self::Timeout { stage, .. } => stage.to_string(),
            Self::Connect { source, .. } => innermost(source.as_ref()),
            Self::Broken { source, .. } => innermost(source.as_ref()),
            other => innermost(other),
        }
    }

    /// Why no connection came about, when that is what failed.
    pub fn connect(&self) -> Option<&ConnectError> {
        match self {
            Self::Connect { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// The text of the innermost cause; the system's errors by their kind, which has no number behind it.
fn innermost(error: &(dyn Error + 'static)) -> String {
    let innermost = chain(error).last().unwrap_or(error);
    match innermost.downcast_ref::<io::Error>() {
        Some(error) if error.raw_os_error().is_some() => error.kind().to_string(),
        _ => innermost.to_string(),
    }
}

/// What did not come in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimeoutStage {
    /// The head of the response.
    ResponseHead,
    /// More of the response's body.
    Body,
}

impl fmt::Display for TimeoutStage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::ResponseHead => "no response",
            Self::Body => "no more of the response's body",
        })
    }
}

/// Why a redirect was not followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RedirectError {
    /// There were too many in a row.
    #[error("stopped after {0} redirects")]
    TooMany(usize),
    /// There is no `Location`.
    #[error("a redirect without a location")]
    NoLocation,
    /// The `Location` is no URL.
    #[error("a redirect to `{0}`, which is no address")]
    InvalidLocation(String),
    /// It leads from HTTPS to HTTP.
    #[error("a redirect from HTTPS to plain HTTP at `{0}`")]
    Downgrade(String),
}

/// Why a registry's demand for authentication could not be met.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuthenticateError {
    /// The registry demands a credential, and there is none.
    #[error("`{host}` demands a credential, and there is none for it")]
    NoCredential {
        /// The registry.
        host: String,
        /// The registry's answer.
        #[source]
        source: Box<ResponseError>,
    },
    /// The credential could not be looked up, and the registry demands one.
    #[error("`{host}` demands a credential")]
    Provide {
        /// The registry.
        host: String,
        /// Why there is none.
        #[source]
        source: Arc<ProvideCredentialError>,
    },
    /// The registry refuses the credential that the caller gave for it to try.
    #[error("`{host}` refuses the given credential")]
    GivenRefused {
        /// The registry.
        host: String,
        /// The registry's answer.
        #[source]
        source: Box<ResponseError>,
    },
    /// The registry refuses the credential that was found.
    #[error("`{host}` refuses the credential of {credential}")]
    Refused {
        /// The registry.
        host: String,
        /// Where the credential comes from.
        credential: String,
        /// The registry's answer.
        #[source]
        source: Box<ResponseError>,
    },
    /// The token service refuses, with or without a credential.
    #[error("the token service of `{host}` refuses")]
    Token {
        /// The registry.
        host: String,
        /// The token service's answer.
        #[source]
        source: Box<ResponseError>,
    },
    /// The token service's answer holds no token.
    #[error("the token service `{realm}` gave an unusable answer: {problem}")]
    TokenAnswer {
        /// The token service.
        realm: String,
        /// What is wrong, as a phrase.
        problem: String,
    },
    /// The token service's address is one that a registry has no business naming.
    #[error("`{host}` names the token service `{realm}`, which is refused: {problem}")]
    Realm {
        /// The registry.
        host: String,
        /// The address.
        realm: String,
        /// What is wrong with it, as a phrase.
        problem: &'static str,
    },
    /// The token service could not be asked.
    #[error("no token from `{realm}`")]
    TokenRequest {
        /// The token service.
        realm: String,
        /// Why.
        #[source]
        source: Box<RequestError>,
    },
}

impl AuthenticateError {
    /// The answer that refused, when there is one.
    pub fn response(&self) -> Option<&ResponseError> {
        match self {
            Self::NoCredential { source, .. }
            | Self::GivenRefused { source, .. }
            | Self::Refused { source, .. }
            | Self::Token { source, .. } => Some(source),
            Self::TokenRequest { source, .. } => source.response(),
            Self::Provide { .. } | Self::TokenAnswer { .. } | Self::Realm { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: impl Into<BoxError>, expected: &str) {
        let error = RequestError::Broken {
            method: http::Method::GET,
            url: "https://registry.example/v2/?x=REDACTED".to_owned(),
            source: source.into(),
        };
        assert_eq!(error.reason(), expected);
    }

    #[test]
    fn reasons_are_short() {
        check("the response ended early", "the response ended early");
        check(
            io::Error::from(io::ErrorKind::ConnectionReset),
            "connection reset",
        );
        check(
            io::Error::other(ConnectError::Timeout {
                after: Duration::from_secs(10),
            }),
            "no connection within 10 seconds",
        );
    }

    #[test]
    fn a_refused_connection_is_said_once() {
        let error = RequestError::Connect {
            method: http::Method::GET,
            url: "https://registry.example/v2/".to_owned(),
            source: Arc::new(ConnectError::Refused),
        };
        assert_eq!(error.reason(), "connection refused");
        assert!(error.source().is_some_and(|cause| cause.source().is_none()));
    }
}
