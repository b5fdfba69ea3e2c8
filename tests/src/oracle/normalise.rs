//! Taking out of an output what is different every time.

use std::path::Path;

use regex::Regex;

use crate::charts::data_directory;
use crate::sandbox::Sandbox;

/// Replaces paths, the registry's address, digests and the program's name by words in brackets,
/// and leaves out notices of another attempt, whose delays are drawn by lot, and what helm's completion tells its programmers.
pub(super) fn normalise(text: &str, sandbox: &Sandbox, host: &str) -> String {
    let mut text = text.replace("\r\n", "\n");
    let root = fs_err::canonicalize(sandbox.root()).unwrap_or_else(|_| sandbox.root().to_path_buf());
    let charts = data_directory().join("charts");
    for (path, word) in [
        (sandbox.work().as_path(), "[WORK]"),
        (sandbox.home().as_path(), "[HOME]"),
        (root.join("work").as_path(), "[WORK]"),
        (root.join("home").as_path(), "[HOME]"),
        (charts.as_path(), "[CHARTS]"),
    ] {
        text = text.replace(&display(path), word);
    }
    text = text.replace(host, "[HOST]");
    text = text
        .split_inclusive('\n')
        .filter(|line| !line.contains(" again in ") && !line.starts_with("Completion ended with "))
        .collect();
    patterns().iter().fold(text, |text, (pattern, word)| {
        pattern.replace_all(&text, *word).into_owned()
    })
}

fn display(path: &Path) -> String {
    path.display().to_string()
}

fn patterns() -> [(Regex, &'static str); 4] {
    [
        (r"\b[0-9a-f]{64}\b", "[DIGEST]"),
        (
            r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
            "[TIME]",
        ),
        (r"\.(tgz|yaml)\d{6,}", ".$1[RANDOM]"),
        (r"\b(helm|skeg(-under-test)?)\b", "[PROGRAM]"),
    ]
    .map(|(pattern, word)| {
        (
            Regex::new(pattern).expect("because the pattern is a constant"),
            word,
        )
    })
}

#[cfg(test)]
mod tests {
    use super::normalise;
    use crate::sandbox::Sandbox;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let sandbox = Sandbox::new();
        let text = text.replace("{work}", &sandbox.work().display().to_string());
        assert_eq!(normalise(&text, &sandbox, "127.0.0.1:4242"), expected);
    }

    #[test]
    fn takes_out_what_changes() {
        check("saved to: {work}/a.tgz\r\n", "saved to: [WORK]/a.tgz\n");
        check("127.0.0.1:4242/a:1", "[HOST]/a:1");
        check(&format!("sha256:{}", "0a".repeat(32)), "sha256:[DIGEST]");
        check("open a.tgz3510279751: no", "open a.tgz[RANDOM]: no");
        check("open index.yaml2743328380: no", "open index.yaml[RANDOM]: no");
        check("a\nlevel=WARN msg=\"trying h again in 0.3 s\"\nb\n", "a\nb\n");
        check("Completion ended with directive: X\na\n", "a\n");
        check("at 2026-01-02T03:04:05Z", "at [TIME]");
        check("\"helm push\" and skeg", "\"[PROGRAM] push\" and [PROGRAM]");
    }

    #[test]
    fn leaves_the_rest() {
        check(
            "HELM_DEBUG, helmet, 1.2.3, deadbeef",
            "HELM_DEBUG, helmet, 1.2.3, deadbeef",
        );
    }
}
