//! Which style a string is printed in: go-yaml's wish and libyaml's limits.

use super::encode::Dialect;
use super::resolve::{Scalar, resolve_plain};

/// How to print a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
}

/// What is known of a text after a glance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quick {
    /// ASCII that may be printed plain.
    Plain,
    /// Lines of ASCII that may be printed as a literal block.
    Literal,
    /// Look closely.
    Unknown,
}

/// What a byte of a text may need.
const SAFE: u8 = 0;
const NEVER: u8 = 1;
const BREAK: u8 = 2;
const COLON: u8 = 4;
const HASH: u8 = 8;

const NEEDS: [u8; 256] = {
    let mut needs = [NEVER; 256];
    let mut byte = b' ';
    while byte <= b'~' {
        needs[byte as usize] = SAFE;
        byte += 1;
    }
    needs[b'\n' as usize] = BREAK;
    needs[b':' as usize] = COLON;
    needs[b'#' as usize] = HASH;
    needs
};

/// Recognises most of the texts that stand for themselves.
pub(super) fn quick(text: &[u8]) -> Quick {
    let (Some(first), Some(last)) = (text.first(), text.last()) else {
        return Quick::Unknown;
    };
    let needs = text
        .iter()
        .fold(SAFE, |needs, byte| needs | NEEDS[usize::from(*byte)]);
    if needs & NEVER != 0 || *last == b' ' {
        return Quick::Unknown;
    }
    let has = |first: u8, second: u8| text.windows(2).any(|pair| pair == [first, second]);
    if needs & BREAK != 0 {
        return if has(b' ', b'\n') {
            Quick::Unknown
        } else {
            Quick::Literal
        };
    }
    // The longest word with a meaning is `false`.
    let means_itself = match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' => text.len() > 5,
        b'a'..=b'z' | b'A'..=b'Z' | b'/' | b'_' | b'$' | b'(' => true,
        _ => false,
    };
    let splits =
        needs & COLON != 0 && (*last == b':' || has(b':', b' ')) || needs & HASH != 0 && has(b' ', b'#');
    if means_itself && !splits {
        Quick::Plain
    } else {
        Quick::Unknown
    }
}

/// The lines of a text with their breaks.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(is_break)
}

/// A line without its break.
pub(super) fn trim_break(line: &str) -> &str {
    line.trim_end_matches(is_break)
}

/// Chooses the style of a string value, or of a key (`simple_key`), which has to stay on its line.
pub(super) fn choose(text: &str, simple_key: bool, dialect: Dialect) -> Style {
    if text.is_empty() {
        return Style::DoubleQuoted;
    }
    let allowed = Allowed::analyze(text, dialect);
    if text.contains('\n') {
        let literal = allowed.block && !simple_key;
        return if literal {
            Style::Literal
        } else {
            Style::DoubleQuoted
        };
    }
    // What go-yaml v3 quotes for the sake of older readers is what v2 takes for a boolean.
    let stays_text = resolve_plain(text) == Scalar::Text && !is_base_60(text);
    if !stays_text || simple_key && text.contains(is_break) {
        return Style::DoubleQuoted;
    }
    match allowed {
        Allowed { plain: true, .. } => Style::Plain,
        Allowed {
            single_quoted: true, ..
        } => Style::SingleQuoted,
        _ => Style::DoubleQuoted,
    }
}

/// Whether a key fits before a colon: at most 128 bytes, no line breaks.
pub(super) fn is_simple_key(text: &str) -> bool {
    text.len() <= 128 && !text.contains(is_break)
}

/// Line breaks of YAML 1.1.
pub(super) fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What libyaml may print without an escape. Characters beyond U+FFFF are not among them, because go-yaml
/// leaves them out, and the tab is not.
pub(super) fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{fffd}') && c != '\u{feff}'
}

/// Numbers like `12:30:45.5`, which YAML 1.1 has but nobody wants: go-yaml reads them as text and quotes them
/// for other parsers.
fn is_base_60(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_digit_or_underscore = |byte: u8| byte.is_ascii_digit() || byte == b'_';
    let mut parts = unsigned.split(':');
    let first = parts.next().unwrap_or_default();
    if !first.starts_with(|c: char| c.is_ascii_digit()) || !first.bytes().all(is_digit_or_underscore) {
        return false;
    }
    let mut rest: Vec<&str> = parts.collect();
    let Some(last) = rest.pop() else {
        return false;
    };
    let (last, fraction) = last.split_once('.').unwrap_or((last, ""));
    fraction.bytes().all(is_digit_or_underscore) && rest.into_iter().chain([last]).all(is_sexagesimal_digit)
}

