//! Telling apart why a connection failed, from what the lower layers say.

use std::error::Error;
use std::sync::Arc;
use std::{fmt, io};

use rustls::{AlertDescription, CertificateError, InvalidMessage};

use crate::error::{BoxError, CertificateProblem, ConnectError};

/// A [`ConnectError`] on its way through the HTTP client, which hands out references only.
#[derive(Clone, Debug)]
pub(crate) struct ConnectFailure(pub(crate) Arc<ConnectError>);

impl From<ConnectError> for ConnectFailure {
    fn from(error: ConnectError) -> Self {
        Self(Arc::new(error))
    }
}

impl fmt::Display for ConnectFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Error for ConnectFailure {}

/// Finds the connection's failure within an error of the HTTP client.
///
/// In TLS 1.3 a server says that it misses a client certificate when the handshake is over for us, in answer to the
/// request.
pub(crate) fn find(error: &(dyn Error + 'static)) -> Option<Arc<ConnectError>> {
    let failure = |error: &(dyn Error + 'static)| {
        let failure = error.downcast_ref::<ConnectFailure>();
        failure.map(|failure| Arc::clone(&failure.0))
    };
    let is_certificate_missing = |error: &(dyn Error + 'static)| {
        error.downcast_ref()
            == Some(&rustls::Error::AlertReceived(
                AlertDescription::CertificateRequired,
            ))
    };
    let found = chain(error).find_map(failure);
    found.or_else(|| {
        chain(error)
            .any(is_certificate_missing)
            .then(|| Arc::new(ConnectError::ClientCertificateRequired))
    })
}

/// Names the failure of a TCP connection or of a TLS handshake.
pub(crate) fn classify(error: BoxError) -> ConnectFailure {
    if let Some(known) = find(error.as_ref()) {
        return ConnectFailure(known);
    }
    if let Some(error) = chain(error.as_ref()).find_map(|error| error.downcast_ref::<rustls::Error>()) {
        return classify_tls(error).into();
    }
    let is_resolver = error.to_string().starts_with("dns error");
    let is_handshake = error.is::<io::Error>();
    let source = innermost_io(error);
    let is_refused = source.kind() == io::ErrorKind::ConnectionRefused;
    match () {
        () if is_resolver => ConnectError::Resolve {
            source: resolver_words(source),
        },
        () if is_refused => ConnectError::Refused,
        () if source.kind() == io::ErrorKind::TimedOut => ConnectError::Io { source },
        () if is_handshake => ConnectError::Tls { source },
        () => ConnectError::Io { source },
    }
    .into()
}

fn classify_tls(error: &rustls::Error) -> ConnectError {
    let problem = match error {
        rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            return ConnectError::PlainHttpServer;
        }
        rustls::Error::InvalidCertificate(error) => certificate_problem(error),
        other => {
            return ConnectError::Tls {
                source: io::Error::other(other.clone()),
            };
        }
    };
    ConnectError::Certificate {
        problem,
        source: error.clone(),
    }
}

fn certificate_problem(error: &CertificateError) -> CertificateProblem {
    match error {
        // A bad signature means an authority of the same name as one that we know.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => CertificateProblem::Untrusted,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            CertificateProblem::HostName
        }
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => CertificateProblem::Expired,
        // What the web's verifier says of a self-signed certificate that is used as it is.
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            CertificateProblem::Untrusted
        }
        _ => CertificateProblem::Other,
    }
}

/// The error and its causes, those inside of an [`io::Error`] too, which its own `source` leaves out.
pub(crate) fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error: &&'a (dyn Error + 'static)| {
        let inside = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        match inside {
            Some(inside) => Some(inside as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}

/// The standard library's words for a failed look-up, in front of those of the resolver.
const LOOK_UP: &str = "failed to lookup address information: ";

/// The resolver's own words: that a look-up failed is said already.
fn resolver_words(error: io::Error) -> io::Error {
    match error.to_string().strip_prefix(LOOK_UP) {
        Some(words) => io::Error::new(error.kind(), words.to_owned()),
        None => error,
    }
}

/// The deepest [`io::Error`] of the chain as one of our own.
fn innermost_io(error: BoxError) -> io::Error {
    let deepest = chain(error.as_ref())
        .filter_map(|error| error.downcast_ref::<io::Error>())
        .last();
    match deepest {
        None => io::Error::other(error),
        Some(deepest) => match deepest.raw_os_error() {
            Some(code) => io::Error::from_raw_os_error(code),
            None => io::Error::new(deepest.kind(), deepest.to_string()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(error: io::Error, expected: &str) {
        assert_eq!(resolver_words(error).to_string(), expected);
    }

    #[test]
    fn the_failed_look_up_is_not_said_twice() {
        check(
            io::Error::other(format!("{LOOK_UP}Name or service not known")),
            "Name or service not known",
        );
        check(io::Error::other("no such host is known"), "no such host is known");
    }
}
