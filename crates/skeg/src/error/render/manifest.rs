//! Rendered text that is no YAML: the lines around the mistake, and the line of the template that they may be from.

use skeg_chart::Chart;
use skeg_engine::ManifestError;

use super::place;

/// How many lines are shown before the mistake and behind it.
const AROUND: usize = 3;

/// The shortest beginning of a line by which it is known again.
const SHORTEST: usize = 4;

/// The rendered lines around the mistake.
pub(super) fn explain(chart: &Chart, file: &str, document: &[u8], error: &ManifestError) -> Vec<String> {
    let ManifestError::Yaml(error) = error else {
        return Vec::new();
    };
    let text = String::from_utf8_lossy(document);
    let rendered: Vec<&str> = text.lines().collect();
    let line = error.line().and_then(|line| usize::try_from(line).ok());
    // A mistake that is only seen at the end is shown there.
    let Some(line) = line.map(|line| line.min(rendered.len())).filter(|line| *line > 0) else {
        return Vec::new();
    };
    let first = line.saturating_sub(AROUND).max(1);
    let last = (line + AROUND).min(rendered.len());
    let width = last.to_string().len();
    let mut lines = vec![
        format!("{}--> {file}, as it was rendered, line {line}", " ".repeat(width)),
        format!("{} |", " ".repeat(width)),
    ];
    for (text, number) in rendered[first - 1..last].iter().zip(first..) {
        lines.push(format!("{number:width$} | {text}").trim_end().to_owned());
        if number == line {
            let column = error
                .column()
                .and_then(|column| usize::try_from(column).ok())
                .unwrap_or(1);
            let blanks = " ".repeat(column.saturating_sub(1).min(text.chars().count()));
            lines.push(format!("{} | {blanks}^", " ".repeat(width)));
        }
    }
    let template = place::template(chart, file).unwrap_or_default();
    if let Some((number, source)) = origin(template, rendered[line - 1]) {
        lines.push(format!("  = probably made by {file}:{number}: {}", source.trim()));
    }
    lines
}

/// The one line of a template that may have made a rendered line: it begins with the same text up to an action.
fn origin(template: &[u8], rendered: &str) -> Option<(usize, String)> {
    let text = String::from_utf8_lossy(template);
    let is_origin = |line: &&str| {
        let literal = line.split("{{").next().unwrap_or_default().trim();
        literal.len() >= SHORTEST && rendered.trim_start().starts_with(literal)
    };
    let mut found = text.lines().zip(1..).filter(|(line, _)| is_origin(line));
    let (line, number) = found.next()?;
    found.next().is_none().then(|| (number, line.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::origin;

    #[track_caller]
    fn check(template: &str, rendered: &str, expected: Option<usize>) {
        let found = origin(template.as_bytes(), rendered);
        assert_eq!(found.map(|(number, _)| number), expected, "{rendered:?}");
    }

    #[test]
    fn lines_are_known_by_their_beginning() {
        const TEMPLATE: &str =
            "kind: X\n  image: {{ .Values.image }}\n  {{- toYaml . }}\n  port: 1\n  port: 2\n";
        check(TEMPLATE, "  image: a: b", Some(2));
        check(TEMPLATE, "    image: a: b", Some(2));
        check(TEMPLATE, "  port: 3", None);
        check(TEMPLATE, "  a: b", None);
    }
}
