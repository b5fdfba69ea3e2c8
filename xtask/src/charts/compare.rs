//! Judging two outcomes: the same bytes, but for the lines that helm itself prints differently each time.

use std::path::Path;

use crate::failure::Result;

/// What a program did. No code means that it hung or was killed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) code: Option<i32>,
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: Vec<u8>,
}

/// How skeg did beside helm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The same bytes and the same exit code.
    Identical,
    /// The same, but for so many lines that helm draws by lot.
    IdenticalMasked(usize),
    /// Both fail with the same first line of the error.
    SameFailure,
    /// Helm's own two runs have nothing in common that could be compared.
    Unstable,
    /// Anything else; where it begins to differ.
    Different(String),
}

impl Verdict {
    /// Whether nothing is to be done about it.
    pub(super) fn is_fine(&self) -> bool {
        !matches!(self, Self::Different(_))
    }
}

impl Outcome {
    /// Reads what [`Outcome::write`] has left at `record`, if anything.
    pub(super) fn read(record: &Path) -> Result<Option<Self>> {
        let code_path = record.join("code");
        if !code_path.is_file() {
            return Ok(None);
        }
        Ok(Some(Self {
            code: fs_err::read_to_string(code_path)?.parse().ok(),
            stdout: fs_err::read(record.join("stdout"))?,
            stderr: fs_err::read(record.join("stderr"))?,
        }))
    }

    /// Keeps the outcome; the code comes last, so that half a record is none.
    pub(super) fn write(&self, record: &Path) -> Result<()> {
        fs_err::create_dir_all(record)?;
        fs_err::write(record.join("stdout"), &self.stdout)?;
        fs_err::write(record.join("stderr"), &self.stderr)?;
        let code = self
            .code
            .map_or_else(|| "none".to_owned(), |code| code.to_string());
        fs_err::write(record.join("code"), code)?;
        Ok(())
    }

    fn error(&self) -> String {
        let text = String::from_utf8_lossy(&self.stderr);
        let line = text.lines().find(|line| line.starts_with("Error:"));
        line.unwrap_or_default().to_owned()
    }
}

/// Compares what skeg did with runs of helm, of which there is at least one.
pub(super) fn judge(helm: &[Outcome], ours: &Outcome) -> Verdict {
    let first = &helm[0];
    if ours.code != first.code {
        return Verdict::Different(format!(
            "exit code {:?} instead of {:?}\n  helm: {}\n  skeg: {}",
            ours.code,
            first.code,
            first.error(),
            ours.error()
        ));
    }
    if first.code != Some(0) && helm.iter().all(|run| run.error() != ours.error()) {
        return Verdict::Different(format!(
            "error\n  helm: {}\n  skeg: {}",
            first.error(),
            ours.error()
        ));
    }
    match compare_text(helm, &ours.stdout) {
        Verdict::Identical if first.code != Some(0) => Verdict::SameFailure,
        verdict => verdict,
    }
}

fn compare_text(helm: &[Outcome], ours: &[u8]) -> Verdict {
    if helm.iter().any(|run| run.stdout == ours) {
        return Verdict::Identical;
    }
    let lines =
        |text: &[u8]| -> Vec<Vec<u8>> { text.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect() };
    let runs: Vec<Vec<Vec<u8>>> = helm.iter().map(|run| lines(&run.stdout)).collect();
    let (first, ours) = (&runs[0], lines(ours));
    if runs.iter().any(|run| run.len() != first.len()) {
        return Verdict::Unstable;
    }
    let mut masked = 0;
    for (index, expected) in first.iter().enumerate() {
        if runs.iter().any(|run| run[index] != *expected) {
            masked += 1;
        } else if ours.get(index) != Some(expected) {
            return Verdict::Different(describe(index, first, &ours));
        }
    }
    if ours.len() != first.len() {
        return Verdict::Different(format!("{} lines instead of {}", ours.len(), first.len()));
    }
    Verdict::IdenticalMasked(masked)
}

fn describe(index: usize, expected: &[Vec<u8>], actual: &[Vec<u8>]) -> String {
    let source = expected[..=index]
        .iter()
        .rev()
        .find(|line| line.starts_with(b"# Source: "))
        .map(|line| String::from_utf8_lossy(line).into_owned());
    let show = |lines: &[Vec<u8>]| {
        let line = lines
            .get(index)
            .map(|line| String::from_utf8_lossy(line).into_owned());
        line.unwrap_or_else(|| "(nothing)".to_owned())
    };
    format!(
        "line {} {}\n  helm: {}\n  skeg: {}",
        index + 1,
        source.unwrap_or_default(),
        show(expected),
        show(actual)
    )
}

#[cfg(test)]
mod tests {
    use super::Outcome;
    use super::Verdict;
    use super::judge;

    fn outcome(code: i32, stdout: &str, stderr: &str) -> Outcome {
        Outcome {
            code: Some(code),
            stdout: stdout.into(),
            stderr: stderr.into(),
        }
    }

    #[test]
    fn lines_drawn_by_lot_are_masked() {
        let verdict = |ours: &str| {
            let (first, second) = (outcome(0, "a\nkey: 1\nb", ""), outcome(0, "a\nkey: 2\nb", ""));
            judge(&[first, second], &outcome(0, ours, ""))
        };
        assert_eq!(verdict("a\nkey: 1\nb"), Verdict::Identical);
        assert_eq!(verdict("a\nkey: 3\nb"), Verdict::IdenticalMasked(1));
        assert!(!verdict("x\nkey: 1\nb").is_fine());
        assert!(!verdict("a\nkey: 3\nb\n").is_fine());
    }

    #[test]
    fn failures_are_compared_by_code_and_error() {
        let helm = [outcome(1, "", "level=WARN msg=x\nError: broken\nmore")];
        assert_eq!(
            judge(&helm, &outcome(1, "", "Error: broken")),
            Verdict::SameFailure
        );
        assert!(!judge(&helm, &outcome(1, "", "Error: other")).is_fine());
        assert!(!judge(&helm, &outcome(0, "", "")).is_fine());
    }
}
