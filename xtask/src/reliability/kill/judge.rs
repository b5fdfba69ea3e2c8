//! What may be there after a kill, and what may not: torn is what is neither the old nor the new state, lost is what was
//! there and is no more.

use std::collections::BTreeSet;

use serde_json::Value;

use super::content::{Content, Tags, digest_of, digests, is_list};
use crate::failure::Result;

/// Deeper than any artifact goes.
const DEEPEST: usize = 8;

/// Heads of answers, and the block that was open when a transfer was cut.
const OPEN_BLOCK: u64 = 128 * 1024;

/// Something that must not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Finding {
    /// Neither the old nor the new state.
    Torn(String),
    /// Something that was there is gone.
    Lost(String),
}

/// A file that is replaced: it must be as before or as it is to be.
pub(super) fn file(name: &str, now: Option<&[u8]>, before: Option<&[u8]>, new: &[u8]) -> Vec<Finding> {
    match now {
        Some(now) if now == new || Some(now) == before => Vec::new(),
        None if before.is_none() => Vec::new(),
        None => vec![Finding::Lost(format!("{name} has gone"))],
        Some(now) => vec![Finding::Torn(format!(
            "{name} has {} bytes that are neither the old nor the new ones",
            now.len()
        ))],
    }
}

/// A repository whose tags are to become those of `new`.
pub(super) fn repository(content: &dyn Content, before: &Tags, new: &Tags) -> Result<Vec<Finding>> {
    let now = match content.tags() {
        Ok(now) => now,
        Err(failure) => return Ok(vec![Finding::Torn(failure.to_string())]),
    };
    let mut findings = Vec::new();
    let nothing = BTreeSet::new();
    for (tag, named) in &now {
        let (old, wanted) = (before.get(tag), new.get(tag));
        if named.is_empty() && !is_list(tag) {
            findings.push(Finding::Torn(format!("the tag {tag} names no manifest")));
        } else if !is_allowed(is_list(tag), named, old.unwrap_or(&nothing), wanted) {
            findings.push(Finding::Torn(format!("the tag {tag} names {named:?}")));
        }
        for digest in named {
            manifest(content, digest, 0, &mut findings)?;
        }
    }
    let gone = before.keys().filter(|tag| !now.contains_key(*tag));
    findings.extend(gone.map(|tag| Finding::Lost(format!("the tag {tag} has gone"))));
    Ok(findings)
}

/// A repository after a run that completed: everything of `new` is there, exactly.
pub(super) fn complete(content: &dyn Content, before: &Tags, new: &Tags) -> Result<Vec<Finding>> {
    let mut findings = repository(content, before, new)?;
    let now = content.tags()?;
    for (tag, wanted) in new {
        if now.get(tag) != Some(wanted) {
            findings.push(Finding::Lost(format!("the tag {tag} is not what it is to be")));
        }
    }
    Ok(findings)
}

fn is_allowed(
    is_list: bool,
    now: &BTreeSet<String>,
    before: &BTreeSet<String>,
    new: Option<&BTreeSet<String>>,
) -> bool {
    if is_list {
        // Lists grow by one at a time.
        let wanted = |digest| before.contains(digest) || new.is_some_and(|new| new.contains(digest));
        return before.is_subset(now) && now.iter().all(wanted);
    }
    now == before || new == Some(now)
}

/// A manifest, and all that it consists of.
fn manifest(content: &dyn Content, digest: &str, depth: usize, findings: &mut Vec<Finding>) -> Result<()> {
    let Some(bytes) = content.manifest(digest)? else {
        findings.push(Finding::Torn(format!("the manifest {digest} is missing")));
        return Ok(());
    };
    let parsed = serde_json::from_slice::<Value>(&bytes);
    let (Ok(parsed), true) = (parsed, digest_of(&bytes) == digest && depth < DEEPEST) else {
        findings.push(Finding::Torn(format!("the manifest {digest} is damaged")));
        return Ok(());
    };
    let mut blobs = digests(&parsed, "layers");
    blobs.extend(parsed["config"]["digest"].as_str().map(str::to_owned));
    for blob in blobs {
        match content.blob(&blob)? {
            Some(bytes) if digest_of(&bytes) == blob => {}
            Some(_) => findings.push(Finding::Torn(format!("the blob {blob} is damaged"))),
            None => findings.push(Finding::Torn(format!("the blob {blob} of {digest} is missing"))),
        }
    }
    for child in digests(&parsed, "manifests") {
        manifest(content, &child, depth + 1, findings)?;
    }
    Ok(())
}

/// A file of logins in which the one of `host` changes. `allowed` are the values that its `auth` may have.
pub(super) fn logins(
    before: &Value,
    now: Option<&str>,
    host: &str,
    allowed: &[Option<&str>],
) -> Vec<Finding> {
    let Some(now) = now else {
        return vec![Finding::Lost("the file of logins has gone".to_owned())];
    };
    let Ok(mut now) = serde_json::from_str::<Value>(now) else {
        return vec![Finding::Torn(format!(
            "the file of logins is no JSON ({} bytes)",
            now.len()
        ))];
    };
    let mut others = before.clone();
    let take = |file: &mut Value| file["auths"].as_object_mut().and_then(|auths| auths.remove(host));
    take(&mut others);
    let entry = take(&mut now);
    let mut findings = Vec::new();
    if others != now {
        findings.push(Finding::Lost("other entries of the file of logins".to_owned()));
    }
    let auth = entry.as_ref().map(|entry| entry["auth"].as_str().unwrap_or(""));
    if !allowed.contains(&auth) {
        findings.push(Finding::Torn(format!("the login of {host}")));
    }
    findings
}

/// A download that is continued: no byte that was kept is sent again.
pub(super) fn resumed(size: u64, kept: u64, received: u64) -> Vec<Finding> {
    if received <= size.saturating_sub(kept) + OPEN_BLOCK {
        return Vec::new();
    }
    vec![Finding::Lost(format!(
        "{kept} of {size} bytes were kept, but {received} were sent again"
    ))]
}

/// A file named for the digest of its content.
pub(super) fn blob_file(hex: &str, bytes: &[u8]) -> Vec<Finding> {
    if digest_of(bytes) == format!("sha256:{hex}") {
        return Vec::new();
    }
    vec![Finding::Torn(format!("the blob {hex} is damaged"))]
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
