//! Hooks: manifests with an annotation that says when they are run.

use super::head::ManifestHead;

const EVENTS: &str = "helm.sh/hook";
const WEIGHT: &str = "helm.sh/hook-weight";
const DELETE_POLICIES: &str = "helm.sh/hook-delete-policy";
const OUTPUT_LOG_POLICIES: &str = "helm.sh/hook-output-log-policy";

const KNOWN_EVENTS: [&str; 9] = [
    "pre-install",
    "post-install",
    "pre-delete",
    "post-delete",
    "pre-upgrade",
    "post-upgrade",
    "pre-rollback",
    "post-rollback",
    "test",
];

/// A manifest that is run at certain events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// The path of the template that it comes from.
    pub path: String,
    /// `metadata.name`
    pub name: String,
    /// `kind`
    pub kind: String,
    /// The document.
    pub manifest: Vec<u8>,
    /// When it is run: `pre-install`, `test`.
    pub events: Vec<&'static str>,
    /// Its place among the hooks of one event.
    pub weight: i64,
    /// When it is deleted.
    pub delete_policies: Vec<String>,
    /// When its output is shown.
    pub output_log_policies: Vec<String>,
}

/// What a manifest turns out to be.
pub(super) enum Found {
    Hook(Hook),
    /// It names an event that there is not.
    UnknownHook(String),
    NoHook,
}

impl Hook {
    /// Whether it is run by `helm test`.
    pub fn is_test(&self) -> bool {
        self.events.contains(&"test")
    }

    pub(super) fn find(path: &str, document: &[u8], head: &ManifestHead) -> Found {
        let Some(types) = head.annotations.get(EVENTS) else {
            return Found::NoHook;
        };
        let events: Option<Vec<_>> = types.split(',').map(event).collect();
        let Some(events) = events else {
            return Found::UnknownHook(types.clone());
        };
        let weight = head.annotations.get(WEIGHT);
        Found::Hook(Self {
            path: path.to_owned(),
            name: head.name.clone(),
            kind: head.kind.clone(),
            manifest: document.to_vec(),
            events,
            weight: weight.and_then(|text| text.parse().ok()).unwrap_or_default(),
            delete_policies: policies(head, DELETE_POLICIES),
            output_log_policies: policies(head, OUTPUT_LOG_POLICIES),
        })
    }
}

fn event(text: &str) -> Option<&'static str> {
    let text = text.trim().to_lowercase();
    if text == "test-success" {
        return Some("test");
    }
    KNOWN_EVENTS.into_iter().find(|known| *known == text)
}

fn policies(head: &ManifestHead, annotation: &str) -> Vec<String> {
    let list = head.annotations.get(annotation);
    let policies = list.into_iter().flat_map(|list| list.split(','));
    policies.map(|policy| policy.trim().to_lowercase()).collect()
}
