//! Charts that mean harm: what would go on for ever or take all memory ends in an error that says why.

use skeg_test_support::{ChartBuilder, TestContext};

use crate::support::context;

/// Renders a chart with one template.
fn render(context: &TestContext, template: &str, flags: &[&str]) -> (Option<i32>, String, String) {
    render_with(context, template, "a: 1\n", flags)
}

fn render_with(
    context: &TestContext,
    template: &str,
    values: &str,
    flags: &[&str],
) -> (Option<i32>, String, String) {
    ChartBuilder::new("demo", "1.2.3")
        .file("values.yaml", values)
        .template("a.yaml", template)
        .write_dir(context.work());
    let run = context.run([&["template", "demo"], flags].concat());
    (run.status(), run.stdout(), run.stderr())
}

#[track_caller]
fn fails(template: &str, expected: &str) {
    fails_with(template, "a: 1\n", &[], expected);
}

#[track_caller]
fn fails_with(template: &str, values: &str, flags: &[&str], expected: &str) {
    let (code, stdout, stderr) = render_with(&context(), template, values, flags);
    assert_eq!(code, Some(1), "{stderr}");
    assert_eq!(stdout, "");
    assert!(stderr.starts_with("Error: "), "{stderr}");
    assert!(stderr.contains(expected), "{expected}: {stderr}");
    assert!(stderr.len() < 1_000_000, "{} bytes of error", stderr.len());
}

#[track_caller]
fn prints(template: &str, expected: &str) {
    let (code, stdout, stderr) = render(&context(), &format!("x: {template}"), &[]);
    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(
        stdout,
        format!("---\n# Source: demo/templates/a.yaml\nx: {expected}\n")
    );
}

#[test]
fn templates_that_include_themselves() {
    let nested = "rendering template has a nested reference name: a: unable to execute template";
    fails(
        "{{ define \"a\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}",
        nested,
    );
    fails(
        "{{ define \"a\" }}{{ include \"b\" . }}{{ end }}{{ define \"b\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}",
        nested,
    );
    fails(
        "{{ define \"a\" }}{{ template \"b\" . }}{{ end }}{{ define \"b\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}",
        nested,
    );
    fails(
        "{{ define \"a\" }}{{ template \"a\" . }}{{ end }}{{ template \"a\" . }}",
        "exceeded maximum template depth (100000)",
    );
    fails(
        "{{ include (print $.Template.BasePath \"/a.yaml\") . }}",
        "rendering template has a nested reference name: demo/templates/a.yaml",
    );
}

/// Helm has no limit for `tpl` and crashes.
#[test]
fn texts_that_execute_themselves() {
    let nested = "templates are nested more than 10000 times";
    fails_with(
        "{{ tpl .Values.t . }}",
        "t: \"{{ tpl .Values.t . }}\"\n",
        &[],
        nested,
    );
    let long = format!("t: \"{}{{{{ tpl .Values.t . }}}}\"\n", "x".repeat(100_000));
    fails_with("{{ tpl .Values.t . }}", &long, &[], nested);
    fails(
        "{{ tpl \"{{ define \\\"q\\\" }}{{ template \\\"q\\\" . }}{{ end }}{{ template \\\"q\\\" . }}\" . }}",
        "exceeded maximum template depth (100000)",
    );
}

#[test]
fn more_numbers_than_anybody_needs() {
    fails(
        "{{ until 1000000000 | len }}",
        "error calling until: more than 67108864 numbers",
    );
    fails(
        "{{ untilStep 0 9223372036854775807 1 }}",
        "error calling untilStep: more than",
    );
    fails("{{ seq 1000000000 | len }}", "error calling seq: more than");
    fails(
        "{{ randBytes 2000000000 }}",
        "error calling randBytes: more than 268435456 bytes",
    );
    fails(
        "{{ randAlphaNum 1000000000 }}",
        "error calling randAlphaNum: more than 268435456 bytes",
    );
}

#[test]
fn more_text_than_anybody_needs() {
    let too_long = "the text would be longer than 268435456 bytes";
    fails("{{ repeat 1000000000 \"abcdefgh\" | len }}", too_long);
    fails(
        "{{ repeat 9223372036854775807 \"ab\" }}",
        "strings: Repeat output length overflow",
    );
    fails("{{ indent 1000000 (repeat 10000 \"a\\n\") | len }}", too_long);
    fails("{{ join (repeat 10000000 \"x\") (until 1000) | len }}", too_long);
    fails(
        "{{ replace \"a\" (repeat 10000000 \"x\") (repeat 1000 \"a\") | len }}",
        too_long,
    );
    fails(
        "{{ replace \"\" (repeat 10000000 \"x\") (repeat 1000 \"a\") | len }}",
        too_long,
    );
}

/// Doubling thirty or forty times is little work until the end.
#[test]
fn values_that_grow_exponentially() {
    let flags = &["--max-output", "1MiB"];
    let grown = |function: &str| {
        format!(
            "{{{{ $s := \"aa\" }}}}{{{{ range until 60 }}}}{{{{ $s = {function} }}}}{{{{ end }}}}{{{{ len $s }}}}"
        )
    };
    let values = "a: 1\n";
    for function in [
        "print $s $s",
        "replace \"a\" \"aa\" $s",
        "printf \"%s%s\" $s $s",
        "cat $s $s",
        "b64enc $s | b64enc | b64enc",
    ] {
        fails_with(
            &grown(function),
            values,
            flags,
            "return more than the limit allows",
        );
    }
    let list = "{{ $s := list 1 }}{{ range until 60 }}{{ $s = concat $s $s }}{{ end }}{{ len $s }}";
    fails_with(
        list,
        values,
        flags,
        "concat and what was called before it return more than the limit allows",
    );
}

