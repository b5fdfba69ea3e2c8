//! Where a key stands in a YAML file.
//!
//! This is for showing a place to a person, so it reads lines and not YAML: keys in flow style are found by the key
//! around them, or not at all.

use crate::finding::Position;

/// The place of a key of the document itself; the first of several.
pub(crate) fn of_key(yaml: &[u8], key: &str) -> Option<Position> {
    nth_key(yaml, key, 0)
}

/// The place of the `index`-th occurrence of a key of the document itself.
pub(crate) fn nth_key(yaml: &[u8], key: &str, index: usize) -> Option<Position> {
    let lines = yaml.split(|&byte| byte == b'\n');
    let mut numbered = lines.zip(1..);
    let found = |line: &[u8]| top_key(line).is_some_and(|found| found.eq_ignore_ascii_case(key.as_bytes()));
    let (_, line) = numbered.by_ref().filter(|(line, _)| found(line)).nth(index)?;
    Some(Position { line, column: 1 })
}

/// The key that a line begins with, without quotes.
fn top_key(line: &[u8]) -> Option<&[u8]> {
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    let (key, rest) = match line.first()? {
        quote @ (b'"' | b'\'') => {
            let end = line[1..].iter().position(|byte| byte == quote)? + 1;
            (&line[1..end], &line[end + 1..])
        }
        _ => line.split_at(line.iter().position(|&byte| matches!(byte, b':' | b' '))?),
    };
    rest.trim_ascii_start().starts_with(b":").then_some(key)
}

#[cfg(test)]
mod tests {
    use super::nth_key;

    #[track_caller]
    fn check(yaml: &str, key: &str, index: usize, expected: Option<u64>) {
        let position = nth_key(yaml.as_bytes(), key, index);
        assert_eq!(position.map(|position| position.line), expected, "{yaml:?} {key}");
    }

    #[test]
    fn keys_are_found_at_the_left_edge() {
        check("name: a\nversion: 1\n", "version", 0, Some(2));
        check("x:\n  name: a\n'name' : b\n", "name", 0, Some(3));
        check("name: a\nName: b\n", "name", 1, Some(2));
        check("names: a\n#name: b\n", "name", 0, None);
        check("", "name", 0, None);
        check("'", "name", 0, None);
        check("\u{feff}name: a", "name", 0, Some(1));
    }
}
