//! What the metadata of an object says about the record in it.

use std::collections::BTreeMap;

use serde_json::Value;

/// What the names of the objects begin with.
const PREFIX: &str = "sh.helm.release.v1.";

/// A record of which nothing has been read yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordEntry {
    /// The name of the object that holds it.
    pub key: String,
    /// The namespace of that object.
    pub namespace: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// The release and the revision, if the name of the object and the labels agree on them.
    pub identity: Option<(String, i64)>,
    /// What the server calls this state of the object.
    pub(crate) resource_version: Option<String>,
}

/// The name of the object that holds a revision.
pub fn record_key(name: &str, version: i64) -> String {
    format!("{PREFIX}{name}.v{version}")
}

impl RecordEntry {
    /// Reads the metadata of an object.
    pub(super) fn new(object: &Value) -> Self {
        let metadata = &object["metadata"];
        let text = |field: &str| metadata[field].as_str().unwrap_or_default().to_owned();
        let labels = metadata["labels"].as_object().into_iter().flatten();
        let labels: BTreeMap<String, String> = labels
            .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
            .collect();
        let key = text("name");
        Self {
            identity: identity(&key, &labels),
            namespace: text("namespace"),
            resource_version: Some(text("resourceVersion")).filter(|version| !version.is_empty()),
            key,
            labels,
        }
    }

    /// The status that the label tells, which is the one that Helm goes by when it looks for what is deployed.
    pub fn status(&self) -> Option<&str> {
        self.labels.get("status").map(String::as_str)
    }

    /// The revision, or 0 if that is not sure.
    pub fn version(&self) -> i64 {
        self.identity.as_ref().map_or(0, |(_, version)| *version)
    }
}

fn identity(key: &str, labels: &BTreeMap<String, String>) -> Option<(String, i64)> {
    let (name, version) = key.strip_prefix(PREFIX)?.rsplit_once(".v")?;
    let agrees = |label: &str, text: &str| labels.get(label).is_some_and(|value| value == text);
    let version = agrees("version", version).then(|| version.parse().ok())??;
    agrees("name", name).then(|| (name.to_owned(), version))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::RecordEntry;

    #[track_caller]
    fn check(key: &str, name: &str, version: &str, expected: Option<(&str, i64)>) {
        let labels = json!({"name": name, "version": version});
        let object = json!({"metadata": {"name": key, "labels": labels}});
        let expected = expected.map(|(name, version)| (name.to_owned(), version));
        assert_eq!(RecordEntry::new(&object).identity, expected);
    }

    #[test]
    fn name_and_labels_must_agree() {
        check("sh.helm.release.v1.web.v3", "web", "3", Some(("web", 3)));
        check("sh.helm.release.v1.a.v1.v3", "a.v1", "3", Some(("a.v1", 3)));
        check("sh.helm.release.v1.web.v3", "web", "4", None);
        check("sh.helm.release.v1.web.v3", "other", "3", None);
        check("sh.helm.release.v1.web.vx", "web", "x", None);
        check("web.v3", "web", "3", None);
        check("", "", "", None);
    }
}