#[test]
fn large_values_add_up() {
    let template = "{{ $l := list }}{{ range until 100 }}{{ $l = append $l (repeat 2000000 \"x\") }}{{ end }}{{ len $l }}";
    fails_with(
        template,
        "a: 1\n",
        &["--max-output", "40MB"],
        "repeat and what was called before it return more than the limit allows",
    );
    prints(template, "100");
}

#[test]
fn lists_that_share_lists() {
    fails(
        "{{ $s := list 1 }}{{ range until 40 }}{{ $s = list $s $s }}{{ end }}{{ deepCopy $s | len }}",
        "values are too large to be copied",
    );
}

#[test]
fn loops_without_end() {
    let steps = "template takes more steps than the limit allows";
    let flags = &["--max-steps", "100000"];
    let values = "a: 1\n";
    fails_with("{{ range 1000000000000 }}{{ end }}", values, flags, steps);
    fails_with("{{ range 1000000000000 }}x{{ end }}", values, flags, steps);
    fails_with(
        "{{ range until 1000 }}{{ range until 1000 }}{{ end }}{{ end }}",
        values,
        flags,
        steps,
    );
    fails_with(
        "{{ $l := until 1000 }}{{ range $l }}{{ range $l }}{{ range $l }}{{ end }}{{ end }}{{ end }}",
        values,
        flags,
        steps,
    );
    fails_with(
        "{{ define \"a\" }}{{ if gt . 0 }}{{ include \"a\" (sub . 1) }}{{ include \"a\" (sub . 1) }}{{ end }}{{ end }}{{ include \"a\" 100 }}",
        values,
        flags,
        steps,
    );
    fails_with(
        "{{ tpl \"{{ range 1000000000 }}{{ end }}\" . }}",
        values,
        flags,
        steps,
    );
    let (code, _, stderr) = render(&context(), "{{ range 200000 }}{{ end }}", &["--max-steps", "0"]);
    assert_eq!(code, Some(0), "{stderr}");
}

/// The checks that `lint` makes have the same limits.
#[test]
fn lint_is_limited_too() {
    let context = context();
    ChartBuilder::new("demo", "1.2.3")
        .template("a.yaml", "{{ repeat 1000000000 \"abcdefgh\" }}")
        .write_dir(context.work());
    let run = context.run(["lint", "demo"]);
    let stdout = run.failure().stdout();
    assert!(
        stdout.contains("the text would be longer than 268435456 bytes"),
        "{stdout}"
    );
}

#[test]
fn maps_that_contain_themselves() {
    let cyclic = |action: &str| {
        format!("{{{{ $d := dict \"a\" 1 }}}}{{{{ $_ := set $d \"d\" $d }}}}{{{{ {action} }}}}")
    };
    prints(&cyclic("len $d"), "2");
    prints(&cyclic("$d.d.d.d.a"), "1");
    prints(&cyclic("range $k, $v := $d }}{{ $k }}{{ end"), "ad");
    fails(
        &cyclic("deepCopy $d"),
        "values are nested too deeply to be copied",
    );
    fails(
        &cyclic("mustToJson $d"),
        "encountered a cycle via map[string]interface {}",
    );
}

#[test]
fn expressions_that_are_too_deep() {
    let deep = format!("x: {{{{ {}1{} }}}}", "(".repeat(20_000), ")".repeat(20_000));
    fails(&deep, "");
    let ifs = format!("{}1{}", "{{ if true }}".repeat(3000), "{{ end }}".repeat(3000));
    prints(&ifs, "1");
    let pipe = format!("{{{{ 1{} }}}}", " | add 1".repeat(3000));
    prints(&pipe, "3001");
}

#[test]
fn values_that_are_bombs() {
    let mut bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for (below, name) in ('a'..='i').zip('b'..='j') {
        let references = format!("*{below},").repeat(10);
        bomb = format!("{bomb}{name}: &{name} [{references}]\n");
    }
    fails_with("x: 1", &bomb, &[], "yaml: document contains excessive aliasing");
    fails(&bomb, "yaml: document contains excessive aliasing");
    fails_with("x: 1", "a: &a [*a]\n", &[], "anchor 'a' value contains itself");
    let deep = format!("a: {}{}\n", "[".repeat(9000), "]".repeat(9000));
    fails_with("x: 1", &deep, &[], "exceeded max depth");
    fails_with("x: 1", "a: \"\0\"\n", &[], "control characters are not allowed");
}

#[test]
fn arguments_that_ask_for_too_much() {
    fails_with("x: 1", "a: 1\n", &["--set", "a[65537]=1"], "65537");
    let names = format!("{}=1", vec!["a"; 40].join("."));
    fails_with("x: 1", "a: 1\n", &["--set", &names], "failed parsing --set data");
    let indexes = format!("a{}=1", "[0]".repeat(2000));
    fails_with(
        "x: 1",
        "a: 1\n",
        &["--set", &indexes],
        "more than 200 indexes in a row",
    );
}

/// Helm 4.3.1 puts a line break behind the last line of values: `|` keeps it.
#[test]
fn the_last_line_of_values_needs_no_end() {
    let context = context();
    context.write("more.yaml", "b: |\n  y");
    let template = "v: {{ toJson .Values | quote }}\n";
    let (code, stdout, stderr) = render_with(&context, template, "a: |\n  x", &["-f", "more.yaml"]);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(
        stdout.ends_with("v: \"{\\\"a\\\":\\\"x\\\\n\\\",\\\"b\\\":\\\"y\\\\n\\\"}\"\n"),
        "{stdout}"
    );
}
