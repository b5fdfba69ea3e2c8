//! What an object is called: its group, version, kind, namespace and name.
//!
//! Not here: which resource of the API it is, which only a server's discovery tells.

use std::fmt;

use serde_json::Value;

use crate::field::text_or;

/// What tells an object from every other.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Identity {
    /// The group of its API, such as `apps`; empty for the core.
    pub group: String,
    /// The version of its API, such as `v1`.
    pub version: String,
    /// The kind, such as `Deployment`.
    pub kind: String,
    /// The namespace, empty if it has none or the manifest names none.
    pub namespace: String,
    /// The name, empty if it is to be made up by the server.
    pub name: String,
}

impl Identity {
    /// Reads the identity that an object states; what is missing or no string is empty.
    ///
    /// ```
    /// use serde_json::json;
    /// use skeg_kubernetes::Identity;
    ///
    /// let object = json!({
    ///     "apiVersion": "apps/v1", "kind": "Deployment",
    ///     "metadata": {"namespace": "shop", "name": "web"},
    /// });
    /// let identity = Identity::of(&object);
    /// assert_eq!(identity.group, "apps");
    /// assert_eq!(identity.to_string(), "Deployment/shop/web");
    /// ```
    pub fn of(object: &Value) -> Self {
        let (group, version, kind) = type_of(object);
        Self {
            group: group.to_owned(),
            version: version.to_owned(),
            kind: kind.to_owned(),
            namespace: text_or(object, &["metadata", "namespace"], "").to_owned(),
            name: text_or(object, &["metadata", "name"], "").to_owned(),
        }
    }

    /// `apps/v1`, or `v1` in the core.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() {
            return self.version.clone();
        }
        format!("{}/{}", self.group, self.version)
    }

    /// Whether both are the same object of a cluster: the version of the API does not count.
    pub fn is_same_object(&self, other: &Self) -> bool {
        self.group == other.group
            && self.kind == other.kind
            && self.namespace == other.namespace
            && self.name == other.name
    }
}

/// `Kind/namespace/name`, as Helm names resources that it waits for.
impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.kind, self.namespace, self.name)
    }
}

/// Group, version and kind; all empty where `apiVersion` has two slashes, as in apimachinery.
pub(crate) fn type_of(object: &Value) -> (&str, &str, &str) {
    let api_version = text_or(object, &["apiVersion"], "");
    let kind = text_or(object, &["kind"], "");
    match api_version.split_once('/') {
        _ if api_version == "/" => ("", "", kind),
        None => ("", api_version, kind),
        Some((group, version)) if !version.contains('/') => (group, version, kind),
        Some(_) => ("", "", ""),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(api_version: &str, expected: (&str, &str, &str)) {
        let object = json!({"apiVersion": api_version, "kind": "Kind"});
        assert_eq!(type_of(&object), expected);
    }

    #[test]
    fn versions_of_the_api_have_a_group_or_none() {
        check("v1", ("", "v1", "Kind"));
        check("apps/v1", ("apps", "v1", "Kind"));
        check("", ("", "", "Kind"));
        check("/", ("", "", "Kind"));
        check("/v1", ("", "v1", "Kind"));
        check("a/b/c", ("", "", ""));
    }

    #[test]
    fn an_object_that_is_none_has_an_empty_identity() {
        assert_eq!(Identity::of(&json!([1])).to_string(), "//");
        assert_eq!(
            Identity::of(&json!({"kind": 7, "metadata": "x"})).to_string(),
            "//"
        );
    }

    #[test]
    fn the_version_does_not_make_another_object() {
        let object = |version: &str| {
            Identity::of(&json!({"apiVersion": version, "kind": "CronJob", "metadata": {"name": "a"}}))
        };
        assert!(object("batch/v1").is_same_object(&object("batch/v1beta1")));
        assert!(!object("batch/v1").is_same_object(&object("other/v1")));
        assert_eq!(object("batch/v1").api_version(), "batch/v1");
        assert_eq!(object("v1").api_version(), "v1");
    }
}
