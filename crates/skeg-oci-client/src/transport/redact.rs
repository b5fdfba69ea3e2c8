//! URLs for messages and logs, without the secrets that some carry in their query.

use std::fmt::Write;

use url::Url;

/// The query parameters that are shown. Pre-signed storage URLs and upload states keep their secrets in others.
const SHOWN: [&str; 7] = ["scope", "service", "mount", "from", "digest", "n", "last"];

/// Prints a URL without user and password, and with the values of unknown query parameters replaced.
pub(crate) fn redact(url: &Url) -> String {
    let mut clean = url.clone();
    // Both setters fail for URLs that cannot have a user, and those have none.
    if clean.set_username("").is_err() || clean.set_password(None).is_err() {
        return format!("{}:[REDACTED]", url.scheme());
    }
    clean.set_fragment(None);
    clean.set_query(None);
    let mut text = clean.to_string();
    let Some(query) = url.query() else {
        return text;
    };
    let mut separator = '?';
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = if SHOWN.contains(&name) { value } else { "REDACTED" };
        let _infallible = write!(text, "{separator}{name}={value}");
        separator = '&';
    }
    text
}

/// How much of a text that should be a URL is shown.
const TEXT_LIMIT: usize = 200;

/// Prints what should be a URL and is none: without what may be a user and a password, and without a query.
pub(crate) fn redact_text(text: &str) -> String {
    let end = text.find(['?', '#']).unwrap_or(text.len());
    let (scheme, rest) = text[..end].split_once("://").unwrap_or(("", &text[..end]));
    let rest = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    let separator = if scheme.is_empty() { "" } else { "://" };
    let shown = [scheme, separator, rest].concat();
    shown
        .chars()
        .filter(|character| !character.is_control())
        .take(TEXT_LIMIT)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_are_no_urls_are_shown_without_secrets() {
        for (text, expected) in [
            ("nonsense", "nonsense"),
            ("http://u:p@[::1", "http://[::1"),
            ("u:p@q@[::1?token=x", "[::1"),
            ("https://[/?s=1", "https://[/"),
            ("a\r\nb#c", "ab"),
        ] {
            assert_eq!(redact_text(text), expected);
        }
        assert_eq!(redact_text(&"x".repeat(5000)).len(), TEXT_LIMIT);
    }

    #[track_caller]
    fn check(url: &str, expected: &str) {
        assert_eq!(redact(&Url::parse(url).unwrap()), expected);
    }

    #[test]
    fn only_known_parameters_are_shown() {
        check("https://a.example/v2/", "https://a.example/v2/");
        check("http://u:p@a.example:5000/x", "http://a.example:5000/x");
        check(
            "https://a/token?service=s&scope=repository:a:pull&account=me",
            "https://a/token?service=s&scope=repository:a:pull&account=REDACTED",
        );
        check(
            "https://s3.example/b?X-Amz-Signature=abc&X-Amz-Credential=d#e",
            "https://s3.example/b?X-Amz-Signature=REDACTED&X-Amz-Credential=REDACTED",
        );
        check(
            "https://a/u?_state=a%2Bb&digest=sha256:0",
            "https://a/u?_state=REDACTED&digest=sha256:0",
        );
        check("https://a/u?secret", "https://a/u?secret=REDACTED");
    }
}
