//! Kinds of objects, and where an object is.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A kind of objects as the server has it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ResourceType {
    /// The group; empty for the core.
    pub group: String,
    /// The version: `v1`.
    pub version: String,
    /// The kind: `Deployment`.
    pub kind: String,
    /// The name in paths: `deployments`.
    pub plural: String,
    /// Whether its objects are in namespaces.
    pub is_namespaced: bool,
    /// What can be done with it: `get`, `list`, `watch`, …
    pub verbs: Vec<String>,
}

impl ResourceType {
    /// A kind of the core, `v1`, in namespaces, of which nothing needs to be asked.
    pub fn core(kind: &str, plural: &str) -> Self {
        Self {
            group: String::new(),
            version: "v1".to_owned(),
            kind: kind.to_owned(),
            plural: plural.to_owned(),
            is_namespaced: true,
            verbs: Vec::new(),
        }
    }

    /// `apps/v1`, or `v1` for the core.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.clone()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }

    /// The path of all objects of this kind, in one namespace or in all.
    pub(crate) fn path(&self, namespace: Option<&str>) -> String {
        let root = if self.group.is_empty() {
            format!("/api/{}", self.version)
        } else {
            format!("/apis/{}/{}", self.group, self.version)
        };
        match namespace.filter(|namespace| self.is_namespaced && !namespace.is_empty()) {
            Some(namespace) => format!("{root}/namespaces/{}/{}", escape(namespace), self.plural),
            None => format!("{root}/{}", self.plural),
        }
    }
}

/// As Go prints a `GroupVersionKind`: `apps/v1, Kind=Deployment`, and `/v1, Kind=ConfigMap` for the core.
impl fmt::Display for ResourceType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}, Kind={}", self.group, self.version, self.kind)
    }
}

/// Where an object is.
#[derive(Clone, Copy, Debug)]
pub struct ObjectLocation<'a> {
    /// Its kind.
    pub resource: &'a ResourceType,
    /// Its namespace; without meaning for kinds that are in none.
    pub namespace: &'a str,
    /// Its name.
    pub name: &'a str,
}

impl ObjectLocation<'_> {
    pub(crate) fn path(&self) -> String {
        format!(
            "{}/{}",
            self.resource.path(Some(self.namespace)),
            escape(self.name)
        )
    }
}

/// A segment of a path.
pub(crate) fn escape(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:@!$&'()*,;=".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push('%');
            escaped.push(char::from(HEX[usize::from(byte >> 4)]));
            escaped.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(resource: &ResourceType, namespace: &str, name: &str, expected: &str) {
        let location = ObjectLocation {
            resource,
            namespace,
            name,
        };
        assert_eq!(location.path(), expected);
    }

    #[test]
    fn paths() {
        let pods = ResourceType::core("Pod", "pods");
        check(&pods, "a", "b", "/api/v1/namespaces/a/pods/b");
        check(&pods, "a", "b/c d", "/api/v1/namespaces/a/pods/b%2Fc%20d");
        let roles = ResourceType {
            group: "rbac.authorization.k8s.io".to_owned(),
            is_namespaced: false,
            ..ResourceType::core("ClusterRole", "clusterroles")
        };
        check(
            &roles,
            "a",
            "system:x",
            "/apis/rbac.authorization.k8s.io/v1/clusterroles/system:x",
        );
        assert_eq!(
            roles.path(None),
            "/apis/rbac.authorization.k8s.io/v1/clusterroles"
        );
        assert_eq!(
            roles.to_string(),
            "rbac.authorization.k8s.io/v1, Kind=ClusterRole"
        );
        assert_eq!(pods.to_string(), "/v1, Kind=Pod");
    }
}
