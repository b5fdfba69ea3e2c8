//! Constraints: `^1.2`, `~1`, `>=1.2 <2 || 3.x`, `1.2 - 1.4`.
//!
//! A constraint is a list of alternatives (`||`), each a list of comparisons (blank or comma) that must all
//! hold. A prerelease satisfies an alternative only if one of its comparisons names a prerelease itself.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use super::error::ParseConstraintError;
use super::version::Version;

const MAX_LENGTH: usize = 512;
const MAX_GROUPS: usize = 32;

/// A version constraint.
///
/// Displays normalised: the comparisons of one alternative separated by blanks, alternatives by ` || `.
#[derive(Clone, Debug)]
pub struct VersionConstraint {
    groups: Vec<Group>,
}

impl VersionConstraint {
    /// Parses as Masterminds' `NewConstraint`.
    pub fn parse(text: &str) -> Result<Self, ParseConstraintError> {
        if text.len() > MAX_LENGTH {
            return Err(ParseConstraintError::TooLong);
        }
        let text = rewrite_ranges(text);
        let groups: Vec<&str> = text.split("||").collect();
        if groups.len() > MAX_GROUPS {
            return Err(ParseConstraintError::TooManyGroups);
        }
        let groups = groups.into_iter().map(Group::parse).collect::<Result<_, _>>()?;
        Ok(Self { groups })
    }

    /// Whether `version` satisfies the constraint.
    pub fn check(&self, version: &Version) -> bool {
        self.groups.iter().any(|group| group.check(version))
    }

    /// Whether `version` would satisfy the constraint if prereleases were welcome everywhere
    /// (`IncludePrerelease`, Helm's `--devel`).
    pub fn check_with_prereleases(&self, version: &Version) -> bool {
        self.groups
            .iter()
            .any(|group| group.comparisons.iter().all(|c| c.holds(version)))
    }
}

impl fmt::Display for VersionConstraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, group) in self.groups.iter().enumerate() {
            f.write_str(if index > 0 { " || " } else { "" })?;
            for (index, comparison) in group.comparisons.iter().enumerate() {
                f.write_str(if index > 0 { " " } else { "" })?;
                write!(f, "{}{}", comparison.operator.text, comparison.operand)?;
            }
        }
        Ok(())
    }
}

impl FromStr for VersionConstraint {
    type Err = ParseConstraintError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// Comparisons that must all hold.
#[derive(Clone, Debug)]
struct Group {
    comparisons: Vec<Comparison>,
    names_prerelease: bool,
}

impl Group {
    fn parse(text: &str) -> Result<Self, ParseConstraintError> {
        let improper = || ParseConstraintError::Improper(text.to_owned());
        let mut comparisons = Vec::new();
        let mut rest = skip_blanks(text);
        loop {
            let (operator, operand_text) = Operator::scan(rest);
            let operand = Operand::scan(skip_blanks(operand_text)).ok_or_else(improper)?;
            let after = &skip_blanks(operand_text)[operand.text.len()..];
            comparisons.push((operator, operand));
            rest = skip_blanks(after);
            if rest.is_empty() {
                break;
            }
            if let Some(after_comma) = rest.strip_prefix(',') {
                rest = skip_blanks(after_comma);
            } else if rest.len() == after.len() {
                return Err(improper());
            }
        }
        let comparisons = comparisons
            .into_iter()
            .map(|(operator, operand)| Comparison::new(operator, &operand))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            names_prerelease: comparisons
                .iter()
                .any(|comparison| !comparison.version.prerelease().is_empty()),
            comparisons,
        })
    }

    fn check(&self, version: &Version) -> bool {
        (version.prerelease().is_empty() || self.names_prerelease)
            && self.comparisons.iter().all(|c| c.holds(version))
    }
}

/// How much of the operand was given; the rest is a wildcard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Precision {
    /// `*`
    Nothing,
    /// `1` or `1.x`
    Major,
    /// `1.2` or `1.2.x`
    Minor,
    /// `1.2.3`
    Patch,
}

/// One operator with its operand.
#[derive(Clone, Debug)]
struct Comparison {
    operator: Operator,
    operand: String,
    version: Version,
    precision: Precision,
}

