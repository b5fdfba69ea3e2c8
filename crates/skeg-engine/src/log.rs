//! What Helm logs while it renders, in the form of its text logger.

use std::cell::RefCell;
use std::fmt::Write as _;

use skeg_go::quote::{is_print, quote};

/// The lines that Helm would have written to standard error, in order.
#[derive(Debug, Default)]
pub(crate) struct Log {
    lines: RefCell<Vec<String>>,
}

impl Log {
    /// A line of level `WARN` with further attributes.
    pub(crate) fn warn(&self, message: &str, attributes: &[(&str, &str)]) {
        self.write("WARN", message, attributes);
    }

    /// A line of level `INFO` with further attributes.
    pub(crate) fn info(&self, message: &str, attributes: &[(&str, &str)]) {
        self.write("INFO", message, attributes);
    }

    /// A line of level `ERROR` with further attributes.
    pub(crate) fn error(&self, message: &str, attributes: &[(&str, &str)]) {
        self.write("ERROR", message, attributes);
    }

    /// The lines so far; they are gone afterwards.
    pub(crate) fn take(&self) -> Vec<String> {
        self.lines.take()
    }

    /// Whether there are no lines.
    pub(crate) fn is_empty(&self) -> bool {
        self.lines.borrow().is_empty()
    }

    /// Appends the lines of another.
    pub(crate) fn append(&self, other: &Self) {
        self.lines.borrow_mut().append(&mut other.lines.borrow_mut());
    }

    fn write(&self, level: &str, message: &str, attributes: &[(&str, &str)]) {
        let mut line = format!("level={level} msg={}", text(message));
        for (key, value) in attributes {
            // Writing into text cannot fail.
            let _ = write!(line, " {key}={}", text(value));
        }
        self.lines.borrow_mut().push(line);
    }
}

/// A text as `slog` writes it: quoted where a reader could otherwise go wrong.
fn text(text: &str) -> String {
    if is_plain(text) {
        text.to_owned()
    } else {
        quote(text)
    }
}

fn is_plain(text: &str) -> bool {
    let is_plain = |c: char| match c {
        ' ' | '"' | '=' | char::REPLACEMENT_CHARACTER => false,
        c => is_print(c),
    };
    !text.is_empty() && text.chars().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::Log;

    #[track_caller]
    fn check(message: &str, value: &str, expected: &str) {
        let log = Log::default();
        log.warn(message, &[("key", value)]);
        assert_eq!(log.take(), [expected]);
    }

    #[test]
    fn texts_are_quoted_where_slog_quotes() {
        check("one", "two", "level=WARN msg=one key=two");
        check("one two", "", r#"level=WARN msg="one two" key="""#);
        check("a=b", r"a\b", r#"level=WARN msg="a=b" key=a\b"#);
        check("é", "\u{1}", r#"level=WARN msg=é key="\x01""#);
        check("\"x\"", "a\nb", r#"level=WARN msg="\"x\"" key="a\nb""#);
    }
}
