//! Every judge complains where it must: a state of each kind that is torn, and one that has lost something.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::*;

/// A repository in memory that can be damaged.
#[derive(Default)]
struct Memory {
    tags: Tags,
    content: BTreeMap<String, Vec<u8>>,
}

impl Content for Memory {
    fn tags(&self) -> Result<Tags> {
        Ok(self.tags.clone())
    }

    fn manifest(&self, digest: &str) -> Result<Option<Vec<u8>>> {
        self.blob(digest)
    }

    fn blob(&self, digest: &str) -> Result<Option<Vec<u8>>> {
        Ok(self.content.get(digest).cloned())
    }
}

impl Memory {
    fn add(&mut self, bytes: &[u8]) -> String {
        self.content.insert(digest_of(bytes), bytes.to_owned());
        digest_of(bytes)
    }

    fn artifact(&mut self, layer: &str) -> String {
        let (config, layer) = (self.add(b"{}"), self.add(layer.as_bytes()));
        let manifest = json!({"config": {"digest": config}, "layers": [{"digest": layer}]});
        self.add(manifest.to_string().as_bytes())
    }

    fn tag(&mut self, tag: &str, digests: &[&str]) {
        let digests = digests.iter().map(|&digest| digest.to_owned()).collect();
        self.tags.insert(tag.to_owned(), digests);
    }
}

fn tags(tags: &[(&str, &[&str])]) -> Tags {
    let set = |digests: &[&str]| -> BTreeSet<String> { digests.iter().map(|&d| d.to_owned()).collect() };
    tags.iter()
        .map(|&(tag, digests)| (tag.to_owned(), set(digests)))
        .collect()
}

/// The findings in short: `T` for torn, `L` for lost.
fn short(findings: &[Finding]) -> String {
    let letter = |finding: &Finding| match finding {
        Finding::Torn(_) => 'T',
        Finding::Lost(_) => 'L',
    };
    findings.iter().map(letter).collect()
}

#[track_caller]
fn check_file(now: Option<&[u8]>, before: Option<&[u8]>, expected: &str) {
    assert_eq!(short(&file("chart", now, before, b"new chart")), expected);
}

#[test]
fn files_are_old_or_new() {
    check_file(None, None, "");
    check_file(Some(b"new chart"), None, "");
    check_file(Some(b"new chart"), Some(b"old"), "");
    check_file(Some(b"old"), Some(b"old"), "");
    check_file(Some(b"new"), None, "T");
    check_file(Some(b""), None, "T");
    check_file(Some(b"newold"), Some(b"old"), "T");
    check_file(None, Some(b"old"), "L");
}

#[test]
fn tags_are_old_or_new_and_whole() {
    let mut memory = Memory::default();
    let (old, new, other) = (
        memory.artifact("old"),
        memory.artifact("new"),
        memory.artifact("other"),
    );
    let before = tags(&[("1", &[&old])]);
    let wanted = tags(&[("1", &[&new]), ("2", &[&new])]);
    let mut check = |now: &[(&str, &str)], expected: &str, expected_complete: &str| {
        memory.tags.clear();
        for (tag, digest) in now {
            memory.tag(tag, &[digest]);
        }
        let context = format!("{now:?}");
        let findings = repository(&memory, &before, &wanted).unwrap();
        assert_eq!(short(&findings), expected, "{context}");
        let findings = complete(&memory, &before, &wanted).unwrap();
        assert_eq!(short(&findings), expected_complete, "{context}");
    };
    check(&[("1", &old)], "", "LL");
    check(&[("1", &new)], "", "L");
    check(&[("1", &new), ("2", &new)], "", "");
    check(&[("1", &other)], "T", "TLL");
    check(&[("1", &new), ("2", &old)], "T", "TL");
    check(&[("1", &new), ("2", &new), ("3", &new)], "T", "T");
    check(&[("2", &new)], "L", "LL");
}

