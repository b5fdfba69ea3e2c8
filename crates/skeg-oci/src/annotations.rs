//! Annotations: the string map of descriptors, manifests and indexes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// An ordered map of annotation keys to values.
///
/// It prints its keys in byte order, as Go's `encoding/json` prints a map.
/// Spec: image-spec v1.1, "Annotations".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Annotations(BTreeMap<String, String>);

impl Annotations {
    /// When the artifact was made, an RFC 3339 time.
    pub const CREATED: &str = "org.opencontainers.image.created";
    /// The people responsible for the artifact.
    pub const AUTHORS: &str = "org.opencontainers.image.authors";
    /// The home page of what the artifact holds.
    pub const URL: &str = "org.opencontainers.image.url";
    /// Where the source of the artifact is.
    pub const SOURCE: &str = "org.opencontainers.image.source";
    /// The version of what the artifact holds.
    pub const VERSION: &str = "org.opencontainers.image.version";
    /// The title of the artifact; the chart's name in Helm's manifests.
    pub const TITLE: &str = "org.opencontainers.image.title";
    /// One sentence about the artifact.
    pub const DESCRIPTION: &str = "org.opencontainers.image.description";
    /// The tag of a manifest in the `index.json` of an image layout.
    pub const REF_NAME: &str = "org.opencontainers.image.ref.name";

    /// Makes an empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets one annotation and drops the value it had.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<String>) {
        self.0.insert(key.into(), value.into());
    }

    /// Returns the value under `key`.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// Drops the annotation under `key`.
    pub fn remove(&mut self, key: &str) {
        self.0.remove(key);
    }

    /// Iterates over all annotations in the byte order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// Tells whether there is no annotation.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Annotations {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self(
            pairs
                .into_iter()
                .map(|(key, value)| (key.into(), value.into()))
                .collect(),
        )
    }
}
