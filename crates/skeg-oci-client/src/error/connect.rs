//! Why no connection came about.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// Why no connection to a host came about.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// Nothing listens there.
    #[error("connection refused")]
    Refused,
    /// The name has no address.
    #[error("the host name could not be resolved")]
    Resolve {
        /// The resolver's words.
        #[source]
        source: io::Error,
    },
    /// Connecting, or the TLS handshake, took too long.
    #[error("no connection within {} seconds", after.as_secs_f64())]
    Timeout {
        /// How long was waited.
        after: Duration,
    },
    /// The server answers TLS with plain HTTP.
    #[error("server gave HTTP response to HTTPS client")]
    PlainHttpServer,
    /// The server's certificate is not accepted.
    #[error("the server's certificate is not accepted: {problem}")]
    Certificate {
        /// What is wrong with it.
        problem: CertificateProblem,
        /// The verifier's words.
        #[source]
        source: rustls::Error,
    },
    /// The server wants to see a client certificate, and there is none to show.
    #[error("the server demands a client certificate")]
    ClientCertificateRequired,
    /// The handshake failed for another reason.
    #[error("the TLS handshake failed")]
    Tls {
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The certificates given by the caller cannot be used.
    #[error(transparent)]
    TlsConfig(#[from] TlsConfigError),
    /// The proxy refused, or its address is none.
    #[error("no connection through the proxy `{proxy}`")]
    Proxy {
        /// The proxy, without its password.
        proxy: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Anything else the system says.
    #[error("no connection")]
    Io {
        /// The system's words.
        #[source]
        source: io::Error,
    },
}

/// What is wrong with a server's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateProblem {
    /// No trusted authority signed it.
    Untrusted,
    /// It is for other names.
    HostName,
    /// It has expired, or is not valid yet.
    Expired,
    /// It is malformed, revoked, or wrong in another way.
    Other,
}

impl std::fmt::Display for CertificateProblem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Untrusted => "it is signed by an unknown authority",
            Self::HostName => "it is for another host name",
            Self::Expired => "it has expired or is not yet valid",
            Self::Other => "it is not valid",
        })
    }
}

/// Why the TLS settings of the caller cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsConfigError {
    /// A certificate or key file cannot be read.
    #[error("cannot read the {what} `{}`", path.display())]
    Read {
        /// Which file it is: "CA file", "client certificate", "client key".
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file holds no usable certificate or key.
    #[error("`{}` holds no usable {what}", path.display())]
    Content {
        /// What it should hold.
        what: &'static str,
        /// The file.
        path: PathBuf,
    },
    /// A client certificate was given without its key, or a key without its certificate.
    #[error("a client certificate needs its key, and a key its certificate")]
    IncompletePair,
    /// The client certificate and its key do not go together, or are of an unknown kind.
    #[error("the client certificate cannot be used")]
    ClientCertificate {
        /// Why.
        #[source]
        source: rustls::Error,
    },
}
