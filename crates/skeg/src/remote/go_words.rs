//! Failed requests in the words of Go's `net/http`.

use skeg_oci_client::{CertificateProblem, ConnectError, RequestError};

/// `Get "URL": …`
pub(crate) fn get_failure(url: &str, error: &RequestError) -> String {
    get(url, &cause(url, error))
}

/// `Get "URL": …` after too long a wait.
pub(super) fn timed_out(url: &str) -> String {
    get(
        url,
        "context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
    )
}

fn get(url: &str, cause: &str) -> String {
    format!("Get {}: {cause}", skeg_go::quote::quote(&shown(url)))
}

fn cause(url: &str, error: &RequestError) -> String {
    const CERTIFICATE: &str = "tls: failed to verify certificate: x509:";
    match error.connect() {
        Some(ConnectError::Refused) => {
            return format!("dial tcp {}: connect: connection refused", address(url));
        }
        Some(ConnectError::Resolve { .. }) => {
            let address = address(url);
            let host = address.rsplit_once(':').map_or(&*address, |(host, _)| host);
            return format!("dial tcp: lookup {host}: no such host");
        }
        Some(ConnectError::PlainHttpServer) => {
            return "http: server gave HTTP response to HTTPS client".to_owned();
        }
        Some(ConnectError::Certificate { problem, .. }) => match problem {
            CertificateProblem::Untrusted => {
                return format!("{CERTIFICATE} certificate signed by unknown authority");
            }
            CertificateProblem::Expired => {
                return format!("{CERTIFICATE} certificate has expired or is not yet valid");
            }
            _ => {}
        },
        _ => {}
    }
    match error {
        RequestError::Redirect { source, .. } => source.to_string(),
        _ if is_end(&error.reason()) => "EOF".to_owned(),
        other => other.reason(),
    }
}

/// What the HTTP client says when a server hangs up.
fn is_end(reason: &str) -> bool {
    reason.contains("connection closed before message completed")
        || reason == "unexpected end of file"
        || reason == "tls handshake eof"
}

/// `HOST:PORT` of a URL.
fn address(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let has_port = host
        .rsplit_once(':')
        .is_some_and(|(_, port)| !port.ends_with(']'));
    if has_port {
        return host.to_owned();
    }
    let port = if scheme.eq_ignore_ascii_case("https") {
        443
    } else {
        80
    };
    format!("{host}:{port}")
}

/// A URL without its password.
pub(crate) fn shown(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    match authority.rsplit_once('@') {
        Some((user, host)) => match user.split_once(':') {
            Some((user, _)) => format!("{scheme}://{user}:***@{host}{path}"),
            None => url.to_owned(),
        },
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_address(url: &str, expected: &str) {
        assert_eq!(address(url), expected);
    }

    #[test]
    fn addresses() {
        check_address("http://127.0.0.1:1/x", "127.0.0.1:1");
        check_address("http://u:p@a.example/x:1", "a.example:80");
        check_address("https://a.example?x", "a.example:443");
        check_address("HTTPS://[::1]/x", "[::1]:443");
        check_address("http://[::1]:5/x", "[::1]:5");
    }

    #[track_caller]
    fn check_shown(url: &str, expected: &str) {
        assert_eq!(shown(url), expected);
    }

    #[test]
    fn passwords_are_not_shown() {
        check_shown("http://a/x@y:z", "http://a/x@y:z");
        check_shown("http://u@a/x", "http://u@a/x");
        check_shown("http://u:p@q@a/x", "http://u:***@a/x");
        check_shown("x", "x");
    }
}
