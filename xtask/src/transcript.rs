//! What a `cargo test` run printed, counted: results, and warnings that must not be there.

/// Sums over the `test result:` lines of any number of runs.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tally {
    passed: u64,
    failed: u64,
    warnings: u64,
}

impl Tally {
    /// Counts the lines of one run.
    pub(crate) fn of(lines: &[String]) -> Self {
        let mut tally = Self::default();
        for line in lines {
            tally.count(line);
        }
        tally
    }

    /// Adds another run.
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.warnings += other.warnings;
    }

    /// The number of tests that passed.
    pub(crate) fn passed(self) -> u64 {
        self.passed
    }

    /// The number of tests that failed.
    pub(crate) fn failed(self) -> u64 {
        self.failed
    }

    /// The number of compiler warnings.
    pub(crate) fn warnings(self) -> u64 {
        self.warnings
    }

    fn count(&mut self, line: &str) {
        if let Some(result) = line.strip_prefix("test result: ") {
            self.passed += number_before(result, " passed");
            self.failed += number_before(result, " failed");
        }
        // The compiler repeats the number per crate on a line of its own; that is not another one.
        if line.starts_with("warning: ") && !line.contains(" generated ") {
            self.warnings += 1;
        }
    }
}

fn number_before(text: &str, word: &str) -> u64 {
    text.split(word)
        .next()
        .and_then(|before| before.rsplit([' ', ';']).next())
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[track_caller]
    fn check(lines: &[&str], passed: u64, failed: u64, warnings: u64) {
        let lines: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
        let expected = Tally {
            passed,
            failed,
            warnings,
        };
        assert_eq!(Tally::of(&lines), expected);
    }

    #[test]
    fn counts_result_lines() {
        check(&[], 0, 0, 0);
        check(
            &["test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out"],
            12,
            0,
            0,
        );
        check(
            &[
                "test result: FAILED. 3 passed; 2 failed; 0 ignored",
                "test result: ok. 4 passed; 0 failed; 0 ignored",
            ],
            7,
            2,
            0,
        );
        check(&["test result: nonsense", "12 passed"], 0, 0, 0);
    }

    #[test]
    fn counts_each_warning_once() {
        check(
            &[
                "warning: unused variable: `x`",
                "warning: `skeg` (lib) generated 1 warning",
            ],
            0,
            0,
            1,
        );
    }
}
