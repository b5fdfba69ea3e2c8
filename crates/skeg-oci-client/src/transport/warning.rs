//! `Warning: 299` headers, by which registries announce changes to people.
//!
//! Spec: distribution-spec v1.1, "Warnings".

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard};

use http::header::{HeaderMap, WARNING};

/// How many bytes of warnings are passed on by one client.
const LIMIT: usize = 4096;

/// The warnings that were passed on already.
#[derive(Debug, Default)]
pub(crate) struct Warnings {
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    texts: HashSet<String>,
    size: usize,
}

impl Warnings {
    /// Returns the warnings of a response that were not passed on before.
    pub(crate) fn news(&self, headers: &HeaderMap) -> Vec<String> {
        let lines = headers.get_all(WARNING).iter();
        lines
            .filter_map(|line| parse(line.to_str().ok()?))
            .filter(|text| self.is_new(text))
            .collect()
    }

    /// All that were passed on, sorted.
    pub(crate) fn all(&self) -> Vec<String> {
        let mut texts: Vec<String> = self.seen().texts.iter().cloned().collect();
        texts.sort();
        texts
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen
            .lock()
            .expect("because nothing panics while it holds the lock")
    }

    fn is_new(&self, text: &str) -> bool {
        let mut seen = self.seen();
        if seen.size + text.len() > LIMIT || !seen.texts.insert(text.to_owned()) {
            return false;
        }
        seen.size += text.len();
        true
    }
}

/// Reads `299 - "text"`, resolving the escapes and leaving out control characters.
fn parse(line: &str) -> Option<String> {
    let quoted = line.trim().strip_prefix("299 ")?.split_once('"')?.1;
    let mut text = String::new();
    let mut characters = quoted.chars();
    loop {
        match characters.next()? {
            '"' => return (!text.is_empty()).then_some(text),
            '\\' => text.push(characters.next()?),
            control if control.is_control() => {}
            other => text.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: Option<&str>) {
        assert_eq!(parse(line).as_deref(), expected);
    }

    #[test]
    fn warnings_are_quoted_texts() {
        check(r#"299 - "going away""#, Some("going away"));
        check(
            r#"299 a.example "say \"hi\"" "Sun, 06 Nov 1994 08:49:37 GMT""#,
            Some(r#"say "hi""#),
        );
        check(r#"199 - "other""#, None);
        check(r#"299 - "open"#, None);
        check(r#"299 - """#, None);
    }

    #[test]
    fn case_40_warnings_are_passed_on_once() {
        let warnings = Warnings::default();
        let mut headers = HeaderMap::new();
        headers.append(WARNING, r#"299 - "a""#.parse().unwrap());
        headers.append(WARNING, r#"299 - "b""#.parse().unwrap());
        assert_eq!(warnings.news(&headers), ["a", "b"]);
        assert!(warnings.news(&headers).is_empty());
        headers.insert(
            WARNING,
            format!(r#"299 - "{}""#, "x".repeat(5000)).parse().unwrap(),
        );
        assert!(warnings.news(&headers).is_empty());
    }
}