impl Comparison {
    fn new(operator: Operator, operand: &Operand<'_>) -> Result<Self, ParseConstraintError> {
        let Operand {
            text,
            major,
            minor,
            patch,
            prerelease,
        } = *operand;
        let (precision, version) = if is_wildcard(major) {
            (Precision::Nothing, format!("0.0.0{prerelease}"))
        } else if minor.is_none_or(is_wildcard) {
            (Precision::Major, format!("{major}.0.0{prerelease}"))
        } else if patch.is_none_or(is_wildcard) {
            let minor = minor.unwrap_or_default();
            (Precision::Minor, format!("{major}.{minor}.0{prerelease}"))
        } else {
            (Precision::Patch, text.to_owned())
        };
        Ok(Self {
            operator,
            operand: text.to_owned(),
            version: Version::parse(&version).map_err(|_| ParseConstraintError::InvalidVersion)?,
            precision,
        })
    }

    fn holds(&self, version: &Version) -> bool {
        match self.operator.kind {
            OperatorKind::Equal if self.precision == Precision::Patch => *version == self.version,
            OperatorKind::Equal | OperatorKind::Tilde => self.tilde(version),
            OperatorKind::NotEqual => self.not_equal(version),
            OperatorKind::Greater => self.greater(version),
            OperatorKind::Less => *version < self.version,
            OperatorKind::GreaterOrEqual => *version >= self.version,
            OperatorKind::LessOrEqual => self.less_or_equal(version),
            OperatorKind::Caret => self.caret(version),
        }
    }

    /// `~1.2.3` is `>=1.2.3 <1.3`, `~1.2` is `>=1.2 <1.3`, `~1` is `>=1 <2`; `~0.0.0` and `*` are `>=0.0.0`.
    fn tilde(&self, version: &Version) -> bool {
        let own = &self.version;
        if version < own {
            return false;
        }
        let unbounded = matches!(self.precision, Precision::Nothing | Precision::Patch)
            && (own.major(), own.minor(), own.patch()) == (0, 0, 0);
        unbounded
            || version.major() == own.major()
                && (self.precision == Precision::Major || version.minor() == own.minor())
    }

    fn not_equal(&self, version: &Version) -> bool {
        let own = &self.version;
        if self.precision == Precision::Patch {
            return version != own;
        }
        if version.major() != own.major() {
            return true;
        }
        match self.precision {
            Precision::Major => false,
            Precision::Minor => {
                version.minor() != own.minor() || version.compare_prerelease(own) != Ordering::Equal
            }
            // Masterminds: `!=*` is `!=0.0.0`, a wildcard in its major number only.
            Precision::Nothing | Precision::Patch => version != own,
        }
    }

    /// `>1` is `>=2`, `>1.2` is `>=1.3`.
    fn greater(&self, version: &Version) -> bool {
        let own = &self.version;
        match self.precision {
            Precision::Patch => version > own,
            _ if version.major() != own.major() => version.major() > own.major(),
            Precision::Major => false,
            Precision::Minor => version.minor() > own.minor(),
            Precision::Nothing => version > own,
        }
    }

    /// `<=1` is `<2`, `<=1.2` is `<1.3`.
    fn less_or_equal(&self, version: &Version) -> bool {
        let own = &self.version;
        match self.precision {
            Precision::Patch => version <= own,
            Precision::Major => version.major() <= own.major(),
            Precision::Nothing | Precision::Minor => {
                (version.major(), version.minor()) <= (own.major(), own.minor())
            }
        }
    }

