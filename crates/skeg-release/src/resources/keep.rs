//! `helm.sh/resource-policy: keep`: objects that outlive their release.
//!
//! Helm reads the annotation in two ways: `uninstall` in whatever case and with blanks around, `upgrade` to the letter; and any
//! other value is neither kept nor deleted by `uninstall`. Here both read it in the same way, and other values do nothing.

use serde_json::Value;

const POLICY: &str = "helm.sh/resource-policy";
const KEEP: &str = "keep";

/// Whether an object outlives its release, by its manifest or by how it is on the server.
pub(crate) fn is_kept(object: &Value) -> bool {
    let policy = object
        .pointer("/metadata/annotations")
        .and_then(|annotations| annotations.get(POLICY));
    let policy = policy.and_then(Value::as_str).unwrap_or_default();
    policy.trim().eq_ignore_ascii_case(KEEP)
}
