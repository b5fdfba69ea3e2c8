//! Comparing files line by line.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::Serialize;
use similar::{ChangeTag, TextDiff};

use super::colour::Colours;
use super::files::Files;

/// After so long a difference is no longer made as small as possible.
const PATIENCE: Duration = Duration::from_secs(5);

/// How wide the picture of `--stat` is.
const STAT_WIDTH: usize = 40;

/// A file that is not the same on both sides.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FileDiff {
    pub(super) path: String,
    pub(super) status: &'static str,
    pub(super) additions: usize,
    pub(super) deletions: usize,
    pub(super) is_binary: bool,
    /// The difference as `diff -u` prints it.
    pub(super) diff: String,
}

/// Compares two sets of files.
pub(super) fn compare(from: &Files, to: &Files, context_lines: usize) -> Vec<FileDiff> {
    let paths: BTreeSet<&String> = from.keys().chain(to.keys()).collect();
    let diffs = paths.into_iter().filter_map(|path| {
        let (old, new) = (from.get(path), to.get(path));
        (old != new).then(|| compare_file(path, old, new, context_lines))
    });
    diffs.collect()
}

fn compare_file(path: &str, old: Option<&Vec<u8>>, new: Option<&Vec<u8>>, context_lines: usize) -> FileDiff {
    let status = match (old, new) {
        (None, _) => "added",
        (_, None) => "removed",
        _ => "changed",
    };
    let name = |side: char, is_there: bool| {
        if is_there {
            format!("{side}/{path}")
        } else {
            "/dev/null".to_owned()
        }
    };
    let names = [name('a', old.is_some()), name('b', new.is_some())];
    let text = |content: Option<&Vec<u8>>| {
        let text = content.map_or(Some(""), |content| std::str::from_utf8(content).ok());
        text.filter(|text| !text.contains('\0')).map(str::to_owned)
    };
    let (Some(old), Some(new)) = (text(old), text(new)) else {
        return FileDiff {
            path: path.to_owned(),
            status,
            additions: 0,
            deletions: 0,
            is_binary: true,
            diff: format!("Binary files {} and {} differ\n", names[0], names[1]),
        };
    };
    let lines = TextDiff::configure().timeout(PATIENCE).diff_lines(&old, &new);
    let count = |tag| {
        lines
            .iter_all_changes()
            .filter(|change| change.tag() == tag)
            .count()
    };
    let mut unified = lines.unified_diff();
    let unified = unified.context_radius(context_lines).header(&names[0], &names[1]);
    FileDiff {
        additions: count(ChangeTag::Insert),
        deletions: count(ChangeTag::Delete),
        diff: unified.to_string(),
        path: path.to_owned(),
        status,
        is_binary: false,
    }
}

/// How much has changed where, as `git diff --stat` shows it.
pub(super) fn stat(diffs: &[FileDiff], colours: Colours) -> String {
    let width = diffs.iter().map(|diff| diff.path.chars().count()).max();
    let width = width.unwrap_or_default();
    let largest = diffs.iter().map(|diff| diff.additions + diff.deletions).max();
    let largest = largest.unwrap_or_default().max(STAT_WIDTH);
    let bar = |count: usize, sign: &str| sign.repeat((count * STAT_WIDTH).div_ceil(largest));
    let lines = diffs.iter().map(|diff| {
        let total = diff.additions + diff.deletions;
        let picture = if diff.is_binary {
            "binary".to_owned()
        } else {
            format!(
                "{total:>5} {}{}",
                colours.added(&bar(diff.additions, "+")),
                colours.removed(&bar(diff.deletions, "-"))
            )
        };
        format!(" {:width$} | {}\n", diff.path, picture.trim_end())
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(files: &[(&str, &[u8])]) -> Files {
        let owned = files
            .iter()
            .map(|(path, content)| ((*path).to_owned(), content.to_vec()));
        owned.collect()
    }

    #[track_caller]
    fn check(old: &[(&str, &[u8])], new: &[(&str, &[u8])], expected: &str) {
        let diffs = compare(&files(old), &files(new), 1);
        let text: String = diffs.iter().map(|diff| diff.diff.as_str()).collect();
        assert_eq!(text, expected);
    }

    #[test]
    fn differences_are_unified() {
        check(&[("a", b"1\n")], &[("a", b"1\n")], "");
        check(
            &[("a", b"1\n2\n3\n4\n")],
            &[("a", b"1\n2\nx\n4\n")],
            "--- a/a\n+++ b/a\n@@ -2,3 +2,3 @@\n 2\n-3\n+x\n 4\n",
        );
        check(
            &[],
            &[("a", b"1\n")],
            "--- /dev/null\n+++ b/a\n@@ -0,0 +1 @@\n+1\n",
        );
        check(
            &[("a", b"1")],
            &[],
            "--- a/a\n+++ /dev/null\n@@ -1 +0,0 @@\n-1\n\\ No newline at end of file\n",
        );
        check(
            &[("a", b"\xff")],
            &[("a", b"1")],
            "Binary files a/a and b/a differ\n",
        );
        check(
            &[("a", b"\0")],
            &[("a", b"")],
            "Binary files a/a and b/a differ\n",
        );
        // Nothing to show, and a difference all the same.
        let diffs = compare(&files(&[]), &files(&[("a", b"")]), 3);
        assert_eq!((diffs.len(), diffs[0].status), (1, "added"));
    }

    #[test]
    fn pictures_fit() {
        let big = "x\n".repeat(1000);
        let diffs = compare(
            &files(&[("a/b", b"1\n2\n"), ("c", b"")]),
            &files(&[("a/b", b"1\n3\n4\n"), ("c", big.as_bytes()), ("d", b"\0")]),
            3,
        );
        assert_eq!(
            stat(&diffs, Colours::new(false)),
            format!(
                " a/b |     3 +-\n c   |  1000 {}\n d   | binary\n",
                "+".repeat(40)
            )
        );
    }
}
