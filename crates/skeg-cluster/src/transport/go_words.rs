//! Failed requests in the words of Go's HTTP client, which scripts look for.

use std::error::Error;
use std::io;

use http::Method;
use rustls::CertificateError;

/// The method as Go's HTTP client begins its errors: `Get`.
pub(super) fn verb(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "Get",
        "POST" => "Post",
        "PUT" => "Put",
        "PATCH" => "Patch",
        "DELETE" => "Delete",
        _ => "Request",
    }
}

/// The reason of a failure: `dial tcp 127.0.0.1:1: connect: connection refused`.
pub(super) fn reason(error: &(dyn Error + 'static), server: &http::Uri) -> String {
    if let Some(tls) = causes(error).find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
        return tls_words(tls);
    }
    let text = chain(error);
    let io = causes(error)
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .last();
    let dial = |words: &str| format!("dial tcp {}: connect: {words}", address(server));
    match io.map(io::Error::kind) {
        Some(io::ErrorKind::ConnectionRefused) => dial("connection refused"),
        Some(io::ErrorKind::HostUnreachable) => dial("no route to host"),
        Some(io::ErrorKind::NetworkUnreachable) => dial("network is unreachable"),
        Some(io::ErrorKind::TimedOut) => format!("dial tcp {}: i/o timeout", address(server)),
        Some(io::ErrorKind::ConnectionReset) => "read: connection reset by peer".to_owned(),
        Some(io::ErrorKind::UnexpectedEof) => "EOF".to_owned(),
        _ if text.contains("failed to lookup address") => {
            let host = server.host().unwrap_or_default();
            format!("dial tcp: lookup {host}: no such host")
        }
        _ if text.contains("deadline has elapsed") => format!("dial tcp {}: i/o timeout", address(server)),
        _ if text.contains("connection closed before message completed") => "EOF".to_owned(),
        _ => text,
    }
}

fn tls_words(error: &rustls::Error) -> String {
    let problem = match error {
        rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType) => {
            return "http: server gave HTTP response to HTTPS client".to_owned();
        }
        rustls::Error::InvalidCertificate(problem) => problem,
        other => return format!("tls: {other}"),
    };
    let words = match problem {
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "certificate signed by unknown authority".to_owned()
        }
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => {
            "certificate has expired or is not yet valid".to_owned()
        }
        other => other.to_string(),
    };
    format!("tls: failed to verify certificate: x509: {words}")
}

/// `HOST:PORT`; `localhost` as its address.
fn address(server: &http::Uri) -> String {
    let host = match server.host().unwrap_or_default() {
        "localhost" => "127.0.0.1",
        host => host,
    };
    let default = if server.scheme_str() == Some("https") {
        443
    } else {
        80
    };
    format!("{host}:{}", server.port_u16().unwrap_or(default))
}

/// The error and its causes, those inside of an [`io::Error`] too, which its own `source` leaves out.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error: &&'a (dyn Error + 'static)| {
        let inside = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        match inside {
            Some(inside) => Some(inside as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}

/// The words of an error and of its causes, each said once.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = String::new();
    for cause in causes(error) {
        let words = cause.to_string();
        if text.is_empty() {
            text = words;
        } else if !text.contains(&words) {
            text = format!("{text}: {words}");
        }
    }
    text
}