    /// `^1.2.3` is `>=1.2.3 <2`, `^0.2.3` is `>=0.2.3 <0.3`, `^0.0.3` is `>=0.0.3 <0.0.4`; a wildcard is
    /// free where the first number that is not zero would come.
    fn caret(&self, version: &Version) -> bool {
        let own = &self.version;
        if version < own || version.major() != own.major() {
            return false;
        }
        if own.major() > 0 || self.precision == Precision::Major {
            return true;
        }
        if version.minor() != own.minor() {
            return false;
        }
        own.minor() > 0 || self.precision == Precision::Minor || version.patch() == own.patch()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OperatorKind {
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
    Tilde,
    Caret,
}

#[derive(Clone, Copy, Debug)]
struct Operator {
    kind: OperatorKind,
    text: &'static str,
}

impl Operator {
    /// Two-character operators first: a one-character operator never stands before another operator.
    const ALL: [(&'static str, OperatorKind); 11] = [
        ("!=", OperatorKind::NotEqual),
        (">=", OperatorKind::GreaterOrEqual),
        ("=>", OperatorKind::GreaterOrEqual),
        ("<=", OperatorKind::LessOrEqual),
        ("=<", OperatorKind::LessOrEqual),
        ("~>", OperatorKind::Tilde),
        ("=", OperatorKind::Equal),
        (">", OperatorKind::Greater),
        ("<", OperatorKind::Less),
        ("~", OperatorKind::Tilde),
        ("^", OperatorKind::Caret),
    ];

    fn scan(text: &str) -> (Self, &str) {
        for (operator, kind) in Self::ALL {
            if let Some(rest) = text.strip_prefix(operator) {
                let text = operator;
                return (Self { kind, text }, rest);
            }
        }
        let kind = OperatorKind::Equal;
        (Self { kind, text: "" }, text)
    }
}

/// The version pattern at the beginning of a text.
#[derive(Clone, Copy, Debug)]
struct Operand<'text> {
    text: &'text str,
    major: &'text str,
    minor: Option<&'text str>,
    patch: Option<&'text str>,
    prerelease: &'text str,
}

impl<'text> Operand<'text> {
    /// Takes as much as has the form of a version pattern. A segment may have any mix of digits, `x`, `X`,
    /// `*` and `|` here (Masterminds' character class says so); what is no number is refused later.
    fn scan(text: &'text str) -> Option<Self> {
        let after_v = text.strip_prefix('v').unwrap_or(text);
        let (major, rest) = take(after_v, is_segment_byte)?;
        let (minor, rest) = take_segment(rest);
        let (patch, rest) = take_segment(rest);
        let (prerelease, rest) = take_suffix(rest, '-');
        let (_, rest) = take_suffix(rest, '+');
        Some(Self {
            text: &text[..text.len() - rest.len()],
            major,
            minor,
            patch,
            prerelease,
        })
    }
}

fn is_wildcard(segment: &str) -> bool {
    matches!(segment, "x" | "X" | "*")
}

fn is_segment_byte(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'|' | b'x' | b'X' | b'*')
}

fn is_identifier_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}

fn take(text: &str, accept: fn(u8) -> bool) -> Option<(&str, &str)> {
    let end = text.bytes().take_while(|byte| accept(*byte)).count();
    (end > 0).then(|| text.split_at(end))
}

fn take_segment(text: &str) -> (Option<&str>, &str) {
    match text.strip_prefix('.').and_then(|t| take(t, is_segment_byte)) {
        Some((segment, rest)) => (Some(segment), rest),
        None => (None, text),
    }
}

/// Takes `mark` and dotted identifiers; the suffix has the mark in front, or is empty.
fn take_suffix(text: &str, mark: char) -> (&str, &str) {
    let Some((_, mut rest)) = text
        .strip_prefix(mark)
        .and_then(|text| take(text, is_identifier_byte))
    else {
        return ("", text);
    };
    while let Some((_, after)) = rest
        .strip_prefix('.')
        .and_then(|text| take(text, is_identifier_byte))
    {
        rest = after;
    }
    text.split_at(text.len() - rest.len())
}

fn skip_blanks(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\n', '\u{c}', '\r'])
}

/// Replaces each `1.2 - 1.4` with `>= 1.2, <= 1.4 `, which later messages quote.
fn rewrite_ranges(text: &str) -> String {
    let mut rewritten = text.to_owned();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let Some(range) = scan_range(rest) else {
            rest = &rest[c.len_utf8()..];
            continue;
        };
        let replacement = format!(">= {}, <= {} ", range.low, range.high);
        rewritten = rewritten.replacen(range.text, &replacement, 1);
        rest = &rest[range.text.len()..];
    }
    rewritten
}

struct Range<'text> {
    text: &'text str,
    low: &'text str,
    high: &'text str,
}

fn scan_range(text: &str) -> Option<Range<'_>> {
    let low_text = skip_blanks(text);
    let low = Operand::scan(low_text)?.text;
    let dash_text = &low_text[low.len()..];
    let after_dash = skip_blanks(dash_text).strip_prefix('-')?;
    let high_text = skip_blanks(after_dash);
    if !dash_text.starts_with(is_blank) || !after_dash.starts_with(is_blank) {
        return None;
    }
    let high = Operand::scan(high_text)?.text;
    let rest = skip_blanks(&high_text[high.len()..]);
    Some(Range {
        text: &text[..text.len() - rest.len()],
        low,
        high,
    })
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\u{c}' | '\r')
}
