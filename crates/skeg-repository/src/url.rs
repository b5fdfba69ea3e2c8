//! Addresses: relative to a repository, absolute, and which of them a login is for.

use skeg_go::net_url;
use url::Url;

/// Why the address of a chart could not be made out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("failed to parse {text} as URL: {problem}")]
#[non_exhaustive]
pub struct ResolveUrlError {
    /// The address.
    pub text: String,
    /// What is wrong with it.
    pub problem: String,
}

/// An address in an index as an absolute one: relative ones are below the repository. A query of the repository's address
/// is kept, as Helm does.
///
/// ```
/// use skeg_repository::resolve_reference;
///
/// assert_eq!(resolve_reference("https://a/charts", "x-1.tgz")?, "https://a/charts/x-1.tgz");
/// assert_eq!(resolve_reference("https://a/charts", "https://b/x-1.tgz")?, "https://b/x-1.tgz");
/// # Ok::<(), skeg_repository::ResolveUrlError>(())
/// ```
///
/// # Errors
/// One of the two is no address.
pub fn resolve_reference(base: &str, reference: &str) -> Result<String, ResolveUrlError> {
    if is_absolute(reference) {
        return Ok(reference.to_owned());
    }
    let failed = |text: &str, problem: String| ResolveUrlError {
        text: text.to_owned(),
        problem,
    };
    let mut url = Url::parse(base).map_err(|error| failed(base, error.to_string()))?;
    let path = format!("{}/", url.path().strip_suffix('/').unwrap_or(url.path()));
    url.set_path(&path);
    let mut resolved = url
        .join(reference)
        .map_err(|error| failed(reference, error.to_string()))?;
    resolved.set_query(url.query());
    Ok(resolved.into())
}

/// Whether an address has a scheme.
pub fn is_absolute(reference: &str) -> bool {
    net_url::Url::parse(reference.as_bytes()).is_ok_and(|url| !url.scheme.is_empty())
}

/// Whether two addresses have the same scheme, host and port: a login for one is for the other too.
pub(crate) fn is_same_origin(one: &str, other: &str) -> bool {
    match (Url::parse(one), Url::parse(other)) {
        (Ok(one), Ok(other)) => one.origin().is_tuple() && one.origin() == other.origin(),
        _ => false,
    }
}

/// Whether two addresses lead to the same place, as Helm compares them.
pub fn is_same_address(one: &str, other: &str) -> bool {
    let parse = |text: &str| {
        let mut url = net_url::Url::parse(text.as_bytes()).ok()?;
        url.path = skeg_go::path::clean(if url.path.is_empty() { b"/" } else { &url.path });
        Some(url.to_bytes())
    };
    match (parse(one), parse(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

/// The name that the file at an address has: the last part of its path.
pub fn file_name(address: &str) -> String {
    let path = net_url::Url::parse(address.as_bytes()).map_or_else(|_| address.into(), |url| url.path);
    String::from_utf8_lossy(skeg_go::path::base(&path)).into_owned()
}

/// Helm 4.3.1's `URLJoin`: parts below an address; a text that is a path and no address too.
pub(crate) fn join(base: &str, part: &str) -> String {
    let joined = match net_url::Url::parse(base.as_bytes()) {
        Ok(mut url) => {
            url.path = skeg_go::path::join([&url.path[..], part.as_bytes()]);
            url.raw_path.clear();
            url.to_bytes()
        }
        Err(_) => skeg_go::path::join([base.as_bytes(), part.as_bytes()]),
    };
    String::from_utf8_lossy(&joined).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(base: &str, reference: &str, expected: &str) {
        assert_eq!(resolve_reference(base, reference).unwrap(), expected);
    }

    #[test]
    fn references_are_below_the_repository() {
        check("http://a", "x.tgz", "http://a/x.tgz");
        check("http://a/charts/", "x.tgz", "http://a/charts/x.tgz");
        check("http://a/charts", "sub/x.tgz", "http://a/charts/sub/x.tgz");
        check("http://a/charts", "../x.tgz", "http://a/x.tgz");
        check("http://a/charts", "/x.tgz", "http://a/x.tgz");
        check("http://a/charts?t=1", "x.tgz", "http://a/charts/x.tgz?t=1");
        check("http://u:p@a/c", "x.tgz", "http://u:p@a/c/x.tgz");
        check("http://a/c", "https://b/x.tgz?y=1", "https://b/x.tgz?y=1");
        check("http://a/c", "oci://b/x:1", "oci://b/x:1");
        check("http://a/c", "//b/x.tgz", "http://b/x.tgz");
        assert!(resolve_reference("::", "x").is_err());
    }

    #[test]
    fn logins_are_for_one_origin() {
        for (one, other, expected) in [
            ("http://a/x", "http://a/y", true),
            ("http://a/x", "http://A:80/y", true),
            ("http://a/x", "https://a/x", false),
            ("http://a/x", "http://a:81/x", false),
            ("http://a/x", "http://b.a/x", false),
            ("x", "x", false),
        ] {
            assert_eq!(is_same_origin(one, other), expected, "{one} {other}");
        }
    }

    #[test]
    fn files_have_the_last_part_as_their_name() {
        for (address, expected) in [
            ("http://a/b/x-1.0.0.tgz?t=1", "x-1.0.0.tgz"),
            ("http://a/x-1.0.0%2Bb.tgz", "x-1.0.0+b.tgz"),
            ("http://a/", "/"),
        ] {
            assert_eq!(file_name(address), expected);
        }
    }

    #[test]
    fn parts_are_joined_as_in_go() {
        for (base, part, expected) in [
            ("", "", ""),
            ("", "sub", "sub"),
            ("http://a/c/", "x.tgz", "http://a/c/x.tgz"),
            ("http://a", "x.tgz", "http://a/x.tgz"),
            ("charts", "x.tgz", "charts/x.tgz"),
        ] {
            assert_eq!(join(base, part), expected);
        }
    }
}
