//! Regular expressions of which it is plain, without compiling them, that they are right and mean the same everywhere.

/// Repetitions counted higher are left to the compiler.
const MOST_REPETITIONS: u32 = 100;

/// Whether `pattern` has only letters, digits, common punctuation, classes of those, groups and plain repetitions.
pub(super) fn is_simple(pattern: &str) -> bool {
    let mut reader = Reader {
        rest: pattern.as_bytes(),
        open: 0,
        can_repeat: false,
    };
    while let Some((&first, rest)) = reader.rest.split_first() {
        reader.rest = rest;
        if !reader.item(first) {
            return false;
        }
    }
    reader.open == 0
}

struct Reader<'pattern> {
    rest: &'pattern [u8],
    /// Groups not closed yet.
    open: u32,
    /// Whether a repetition may follow.
    can_repeat: bool,
}

impl Reader<'_> {
    /// Reads what begins with `first`.
    fn item(&mut self, first: u8) -> bool {
        match first {
            b'(' => {
                self.rest = self.rest.strip_prefix(b"?:").unwrap_or(self.rest);
                self.open += 1;
                self.can_repeat = false;
                // A repetition of nothing at the start of a group is wrong, and so is `(?=`.
                self.open < 50
            }
            b')' => {
                let is_open = self.open > 0;
                self.open = self.open.saturating_sub(1);
                self.can_repeat = true;
                is_open
            }
            b'^' | b'$' | b'|' => {
                self.can_repeat = false;
                true
            }
            b'*' | b'+' | b'?' => std::mem::take(&mut self.can_repeat),
            b'{' => std::mem::take(&mut self.can_repeat) && self.count(),
            b'[' => self.class(),
            b'\\' => self.escape(),
            b'.' => self.atom(),
            other => is_literal(other) && self.atom(),
        }
    }

    fn atom(&mut self) -> bool {
        self.can_repeat = true;
        true
    }

    fn escape(&mut self) -> bool {
        let Some((escaped, rest)) = self.rest.split_first() else {
            return false;
        };
        self.rest = rest;
        matches!(
            escaped,
            b'd' | b'.' | b'-' | b'/' | b'\\' | b'*' | b'+' | b'(' | b')' | b'[' | b']' | b'$' | b'?'
        ) && self.atom()
    }

    /// `2}`, `2,}` or `2,3}` behind the brace.
    fn count(&mut self) -> bool {
        let Some(end) = self.rest.iter().position(|byte| *byte == b'}') else {
            return false;
        };
        let inside = std::str::from_utf8(&self.rest[..end]).unwrap_or_default();
        self.rest = &self.rest[end + 1..];
        let (low, high) = inside.split_once(',').unwrap_or((inside, inside));
        let number = |text: &str| {
            let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse::<u32>()
                .ok()
                .filter(|number| is_number && *number <= MOST_REPETITIONS)
        };
        match (number(low), number(high)) {
            (Some(low), Some(high)) => low <= high,
            (Some(_), None) => high.is_empty(),
            _ => false,
        }
    }

    /// `^a-z0-9_.-]` behind the bracket.
    fn class(&mut self) -> bool {
        self.rest = self.rest.strip_prefix(b"^").unwrap_or(self.rest);
        let mut is_empty = true;
        while let Some((&first, rest)) = self.rest.split_first() {
            self.rest = rest;
            match first {
                b']' => return !is_empty && self.atom(),
                b'-' if is_empty || rest.starts_with(b"]") => {}
                b'.' | b'_' | b'/' | b':' | b',' | b' ' | b'@' | b'+' | b'*' => {}
                _ if first.is_ascii_alphanumeric() => {
                    if let [b'-', last, after @ ..] = rest
                        && *last != b']'
                    {
                        if !last.is_ascii_alphanumeric() || *last < first {
                            return false;
                        }
                        self.rest = after;
                    }
                }
                _ => return false,
            }
            is_empty = false;
        }
        false
    }
}

fn is_literal(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'-' | b'_' | b'/' | b':' | b',' | b' ' | b'@' | b'=' | b'%' | b'#'
        )
}

#[cfg(test)]
mod tests {
    use super::is_simple;

    #[test]
    fn simple_patterns_compile_everywhere() {
        for pattern in [
            "",
            "^a+$",
            "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
            "a{2,3}|b{1,}",
            "\\d+\\.x",
            "[.-]",
            "(?:a|b)*c",
        ] {
            assert!(is_simple(pattern), "{pattern}");
            assert!(skeg_go::regexp::compile(pattern.as_bytes()).is_ok(), "{pattern}");
            assert!(regex_automata::meta::Regex::new(pattern).is_ok(), "{pattern}");
        }
    }

    #[test]
    fn others_are_not_simple() {
        for pattern in [
            "(",
            ")",
            "*a",
            "a**",
            "a+?",
            "(?i)a",
            "(?=a)",
            "[z-a]",
            "[]",
            "[a",
            "a{3,2}",
            "a{1000}",
            "{2}",
            "\\p{L}",
            "\\",
            "é",
            "(*)",
            "^*",
            "[[:alpha:]]",
            "a|*",
        ] {
            assert!(!is_simple(pattern), "{pattern}");
        }
    }
}
