//! Replacements that make outputs comparable: paths, hosts, digests and times.

use regex::Regex;

/// An ordered list of replacements; each sees the result of those before it.
#[derive(Debug, Clone, Default)]
pub struct Filters {
    replacements: Vec<(Regex, String)>,
}

impl Filters {
    /// The filters every context begins with: `[DIGEST]` for digests, `[TIME]` for timestamps.
    #[must_use]
    pub fn standard() -> Self {
        Self::default()
            .pattern(r"sha256:[0-9a-f]{64}", "[DIGEST]")
            .pattern(r"sha512:[0-9a-f]{128}", "[DIGEST]")
            .pattern(
                r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d| [+-]\d{4} [A-Z]+)?",
                "[TIME]",
            )
    }

    /// Replaces a literal text, before all replacements so far.
    #[must_use]
    pub fn literal(mut self, text: &str, replacement: &str) -> Self {
        let replacement = replacement.replace('$', "$$");
        self.replacements
            .insert(0, (compile(&regex::escape(text)), replacement));
        self
    }

    /// Replaces the matches of a regular expression, after all replacements so far.
    ///
    /// # Panics
    ///
    /// Panics where `regex` is no regular expression.
    #[must_use]
    pub fn pattern(mut self, regex: &str, replacement: &str) -> Self {
        self.replacements.push((compile(regex), replacement.to_owned()));
        self
    }

    /// Applies the replacements in order.
    #[must_use]
    pub fn apply(&self, text: &str) -> String {
        self.replacements
            .iter()
            .fold(text.to_owned(), |text, (pattern, replacement)| {
                pattern.replace_all(&text, replacement).into_owned()
            })
    }
}

fn compile(regex: &str) -> Regex {
    Regex::new(regex).expect("because tests write valid regular expressions")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let filters = Filters::standard()
            .literal("/tmp/a.b+c", "[TMP]")
            .literal("127.0.0.1:5000", "[REGISTRY]")
            .pattern("took [0-9.]+s", "took [DURATION]");
        assert_eq!(filters.apply(text), expected);
    }

    #[test]
    fn literals_are_no_patterns() {
        check("/tmp/a.b+c/demo.tgz", "[TMP]/demo.tgz");
        check("/tmp/aXb+c/demo.tgz", "/tmp/aXb+c/demo.tgz");
        check("Pushed: 127.0.0.1:5000/charts", "Pushed: [REGISTRY]/charts");
    }

    #[test]
    fn digests_and_times_are_replaced() {
        let hex = "ab".repeat(32);
        check(&format!("Digest: sha256:{hex}"), "Digest: [DIGEST]");
        check("sha256:abc", "sha256:abc");
        check("at 2026-11-23T05:27:40Z.", "at [TIME].");
        check("at 2026-11-23T05:27:40.123+01:00", "at [TIME]");
        check("at 2026-11-23 05:27:40.123 +0000 UTC", "at [TIME]");
        check("2026-11-23", "2026-11-23");
    }

    #[test]
    fn patterns_are_patterns() {
        check("took 1.25s", "took [DURATION]");
    }
}