fn is_sexagesimal_digit(part: &str) -> bool {
    matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9'])
}

/// The styles in which a text survives in block context.
#[derive(Clone, Copy, Debug, Default)]
struct Allowed {
    plain: bool,
    single_quoted: bool,
    block: bool,
}

impl Allowed {
    fn analyze(text: &str, dialect: Dialect) -> Self {
        let spacing = Spacing::analyze(text);
        let multiline = text.contains(is_break);
        let has_tab = dialect == Dialect::V3 && text.contains('\t');
        let special = !text.chars().all(|c| is_printable(c) || has_tab && c == '\t');
        let fragile_block = spacing.space_before_break || special;
        let fragile = fragile_block || has_tab;
        Self {
            plain: !fragile && !multiline && !spacing.at_edge && !has_indicators(text),
            single_quoted: !fragile && !spacing.space_after_break,
            block: !fragile_block && !text.ends_with(' '),
        }
    }
}

/// Blanks where some styles would lose them.
#[derive(Clone, Copy, Debug, Default)]
struct Spacing {
    at_edge: bool,
    space_before_break: bool,
    space_after_break: bool,
}

impl Spacing {
    fn analyze(text: &str) -> Self {
        let is_blank = |c: char| c == ' ' || is_break(c);
        let mut spacing = Self {
            at_edge: text.starts_with(is_blank) || text.ends_with(is_blank),
            ..Self::default()
        };
        for (before, after) in text.chars().zip(text.chars().skip(1)) {
            spacing.space_before_break |= before == ' ' && is_break(after);
            spacing.space_after_break |= is_break(before) && after == ' ';
        }
        spacing
    }
}

/// Whether a plain text would be taken for something else in block context.
fn has_indicators(text: &str) -> bool {
    let mut characters = text.chars();
    let first = characters.next().unwrap_or_default();
    let blank_follows = matches!(characters.next(), None | Some(' ' | '\t'));
    let at_start = match first {
        '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' => {
            true
        }
        '?' | ':' | '-' => blank_follows,
        _ => false,
    };
    at_start
        || text.starts_with("---")
        || text.starts_with("...")
        || text.ends_with(':')
        || text.contains(": ")
        || text.contains(":\t")
        || has_comment(text)
}

/// A `#` after a blank or a line break.
fn has_comment(text: &str) -> bool {
    text.char_indices().any(|(at, c)| {
        c == '#' && text[..at].ends_with(|before| matches!(before, ' ' | '\t' | '\0') || is_break(before))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Style) {
        assert_eq!(choose(text, false, Dialect::V2), expected);
    }

    #[test]
    fn values_get_the_style_of_go_yaml() {
        check("plain text", Style::Plain);
        check("a#b", Style::Plain);
        check("a:b", Style::Plain);
        check("-a", Style::Plain);
        check("a, b", Style::Plain);
        check("a: b", Style::SingleQuoted);
        check("a #b", Style::SingleQuoted);
        check("- a", Style::SingleQuoted);
        check("*a", Style::SingleQuoted);
        check(" a", Style::SingleQuoted);
        check("---a", Style::SingleQuoted);
        check("", Style::DoubleQuoted);
        check("yes", Style::DoubleQuoted);
        check("1_000", Style::DoubleQuoted);
        check("12:30:45", Style::DoubleQuoted);
        check("2001-01-01", Style::DoubleQuoted);
        check("a\tb", Style::DoubleQuoted);
        check("😀", Style::DoubleQuoted);
        check("a\nb", Style::Literal);
        check("a \nb", Style::DoubleQuoted);
        check("a\nb ", Style::DoubleQuoted);
    }

    #[test]
    fn keys_stay_on_their_line() {
        assert!(is_simple_key(&"a".repeat(128)));
        assert!(!is_simple_key(&"a".repeat(129)));
        assert!(!is_simple_key("a\nb"));
        assert_eq!(choose("a\nb", true, Dialect::V2), Style::DoubleQuoted);
    }
}
