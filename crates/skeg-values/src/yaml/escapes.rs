//! The two escapes in double quotes on which libyaml and Go-YAML disagree: `\/`, which only libyaml knows, and `\'`,
//! which only Go-YAML knows.

use skeg_libyaml::{Event, EventKind, Mark, ParseError, ParseErrorKind, ScalarStyle};

/// What follows a mark of a document.
pub(super) fn text_at(yaml: &[u8], mark: Mark) -> &[u8] {
    // Marks do not count a byte order mark at the beginning.
    let text = yaml.strip_prefix(b"\xef\xbb\xbf").unwrap_or(yaml);
    let offset = usize::try_from(mark.index).unwrap_or(usize::MAX);
    text.get(offset..).unwrap_or_default()
}

/// Where the scalar of the event has an escaped slash, which is an error for Go-YAML.
pub(super) fn escaped_slash(yaml: &[u8], event: &Event) -> Option<Mark> {
    let EventKind::Scalar(scalar) = &event.kind else {
        return None;
    };
    if scalar.style != ScalarStyle::DoubleQuoted {
        return None;
    }
    let length = usize::try_from(event.end.index - event.start.index).unwrap_or_default();
    let mut mark = event.start;
    let mut bytes = text_at(yaml, event.start).iter().take(length);
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' if bytes.next() == Some(&b'/') => return Some(mark),
            b'\n' => mark.line += 1,
            _ => {}
        }
    }
    None
}

/// The document with `'` for each `\'` of the double-quoted text that made libyaml fail, if that is why it failed.
pub(super) fn without_escaped_apostrophes(yaml: &[u8], error: &ParseError) -> Option<Vec<u8>> {
    if error.kind != ParseErrorKind::Scanner || error.problem != "found unknown escape character" {
        return None;
    }
    let failed = text_at(yaml, error.problem_mark);
    if !failed.starts_with(b"\\'") {
        return None;
    }
    let mut patched = yaml[..yaml.len() - failed.len()].to_vec();
    let mut rest = failed.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        match (byte, rest.peek().copied()) {
            (b'\\', Some(b'\'')) => {}
            (b'\\', Some(escaped)) => {
                patched.extend([byte, escaped]);
                rest.next();
            }
            (b'"', _) => {
                patched.push(byte);
                break;
            }
            _ => patched.push(byte),
        }
    }
    patched.extend(rest);
    Some(patched)
}
