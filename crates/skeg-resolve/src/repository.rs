//! What stands in the field `repository` of a dependency.

/// Where a dependency is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DependencyRepository {
    /// Nothing is written: the chart is in `charts/`, and it belongs to the chart itself.
    Vendored,
    /// `file://PATH`: a chart's directory, absolute or below the chart's own.
    Directory(String),
    /// `oci://HOST/PATH`: a registry.
    Registry(String),
    /// `http://…` or `https://…`: a repository with an `index.yaml`.
    Classic(String),
    /// `@NAME` or `alias:NAME`: a repository that has a name in `repositories.yaml`.
    Named(String),
    /// Something else, which Helm takes for a name that somebody forgot to mark.
    Unknown(String),
}

impl DependencyRepository {
    /// Reads the field.
    pub fn parse(text: &str) -> Self {
        let named = text.strip_prefix('@').or_else(|| text.strip_prefix("alias:"));
        let owned = || text.to_owned();
        match text.split_once("://") {
            _ if text.is_empty() => Self::Vendored,
            Some(("file", path)) => Self::Directory(path.to_owned()),
            Some(("oci", _)) => Self::Registry(owned()),
            Some(("http" | "https", _)) => Self::Classic(owned()),
            _ => named.map_or_else(|| Self::Unknown(owned()), |name| Self::Named(name.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::DependencyRepository as Repository;

    #[track_caller]
    fn check(text: &str, expected: impl FnOnce(String) -> Repository, inner: &str) {
        assert_eq!(Repository::parse(text), expected(inner.to_owned()), "{text}");
    }

    #[test]
    fn kinds() {
        check("", |_| Repository::Vendored, "");
        check("file://../a", Repository::Directory, "../a");
        check("file:///a", Repository::Directory, "/a");
        check("oci://h/a/", Repository::Registry, "oci://h/a/");
        check("https://h/a", Repository::Classic, "https://h/a");
        check("http://h", Repository::Classic, "http://h");
        check("@stable", Repository::Named, "stable");
        check("alias:stable", Repository::Named, "stable");
        check("stable", Repository::Unknown, "stable");
        check("s3://bucket", Repository::Unknown, "s3://bucket");
        check("../a", Repository::Unknown, "../a");
    }
}
