//! Where a redirect leads, and whether we go there. No IO.

use http::header::{HeaderMap, LOCATION};
use http::{Method, StatusCode};
use url::Url;

use crate::error::RedirectError;
use crate::transport::redact::{redact, redact_text};

/// How many redirects are followed in a row.
pub(crate) const MAX_REDIRECTS: usize = 10;

/// Tells whether a response to `method` is a redirect that is followed with the same method and body.
///
/// Reading follows all of them; writing only those that keep the method (307, 308).
pub(crate) fn is_redirect(method: &Method, status: StatusCode) -> bool {
    match status.as_u16() {
        307 | 308 => true,
        301..=303 => method == Method::GET || method == Method::HEAD,
        _ => false,
    }
}

/// Resolves the `Location` of a redirect against the URL that gave it.
pub(crate) fn next_location(from: &Url, headers: &HeaderMap) -> Result<Url, RedirectError> {
    let location = headers.get(LOCATION).ok_or(RedirectError::NoLocation)?;
    let invalid = || {
        let text = String::from_utf8_lossy(location.as_bytes());
        RedirectError::InvalidLocation(redact_text(&text))
    };
    let text = location.to_str().map_err(|_| invalid())?;
    let to = from.join(text).map_err(|_| invalid())?;
    match to.scheme() {
        "https" => Ok(to),
        "http" if from.scheme() == "http" => Ok(to),
        "http" => Err(RedirectError::Downgrade(redact(&to))),
        _ => Err(invalid()),
    }
}

/// Puts an address that a registry gives of itself on the scheme and port under which we know it. A registry behind a proxy
/// that ends TLS may believe that it is plain HTTP.
pub(crate) fn as_known(given: Url, registry: &Url) -> Url {
    let is_believed_plain = given.scheme() == "http" && registry.scheme() == "https";
    if !is_believed_plain || given.host() != registry.host() {
        return given;
    }
    let mut known = registry.clone();
    known.set_path(given.path());
    known.set_query(given.query());
    known
}

/// Tells whether two URLs have the same scheme, host and port: credentials for one are for the other too.
pub(crate) fn is_same_origin(one: &Url, other: &Url) -> bool {
    one.origin() == other.origin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(from: &str, location: Option<&str>, expected: &Result<&str, RedirectError>) {
        let mut headers = HeaderMap::new();
        if let Some(location) = location {
            headers.insert(LOCATION, location.parse().unwrap());
        }
        let found = next_location(&Url::parse(from).unwrap(), &headers);
        assert_eq!(found.as_ref().map(Url::as_str), expected.as_ref().copied());
    }

    #[test]
    fn locations_resolve_against_the_request() {
        check("https://a/v2/x", Some("/y?z=a%2Bb"), &Ok("https://a/y?z=a%2Bb"));
        check("https://a/v2/x", Some("y"), &Ok("https://a/v2/y"));
        check("https://a/v2/x", Some("//b/y"), &Ok("https://b/y"));
        check("http://a/x", Some("https://b/y"), &Ok("https://b/y"));
        check("http://a/x", Some("http://b/y"), &Ok("http://b/y"));
    }

    #[test]
    fn case_22_and_24_locations_that_are_refused() {
        check("https://a/x", None, &Err(RedirectError::NoLocation));
        check(
            "https://a/x",
            Some("http://b/y?s=secret"),
            &Err(RedirectError::Downgrade("http://b/y?s=REDACTED".into())),
        );
        check(
            "https://a/x",
            Some("ftp://b/y"),
            &Err(RedirectError::InvalidLocation("ftp://b/y".into())),
        );
        check(
            "https://a/x",
            Some("https://[/?s=1"),
            &Err(RedirectError::InvalidLocation("https://[/".into())),
        );
    }

    #[test]
    fn case_25_registries_behind_a_proxy_know_their_address_badly() {
        let known = |given, registry| {
            let url = as_known(Url::parse(given).unwrap(), &Url::parse(registry).unwrap());
            url.to_string()
        };
        assert_eq!(
            known("http://a:5000/u?_state=a%2Bb", "https://a/"),
            "https://a/u?_state=a%2Bb"
        );
        assert_eq!(known("http://b/u", "https://a/"), "http://b/u");
        assert_eq!(known("https://a:444/u", "https://a/"), "https://a:444/u");
        assert_eq!(known("http://a/u", "http://a:5000/"), "http://a/u");
    }

    #[test]
    fn case_22_origins() {
        let same = |one, other| is_same_origin(&Url::parse(one).unwrap(), &Url::parse(other).unwrap());
        assert!(same("https://a/x", "https://A:443/y"));
        assert!(!same("https://a/x", "https://a:444/y"));
        assert!(!same("https://a/x", "http://a/x"));
        assert!(!same("https://a/x", "https://b.a/x"));
    }

    #[test]
    fn only_reading_follows_every_kind() {
        let follows =
            |method: Method, status: u16| is_redirect(&method, StatusCode::from_u16(status).unwrap());
        assert!(follows(Method::GET, 303) && follows(Method::HEAD, 301) && follows(Method::PUT, 308));
        assert!(!follows(Method::PUT, 302) && !follows(Method::GET, 304) && !follows(Method::GET, 200));
    }
}
