//! What a `cargo test` run printed, counted: results, and warnings that must not be there.

use crate::failure::Failure;
use crate::failure::Result;

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

    /// The tally itself, unless the run failed without a failed test: then nothing was tested.
    pub(crate) fn or_failed(self, succeeded: bool) -> Result<Self> {
        if succeeded || self.failed > 0 {
            return Ok(self);
        }
        Err(Failure::new("the tests could not be built or run"))
    }

    /// Prints the closing line; fails when anything failed, warned, or nothing ran.
    pub(crate) fn conclude(self) -> Result<()> {
        println!("\n{} passed, {} failed", self.passed, self.failed);
        if self.failed > 0 {
            return Err(Failure::new(format!("{} tests failed", self.failed)));
        }
        if self.warnings > 0 {
            let message = format!("{} compiler warnings", self.warnings);
            return Err(Failure::new(message));
        }
        if self.passed == 0 {
            return Err(Failure::new("no test ran"));
        }
        Ok(())
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
    fn concludes_well_only_when_something_passed_and_nothing_else_happened() {
        let conclude = |line: &str| Tally::of(&[line.to_owned()]).conclude();
        assert!(conclude("test result: ok. 1 passed; 0 failed;").is_ok());
        assert!(conclude("test result: FAILED. 1 passed; 1 failed;").is_err());
        assert!(conclude("").is_err());
        assert!(conclude("warning: unused").is_err());
        assert!(Tally::default().or_failed(false).is_err());
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
