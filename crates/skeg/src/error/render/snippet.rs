//! A line of a file with marks under a part of it.

use std::ops::Range;

/// The longest part of a line that is shown.
const WIDTH: usize = 160;

/// A part of a line in a file.
#[derive(Debug)]
pub(super) struct Snippet {
    file: String,
    /// From 1.
    line: usize,
    text: String,
    /// In characters.
    start: usize,
    length: usize,
}

impl Snippet {
    /// The line in which these bytes of the text begin.
    pub(super) fn of_span(file: &str, text: &[u8], span: Range<usize>) -> Option<Self> {
        let before = text.get(..span.start)?;
        let start = before
            .iter()
            .rposition(|&byte| byte == b'\n')
            .map_or(0, |at| at + 1);
        let rest = &text[start..];
        let end = start + rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
        let count = |range: Range<usize>| String::from_utf8_lossy(&text[range]).chars().count();
        let last = span.end.clamp(span.start, end.max(span.start));
        Some(Self {
            file: file.to_owned(),
            line: before.split(|&byte| byte == b'\n').count(),
            text: String::from_utf8_lossy(&text[start..end]).into_owned(),
            start: count(start..span.start),
            length: count(span.start..last),
        })
    }

    /// A line by its number from 1; marked is the first place of `part` in it, or all of it.
    pub(super) fn of_line(file: &str, text: &[u8], line: usize, part: Option<&str>) -> Option<Self> {
        let content = text.split(|&byte| byte == b'\n').nth(line.checked_sub(1)?)?;
        let content = String::from_utf8_lossy(content).into_owned();
        let marked = part.and_then(|part| Some((content.find(part)?, part.len())));
        let blanks = content.len() - content.trim_start().len();
        let (at, length) = marked.unwrap_or((blanks, content.trim().len()));
        Some(Self {
            file: file.to_owned(),
            line,
            start: content[..at].chars().count(),
            length: content[at..at + length].chars().count(),
            text: content,
        })
    }

    /// A node of which only the text is known.
    pub(super) fn of_node(file: &str, line: usize, node: &str) -> Self {
        let text = format!("{{{{ {node} }}}}");
        Self {
            file: file.to_owned(),
            line,
            start: 3,
            length: node.chars().count(),
            text,
        }
    }

    /// The place, the line, and marks with a label.
    pub(super) fn lines(&self, label: &str) -> Vec<String> {
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        let (text, start) = self.window();
        // Tabs stay tabs, so that the marks stand below what they mark.
        let indent: String = text
            .chars()
            .take(start)
            .map(|c| if c == '\t' { '\t' } else { ' ' })
            .collect();
        let available = text.chars().count().saturating_sub(start);
        let marks = "^".repeat(self.length.clamp(1, available.max(1)));
        let marked = format!("{indent}{marks} {label}");
        vec![
            format!("{margin}--> {}:{}:{}", self.file, self.line, self.start + 1),
            format!("{margin} |"),
            format!("{number} | {}", text.trim_end()),
            format!("{margin} | {}", marked.trim_end()),
        ]
    }

    /// The part of a long line that is shown, and where the marks begin in it.
    fn window(&self) -> (String, usize) {
        let first = if self.start > WIDTH / 2 && self.text.chars().count() > WIDTH {
            self.start - WIDTH / 2
        } else {
            0
        };
        let text = self.text.chars().skip(first).take(WIDTH).collect();
        (text, self.start - first)
    }
}

#[cfg(test)]
mod tests {
    use super::Snippet;

    #[track_caller]
    fn check(snippet: Option<Snippet>, expected: &[&str]) {
        assert_eq!(snippet.unwrap().lines("here"), expected);
    }

    #[test]
    fn parts_are_marked() {
        check(
            Snippet::of_span("f", b"a\n\tx: {{ .y }}\nb", 9..11),
            &[" --> f:2:8", "  |", "2 | \tx: {{ .y }}", "  | \t      ^^ here"],
        );
        check(
            Snippet::of_line("f", b"  {{ nope }}", 1, Some("nope")),
            &[" --> f:1:6", "  |", "1 |   {{ nope }}", "  |      ^^^^ here"],
        );
        check(
            Snippet::of_line("f", b"  ab ", 1, None),
            &[" --> f:1:3", "  |", "1 |   ab", "  |   ^^ here"],
        );
        check(
            Some(Snippet::of_node("gotpl", 10, ".x")),
            &["  --> gotpl:10:4", "   |", "10 | {{ .x }}", "   |    ^^ here"],
        );
    }

    #[test]
    fn spans_that_are_not_in_the_text_show_nothing_wrong() {
        assert!(Snippet::of_span("f", b"a", 5..6).is_none());
        assert!(Snippet::of_line("f", b"a", 2, None).is_none());
        check(
            Snippet::of_span("f", b"ab\ncd", 1..9),
            &[" --> f:1:2", "  |", "1 | ab", "  |  ^ here"],
        );
    }
}
