//! Templates that nest deeply, or without end.

use std::collections::BTreeMap;

use skeg_engine::on_render_stack;

use crate::support::{Printed, render_chart};

fn render(template: &str, partial: &str) -> Printed {
    let files = [
        ("Chart.yaml", "apiVersion: v2\nname: e\nversion: 1.0.0\n"),
        ("templates/x.yaml", template),
        ("templates/_h.tpl", partial),
        (
            "values.yaml",
            "t: '{{ tpl .Values.t . }}'\nu: '{{ include \"h\" . }}'\n",
        ),
    ];
    let files: BTreeMap<String, String> = files
        .into_iter()
        .map(|(path, content)| (path.to_owned(), content.to_owned()))
        .collect();
    on_render_stack(move || render_chart(&files, ""))
}

/// Checks the beginning and the end of the message, and how often the partial is in it.
#[track_caller]
fn check(template: &str, partial: &str, start: &str, end: &str, count: usize) {
    let printed = render(template, partial);
    let text = printed.error;
    let shown = text.get(..300).unwrap_or(&text);
    assert!(text.starts_with(start), "{shown}");
    let text = text.trim_end_matches("\n\nUse --debug flag to render out invalid YAML");
    assert!(text.ends_with(end), "{}", &text[text.len().saturating_sub(300)..]);
    assert_eq!(text.matches("executing \"h\"").count(), count);
}

#[test]
fn templates_include_themselves_a_thousand_times() {
    let count = |depth: usize| {
        let partial = format!(
            "{{{{ define \"h\" }}}}{{{{ if lt . {depth} }}}}{{{{ include \"h\" (add . 1 | int) }}}}{{{{ end }}}}x{{{{ end }}}}"
        );
        let printed = render("a: {{ include \"h\" 0 }}", &partial);
        (printed.stdout.matches('x').count(), printed.error.is_empty())
    };
    // One `x` is in the path of the template.
    assert_eq!(count(1000), (1001 + 1, true));
    assert_eq!(count(1001), (0, false));
}

#[test]
fn endless_nesting_ends_in_an_error() {
    const END: &str = "error calling include: rendering template has a nested reference name: h: unable to execute template";
    check(
        "a: {{ include \"h\" . }}",
        "{{ define \"h\" }}{{ include \"h\" . }}{{ end }}",
        "Error: template: e/templates/x.yaml:1:6: executing \"e/templates/x.yaml\" at <include \"h\" .>: error calling \
         include: template: e/templates/_h.tpl:1:19: executing \"h\"",
        END,
        1001,
    );
    check(
        "a: {{ include \"h\" . }}",
        "{{ define \"h\" }}{{ tpl .Values.u . }}{{ end }}",
        "Error: template: e/templates/x.yaml:1:6: executing",
        END,
        1001,
    );
    let printed = render("a: {{ tpl .Values.t . }}", "");
    assert!(
        printed
            .error
            .starts_with("Error: template: e/templates/x.yaml:1:6: executing")
    );
}
