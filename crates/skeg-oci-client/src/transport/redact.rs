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

#[cfg(test)]
mod tests {
    use super::*;

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
