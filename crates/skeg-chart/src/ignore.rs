//! `.helmignore`: which files of a chart directory stay out of the chart.
//!
//! Helm 4.3.1 reads one rule file, at the chart's root. A rule is a glob (see [`PathPattern`]); a rule
//! without a slash is matched against the last path component, any other against the whole path.
//! Rules are tried in order and the first hit decides. `!rule` is *not* an exception as in
//! `.gitignore`: it ignores everything that the rule does not match.

use skeg_go::path_match::PathPattern;

use crate::error::ParseIgnoreError;

/// The name of the rule file in a chart's root directory.
pub(crate) const IGNORE_FILE_NAME: &str = ".helmignore";

/// The longest line Helm's reader takes.
const LONGEST_LINE: usize = 64 * 1024;

/// An ordered list of ignore rules.
///
/// ```
/// use skeg_chart::IgnoreRules;
///
/// let rules = IgnoreRules::parse(b"# editors\n*.swp\n/ci/\n")?;
/// assert!(rules.is_ignored("templates/a.swp", false));
/// assert!(rules.is_ignored("ci", true));
/// assert!(!rules.is_ignored("files/ci", true));
/// # Ok::<(), skeg_chart::ParseIgnoreError>(())
/// ```
#[derive(Clone, Debug)]
pub struct IgnoreRules {
    rules: Vec<Rule>,
}

impl IgnoreRules {
    /// Reads rules, one a line; blank lines and lines starting with `#` are skipped.
    ///
    /// Helm's own rule, which leaves dot files out of `templates/`, is added at the end.
    pub fn parse(text: &[u8]) -> Result<Self, ParseIgnoreError> {
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let mut rules = Vec::new();
        for (index, line) in text.split(|&byte| byte == b'\n').enumerate() {
            let number = index + 1;
            if line.len() >= LONGEST_LINE {
                return Err(ParseIgnoreError::LineTooLong { line: number });
            }
            if let Some(rule) = Rule::parse(&String::from_utf8_lossy(line), number)? {
                rules.push(rule);
            }
        }
        rules.push(Rule::dot_files_in_templates());
        Ok(Self { rules })
    }

    /// Whether the file or directory at `path` (relative, with `/`) stays out of the chart.
    ///
    /// What lies below an ignored directory is ignored with it; the caller does not descend.
    pub fn is_ignored(&self, path: &str, is_directory: bool) -> bool {
        if matches!(path, "" | "." | "./") {
            return false;
        }
        self.rules.iter().any(|rule| rule.ignores(path, is_directory))
    }
}

impl Default for IgnoreRules {
    /// The rules of a chart without a rule file.
    fn default() -> Self {
        Self {
            rules: vec![Rule::dot_files_in_templates()],
        }
    }
}

/// One line of a rule file.
#[derive(Clone, Debug)]
struct Rule {
    /// `None` for a pattern that matches nothing: stripping a final `/` can leave a lone `\`.
    glob: Option<PathPattern>,
    scope: Scope,
    inverted: bool,
    directories_only: bool,
}

/// What a glob is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    WholePath,
    LastComponent,
}

impl Rule {
    fn dot_files_in_templates() -> Self {
        Self {
            glob: PathPattern::parse("templates/.?*"),
            scope: Scope::WholePath,
            inverted: false,
            directories_only: false,
        }
    }

    fn parse(line: &str, number: usize) -> Result<Option<Self>, ParseIgnoreError> {
        let text = line.trim();
        if text.is_empty() || text.starts_with('#') {
            return Ok(None);
        }
        if text.contains("**") {
            return Err(ParseIgnoreError::DoubleStar {
                line: number,
                rule: text.to_owned(),
            });
        }
        if PathPattern::parse(text).is_none() {
            return Err(ParseIgnoreError::BadPattern {
                line: number,
                rule: text.to_owned(),
            });
        }

        let (inverted, rest) = strip(text, |rest| rest.strip_prefix('!'));
        let (directories_only, rest) = strip(rest, |rest| rest.strip_suffix('/'));
        let (anchored, rest) = strip(rest, |rest| rest.strip_prefix('/'));
        let scope = if anchored || rest.contains('/') {
            Scope::WholePath
        } else {
            Scope::LastComponent
        };
        Ok(Some(Self {
            glob: PathPattern::parse(rest),
            scope,
            inverted,
            directories_only,
        }))
    }

    fn ignores(&self, path: &str, is_directory: bool) -> bool {
        let applies = !self.directories_only || is_directory;
        let matched = applies && self.matches(path);
        matched != self.inverted
    }

    fn matches(&self, path: &str) -> bool {
        let subject = match self.scope {
            Scope::WholePath => path,
            Scope::LastComponent => path.rsplit('/').next().unwrap_or(path),
        };
        self.glob.as_ref().is_some_and(|glob| glob.matches(subject))
    }
}

/// Takes a marker off `text`: whether it was there, and what remains.
fn strip(text: &str, remove: impl Fn(&str) -> Option<&str>) -> (bool, &str) {
    remove(text).map_or((false, text), |rest| (true, rest))
}
