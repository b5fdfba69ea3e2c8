//! `$name` and `${name}` in texts, as Go's `os.Expand` replaces them. Where the values come from is the caller's.

/// Replaces each `$name` and `${name}` by what `value` gives for it.
///
/// ```
/// let expanded = skeg_go::expand::expand(b"$a-${b}", |name| name.to_ascii_uppercase());
/// assert_eq!(expanded, b"A-B");
/// ```
pub fn expand(text: &[u8], value: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let mut expanded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.iter().position(|&byte| byte == b'$') {
        let (before, dollar) = rest.split_at(at);
        expanded.extend_from_slice(before);
        let after = dollar.get(1..).unwrap_or_default();
        let (reference, length) = Reference::read(after);
        match reference {
            Reference::Name(name) => expanded.extend(value(name)),
            Reference::NoName => expanded.push(b'$'),
            Reference::Invalid => {}
        }
        rest = after.get(length..).unwrap_or_default();
    }
    expanded.extend_from_slice(rest);
    expanded
}

/// What is behind a `$`.
enum Reference<'text> {
    Name(&'text [u8]),
    /// The dollar sign is one.
    NoName,
    /// `${}`, or `${` without an end: dropped.
    Invalid,
}

impl<'text> Reference<'text> {
    /// The reference, and how long it is.
    fn read(text: &'text [u8]) -> (Self, usize) {
        match text {
            [b'{', inside @ ..] => Self::in_braces(inside),
            [special, ..] if is_special(*special) => (Self::Name(text.get(..1).unwrap_or_default()), 1),
            _ => {
                let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
                let length = text.iter().take_while(|byte| is_part(byte)).count();
                match text.get(..length) {
                    Some(name) if !name.is_empty() => (Self::Name(name), length),
                    _ => (Self::NoName, 0),
                }
            }
        }
    }

    fn in_braces(inside: &'text [u8]) -> (Self, usize) {
        match inside.iter().position(|&byte| byte == b'}') {
            None => (Self::Invalid, 1),
            Some(0) => (Self::Invalid, 2),
            Some(end) => (Self::Name(inside.get(..end).unwrap_or_default()), end + 2),
        }
    }
}

/// Names of the shell's that are one character.
fn is_special(byte: u8) -> bool {
    byte.is_ascii_digit() || b"*#$@!?-".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let expanded = expand(text.as_bytes(), |name| match name {
            b"a" => b"<A>".to_vec(),
            b"HOME_1" => b"/home".to_vec(),
            b"\xc3\xa9" => b"e".to_vec(),
            b"$" | b"1" | b"*" => [b"[", name, b"]"].concat(),
            _ => Vec::new(),
        });
        assert_eq!(String::from_utf8_lossy(&expanded), expected, "{text}");
    }

    // Every expectation was printed by Go 1.26's `os.Expand`.
    #[test]
    fn references_are_replaced() {
        check("", "");
        check("plain", "plain");
        check("x${a}y$a", "x<A>y<A>");
        check("$HOME_1/bin", "/home/bin");
        check("$ab$a.b", "<A>.b");
        check("$$ $1a $* ${*} ${$}", "[$] [1]a [*] [*] [$]");
        check("$12", "[1]2");
        check("${é}$é", "e$é");
        check("${a b}.", ".");
    }

    #[test]
    fn what_is_no_reference_stays_or_goes() {
        check("$", "$");
        check("a$", "a$");
        check("$ a", "$ a");
        check("$.$/", "$.$/");
        check("${}x", "x");
        check("${a", "a");
        check("${", "");
        check("${$a}", "");
        check("${{a}}", "}");
    }
}
