//! Hostile templates end in errors: endless loops and output, recursion, deep nesting, bytes at random.

use std::thread;

use skeg_go::{GoString, GoValue};
use skeg_template::{Detail, ExecError, FunctionTable, Limits, TemplateSet};

use crate::functions;

/// Parses and executes a text under limits.
fn execute(text: &str, limits: Limits) -> Result<Vec<u8>, String> {
    let mut set = TemplateSet::new(functions::table());
    set.set_limits(limits);
    set.parse("t", text.as_bytes())
        .map_err(|error| error.to_string())?;
    let mut out = Vec::new();
    let result = set.execute("t", &GoValue::Nil, &mut out);
    result.map_err(|error: ExecError| error.to_string())?;
    Ok(out)
}

fn limited(output: Option<usize>, steps: Option<u64>) -> Limits {
    let mut limits = Limits::default();
    limits.max_output = output;
    limits.max_steps = steps;
    limits
}

#[track_caller]
fn check(text: &str, limits: Limits, expected: &str) {
    match execute(text, limits) {
        Ok(out) => panic!("printed {} bytes", out.len()),
        Err(error) => assert!(error.contains(expected), "{error:.300}"),
    }
}

#[test]
fn endless_templates_are_stopped() {
    const STEPS: &str = "template takes more steps than the limit allows";
    let steps = || limited(None, Some(10_000));
    check("{{ range 9223372036854775807 }}{{ end }}", steps(), STEPS);
    check(
        "{{ range 1000 }}{{ range 1000 }}x{{ end }}{{ end }}",
        steps(),
        STEPS,
    );
    check("{{ range 9000000000 }}{{ continue }}{{ end }}", steps(), STEPS);
    check(
        r#"{{ range 9000000000 }}{{ tpl "{{ 1 }}" . }}{{ end }}"#,
        steps(),
        STEPS,
    );
    let output = || limited(Some(1000), None);
    let message = "output is larger than the limit of 1000 bytes";
    check("{{ range 9223372036854775807 }}x{{ end }}", output(), message);
    check(
        r#"{{ define "x" }}{{ range 9000000000 }}x{{ end }}{{ end }}{{ include "x" . }}"#,
        output(),
        message,
    );
    assert_eq!(
        execute("{{ range 100 }}x{{ end }}", limited(Some(1000), Some(1000))),
        Ok(vec![b'x'; 100])
    );
    assert_eq!(
        execute("{{ range 9000000000 }}{{ break }}{{ end }}", steps()),
        Ok(Vec::new())
    );
}

#[test]
fn recursion_ends_in_an_error() {
    let text = r#"{{ define "r" }}{{ template "r" . }}{{ end }}{{ template "r" . }}"#;
    check(
        text,
        Limits::default(),
        "exceeded maximum template depth (100000)",
    );
    let text = r#"{{ define "r" }}{{ if true }}{{ template "r" . }}{{ end }}{{ end }}{{ template "r" . }}"#;
    check(
        text,
        Limits::default(),
        "exceeded maximum template depth (100000)",
    );
    let text = r#"{{ define "r" }}{{ include "r" . }}{{ end }}{{ include "r" . }}"#;
    check(text, Limits::default(), "nested too deeply for the stack");
}

#[test]
fn includes_nest_a_thousand_times_and_templates_a_hundred_thousand_times_on_a_large_stack() {
    let work = || {
        let mut limits = Limits::default();
        limits.max_stack = 900 << 20;
        let text = r#"{{ define "r" }}{{ include "r" . }}{{ end }}{{ include "r" . }}"#;
        let message = "rendering template has a nested reference name: r: unable to execute template";
        check(text, limits.clone(), message);
        let text = r#"{{ define "r" }}{{ template "r" . }}{{ end }}{{ template "r" . }}"#;
        check(text, limits, "exceeded maximum template depth (100000)");
    };
    let thread = thread::Builder::new().stack_size(1 << 30).spawn(work).unwrap();
    thread.join().unwrap();
}

#[test]
fn deep_nesting_is_an_error_and_not_a_crash() {
    const DEEP: &str = "nested too deeply for the stack";
    for open in [
        "{{ if 1 }}",
        "{{ with 1 }}",
        "{{ range 1 }}",
        r#"{{ block "b" . }}"#,
    ] {
        check(&open.repeat(100_000), Limits::default(), DEEP);
    }
    check(
        &format!("{{{{ {}", "(".repeat(1_000_000)),
        Limits::default(),
        DEEP,
    );
    check(
        &format!("{{{{ any {}", "(any ".repeat(1_000_000)),
        Limits::default(),
        DEEP,
    );
    let nested = format!("{}x{}", "{{ if 1 }}".repeat(200), "{{ end }}".repeat(200));
    assert_eq!(execute(&nested, Limits::default()), Ok(b"x".to_vec()));
    let nested = format!("{{{{ {}1{} }}}}", "(".repeat(200), ")".repeat(200));
    assert_eq!(execute(&nested, Limits::default()), Ok(b"1".to_vec()));
}

#[test]
fn long_chains_are_no_nesting() {
    let arms = "{{ else if false }}x".repeat(50_000);
    let text = format!("{{{{ if false }}}}{arms}{{{{ else }}}}y{{{{ end }}}}");
    assert_eq!(execute(&text, Limits::default()), Ok(b"y".to_vec()));
    let text = format!("{{{{ 1 {} }}}}", "| any ".repeat(50_000));
    assert_eq!(execute(&text, Limits::default()), Ok(b"1".to_vec()));
    let text = format!("{{{{ (any nil){} }}}}", ".x".repeat(50_000));
    assert_eq!(execute(&text, Limits::default()), Ok(b"<no value>".to_vec()));
}

/// What templates are made of, and bytes that no text has.
const PIECES: [&[u8]; 40] = [
    b"{{",
    b"}}",
    b"{{-",
    b"-}}",
    b" ",
    b"\n",
    b"(",
    b")",
    b"|",
    b".",
    b"$",
    b"$x",
    b":=",
    b"=",
    b",",
    b"if ",
    b"else ",
    b"end",
    b"range ",
    b"with ",
    b"define ",
    b"block ",
    b"template ",
    b"break",
    b"nil",
    b"1",
    b"0x",
    b"1e",
    b"'",
    b"'a'",
    b"\"s\"",
    b"\"",
    b"`",
    b".a",
    b"any ",
    b"/*",
    b"*/",
    b"\\",
    b"\xff",
    b"\xc3\xa9",
];

#[test]
fn no_bytes_make_the_parser_panic() {
    let mut state = 0x1234_5678_9abc_def1_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % 1_000_003).unwrap() % below
    };
    for _ in 0..50_000 {
        let mut text = Vec::new();
        for _ in 0..random(16) {
            text.extend_from_slice(PIECES[random(PIECES.len())]);
        }
        let mut set = TemplateSet::new(functions::table());
        if set.parse("t", &text).is_ok() {
            drop(set.execute("t", &GoValue::string("x"), &mut Vec::new()));
        }
    }
}

#[test]
fn limits_are_told_from_other_failures() {
    let mut set = TemplateSet::new(FunctionTable::new());
    set.set_limits(limited(None, Some(10)));
    set.parse("t", b"{{ range 100 }}{{ end }}").unwrap();
    let error = set.execute("t", &GoValue::Nil, &mut Vec::new()).unwrap_err();
    assert_eq!(*error.detail(), Detail::Limit);
    assert_eq!(error.frame().unwrap().name, GoString::from("t"));
}
