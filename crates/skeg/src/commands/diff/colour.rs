//! Colours of differences, which are those of git.

/// Paints, or leaves things as they are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Colours {
    is_on: bool,
}

impl Colours {
    pub(super) fn new(is_on: bool) -> Self {
        Self { is_on }
    }

    pub(super) fn added(self, text: &str) -> String {
        self.paint("32", text)
    }

    pub(super) fn removed(self, text: &str) -> String {
        self.paint("31", text)
    }

    /// Paints what `diff -u` prints of one file: two lines with its names, and then hunks.
    pub(super) fn of_diff(self, text: &str) -> String {
        let lines = text.split_inclusive('\n').enumerate().map(|(number, line)| {
            let bare = line.trim_end_matches('\n');
            let ending = &line[bare.len()..];
            let painted = match (number, bare.as_bytes().first()) {
                (0 | 1, Some(b'-' | b'+')) => self.paint("1", bare),
                (_, Some(b'@')) => self.paint("36", bare),
                (_, Some(b'-')) => self.removed(bare),
                (_, Some(b'+')) => self.added(bare),
                _ => bare.to_owned(),
            };
            painted + ending
        });
        lines.collect()
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.is_on && !text.is_empty() {
            format!("\x1b[{code}m{text}\x1b[m")
        } else {
            text.to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(Colours::new(true).of_diff(text), expected);
        assert_eq!(Colours::new(false).of_diff(text), text);
    }

    #[test]
    fn each_kind_of_line_has_its_colour() {
        check(
            "--- a/x\n+++ b/x\n@@ -1 +1 @@\n same\n--- was\n+++ is\n",
            "\x1b[1m--- a/x\x1b[m\n\x1b[1m+++ b/x\x1b[m\n\x1b[36m@@ -1 +1 @@\x1b[m\n same\n\x1b[31m--- was\x1b[m\n\x1b[32m+++ is\x1b[m\n",
        );
        check(
            "Binary files a/x and b/x differ\n",
            "Binary files a/x and b/x differ\n",
        );
        check("", "");
        check(
            "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n",
            "\x1b[1m--- a/x\x1b[m\n\x1b[1m+++ b/x\x1b[m\n\x1b[36m@@ -1 +1 @@\x1b[m\n\x1b[31m-a\x1b[m\n\\ No newline at end of file\n",
        );
    }
}
