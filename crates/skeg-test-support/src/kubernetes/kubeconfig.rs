//! The kubeconfig of a test cluster: read, and written anew for a proxy or another user.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// A kubeconfig as `cargo xtask cluster` writes it: JSON, one server, a context for every user.
#[derive(Debug, Clone)]
pub struct Kubeconfig(Value);

impl Kubeconfig {
    /// Reads a file.
    ///
    /// # Panics
    ///
    /// Panics where the file is missing or no JSON.
    #[must_use]
    #[track_caller]
    pub fn read(path: &Path) -> Self {
        let text = fs_err::read_to_string(path).unwrap_or_else(|error| panic!("{error}"));
        Self(serde_json::from_str(&text).expect("because the cluster's kubeconfig is JSON"))
    }

    /// Makes one for a server, the authority it is trusted by (PEM; none for plain HTTP), and its users, of whom the first
    /// is the current one. A user is a name and what stands in `user`.
    #[must_use]
    pub fn new(server: &str, authority: Option<&str>, users: &[(String, Value)]) -> Self {
        let mut cluster = json!({"server": server});
        if let Some(authority) = authority {
            cluster["certificate-authority-data"] = STANDARD.encode(authority).into();
        }
        let contexts: Vec<Value> = users
            .iter()
            .map(|(name, _)| json!({"name": name, "context": {"cluster": "test", "user": name}}))
            .collect();
        let entries: Vec<Value> = users
            .iter()
            .map(|(name, user)| json!({"name": name, "user": user}))
            .collect();
        Self(json!({
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "test", "cluster": cluster}],
            "users": entries,
            "contexts": contexts,
            "current-context": users.first().map(|(name, _)| name),
        }))
    }

    /// The same users at another server.
    #[must_use]
    pub fn at(&self, server: &str, authority: Option<&str>) -> Self {
        let mut changed = self.clone();
        changed.0["clusters"][0]["cluster"] = json!({"server": server});
        if let Some(authority) = authority {
            let encoded = STANDARD.encode(authority);
            changed.0["clusters"][0]["cluster"]["certificate-authority-data"] = encoded.into();
        }
        changed
    }

    /// The same with another current context, which has the name of its user.
    #[must_use]
    pub fn by(&self, user: &str) -> Self {
        let mut changed = self.clone();
        changed.0["current-context"] = user.into();
        changed
    }

    /// `https://127.0.0.1:PORT`.
    #[must_use]
    pub fn server(&self) -> &str {
        self.0["clusters"][0]["cluster"]["server"]
            .as_str()
            .unwrap_or_default()
    }

    /// The certificate the server is trusted by, PEM.
    #[must_use]
    pub fn authority(&self) -> Option<String> {
        let encoded = self.0["clusters"][0]["cluster"]["certificate-authority-data"].as_str()?;
        String::from_utf8(STANDARD.decode(encoded).ok()?).ok()
    }

    /// The bearer token of the current user; empty where that user has none.
    #[must_use]
    pub fn token(&self) -> &str {
        let current = self.0["current-context"].as_str().unwrap_or_default();
        self.token_of(current)
    }

    /// The bearer token of a user; empty where that user has none.
    #[must_use]
    pub fn token_of(&self, user: &str) -> &str {
        self.0["users"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|entry| entry["name"] == user)
            .and_then(|entry| entry["user"]["token"].as_str())
            .unwrap_or_default()
    }

    /// The content, for tests that change it.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.0
    }

    /// Writes a file that only its owner can read: the tokens are in it.
    ///
    /// # Panics
    ///
    /// Panics where the file cannot be written.
    pub fn write(&self, path: &Path) {
        fs_err::write(path, format!("{:#}\n", self.0)).expect("because the test's directory is writable");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let owner_only = std::fs::Permissions::from_mode(0o600);
            fs_err::set_permissions(path, owner_only).expect("because the file is ours");
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Kubeconfig;

    #[test]
    fn what_is_written_is_read() {
        let users = [
            ("admin".to_owned(), json!({"token": "a"})),
            ("joe".to_owned(), json!({"token": "j"})),
        ];
        let directory = tempfile::tempdir().expect("because tests may make directories");
        let path = directory.path().join("kubeconfig");
        Kubeconfig::new("https://127.0.0.1:1", Some("PEM"), &users).write(&path);
        let read = Kubeconfig::read(&path);
        assert_eq!(read.server(), "https://127.0.0.1:1");
        assert_eq!(read.authority().as_deref(), Some("PEM"));
        assert_eq!(read.token(), "a");
        assert_eq!(read.by("joe").token(), "j");
        assert_eq!(read.by("nobody").token(), "");
        let plain = read.at("http://127.0.0.1:2", None);
        assert_eq!((plain.server(), plain.authority()), ("http://127.0.0.1:2", None));
    }
}