#[test]
fn what_a_tag_names_is_there_whole() {
    let mut memory = Memory::default();
    let new = memory.artifact("new");
    memory.tag("1", &[&new]);
    let (before, wanted) = (Tags::new(), memory.tags.clone());
    let layer = digest_of(b"new");
    let check = |memory: &Memory, expected: &str| {
        let findings = repository(memory, &before, &wanted).unwrap();
        assert_eq!(short(&findings), expected);
    };
    check(&memory, "");
    memory.content.insert(layer.clone(), b"ne".to_vec());
    check(&memory, "T");
    memory.content.remove(&layer);
    check(&memory, "T");
    memory.content.insert(new.clone(), b"{\"config\"".to_vec());
    check(&memory, "T");
    memory.content.remove(&new);
    check(&memory, "T");
    memory.tag("1", &[]);
    check(&memory, "T");
}

#[test]
fn lists_of_referrers_grow() {
    let mut memory = Memory::default();
    let referrers = ["a", "b", "c"].map(|layer| memory.artifact(layer));
    let [first, second, stranger] = referrers.each_ref().map(String::as_str);
    let before = tags(&[("sha256-1", &[first])]);
    let wanted = tags(&[("sha256-1", &[first, second])]);
    let mut check = |now: &[&str], expected: &str| {
        memory.tag("sha256-1", now);
        assert_eq!(short(&repository(&memory, &before, &wanted).unwrap()), expected);
    };
    check(&[first], "");
    check(&[first, second], "");
    check(&[second], "T");
    check(&[], "T");
    check(&[first, stranger], "T");
}

#[test]
fn indexes_are_followed() {
    let mut memory = Memory::default();
    let child = memory.artifact("child");
    let index = memory.add(json!({"manifests": [{"digest": child}]}).to_string().as_bytes());
    memory.tag("1", &[&index]);
    let wanted = memory.tags.clone();
    assert!(repository(&memory, &Tags::new(), &wanted).unwrap().is_empty());
    memory.content.remove(&child);
    assert_eq!(short(&repository(&memory, &Tags::new(), &wanted).unwrap()), "T");
}

#[track_caller]
fn check_logins(now: Option<&str>, expected: &str) {
    let before = json!({"auths": {"other": {"auth": "b3RoZXI="}}, "credHelpers": {"x": "y"}, "unknown": [1]});
    assert_eq!(
        short(&logins(&before, now, "host", &[None, Some("bmV3")])),
        expected
    );
}

#[test]
fn logins_of_others_survive() {
    let rest = r#""credHelpers": {"x": "y"}, "unknown": [1]"#;
    let file = |auths: &str| format!(r#"{{"auths": {{{auths}}}, {rest}}}"#);
    let other = r#""other": {"auth": "b3RoZXI="}"#;
    check_logins(Some(&file(other)), "");
    check_logins(
        Some(&file(&format!(r#"{other}, "host": {{"auth": "bmV3"}}"#))),
        "",
    );
    check_logins(Some(&file(&format!(r#"{other}, "host": {{"auth": "bm"}}"#))), "T");
    check_logins(Some(&file(&format!(r#"{other}, "host": {{}}"#))), "T");
    check_logins(Some(&file(r#""host": {"auth": "bmV3"}"#)), "L");
    check_logins(Some(r#"{"auths": {"other": {"auth": "b3RoZXI="}}}"#), "L");
    check_logins(Some(&file(other)[..30]), "T");
    check_logins(Some(""), "T");
    check_logins(None, "L");
}

#[test]
fn what_was_kept_is_not_sent_again() {
    assert_eq!(short(&resumed(3_000_000, 0, 3_001_000)), "");
    assert_eq!(short(&resumed(3_000_000, 2_000_000, 1_001_000)), "");
    assert_eq!(short(&resumed(3_000_000, 3_000_000, 500)), "");
    assert_eq!(short(&resumed(3_000_000, 2_000_000, 3_001_000)), "L");
}

#[test]
fn blobs_have_the_digest_that_names_them() {
    let whole = digest_of(b"blob");
    let hex = whole.trim_start_matches("sha256:");
    assert_eq!(short(&blob_file(hex, b"blob")), "");
    assert_eq!(short(&blob_file(hex, b"blo")), "T");
}
