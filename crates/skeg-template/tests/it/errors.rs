//! What errors tell beyond Go's text.

use std::error::Error;

use serde_json::json;
use skeg_go::{CallError, GoValue};
use skeg_template::{Detail, ExecError, FunctionTable, ParseError, TemplateSet};

use crate::{data, functions};

fn failure(text: &str) -> ExecError {
    let mut set = TemplateSet::new(functions::table());
    set.parse("dir/t.yaml", text.as_bytes()).unwrap();
    let data = data::decode(&json!({
        "a": "text", "n": 1, "Values": {"image": null, "list": [1]}, "box": {"$box": "B"},
        "names": {"$names": ["x"]},
    }));
    set.execute("dir/t.yaml", &data, &mut Vec::new()).unwrap_err()
}

#[track_caller]
fn check_frame(text: &str, place: (usize, usize), node: &str, source: &str) {
    let error = failure(text);
    let frame = error.frame().unwrap();
    assert_eq!(frame.name, "dir/t.yaml");
    assert_eq!(((frame.line, frame.column), frame.node.as_str()), (place, node));
    assert_eq!(frame.text, text);
    assert_eq!(&text[frame.span.clone()], source);
}

#[test]
fn frames_say_where() {
    check_frame("{{ .nope.x }}", (1, 8), ".nope.x", ".nope.x");
    check_frame(
        "a\n b {{ any  .Values.image.tag }}",
        (2, 18),
        ".Values.image.tag",
        ".Values.image.tag",
    );
    check_frame("{{ $.nope.x.y }}", (1, 4), "$.nope.x.y", "$.nope.x.y");
    check_frame(
        "{{ (any  .box).Broken }}",
        (1, 14),
        "(any .box).Broken",
        "(any  .box).Broken",
    );
    check_frame(
        r#"{{ fail   "x" | any }}"#,
        (1, 3),
        r#"fail "x""#,
        r#"fail   "x""#,
    );
    check_frame(
        r#"{{ fail (str  "x") }}"#,
        (1, 3),
        r#"fail (str "x")"#,
        r#"fail (str  "x")"#,
    );
    check_frame(r#"{{ num "x" }}"#, (1, 7), r#""x""#, r#""x""#);
    check_frame("{{ num true }}", (1, 7), "true", "true");
    check_frame("{{ num .n }}", (1, 7), ".n", ".n");
    check_frame("{{ num }}", (1, 3), "num", "num");
    check_frame("{{ num (1 | flt) }}", (1, 12), "flt", "flt");
    check_frame(
        r#"{{ template "x"  .a }}"#,
        (1, 12),
        r#"{{template "x" .a}}"#,
        r#""x"  .a"#,
    );
}

#[test]
fn frames_name_the_template_that_failed() {
    let error = failure("{{define \"x\"}}\n{{ .nope.x }}{{end}}{{template \"x\" .}}");
    let frame = error.frame().unwrap();
    assert_eq!(
        (frame.name.to_str(), frame.template.to_str()),
        (Some("dir/t.yaml"), Some("x"))
    );
    assert_eq!((frame.line, frame.column), (2, 8));
}

#[track_caller]
fn check_detail(text: &str, expected: &Detail) {
    assert_eq!(failure(text).detail(), expected);
}

fn nil_pointer(path: &str, nil: &str, field: &str) -> Detail {
    let [path, nil, field] = [path, nil, field].map(str::to_owned);
    Detail::NilPointer { path, nil, field }
}

#[test]
fn nil_pointers_name_the_part_that_is_nil() {
    check_detail("{{ .nope.x }}", &nil_pointer(".nope.x", ".nope", "x"));
    check_detail(
        "{{ .Values.image.tag }}",
        &nil_pointer(".Values.image.tag", ".Values.image", "tag"),
    );
    check_detail(
        "{{ .Values.x.y.z }}",
        &nil_pointer(".Values.x.y.z", ".Values.x", "y"),
    );
    check_detail(
        "{{ $.Values.x.y }}",
        &nil_pointer("$.Values.x.y", "$.Values.x", "y"),
    );
    check_detail(
        "{{ (any .).Values.x.y }}",
        &nil_pointer("(any .).Values.x.y", "(any .).Values.x", "y"),
    );
}

#[test]
fn missing_fields_have_candidates() {
    let missing = |type_name: &str, field: &str, candidates: &[&str]| Detail::MissingField {
        type_name: type_name.to_owned(),
        field: field.to_owned(),
        candidates: candidates.iter().map(|name| (*name).to_owned()).collect(),
    };
    check_detail("{{ .box.Nme }}", &missing("*main.Box", "Nme", &["Name"]));
    check_detail("{{ .box.Gret }}", &missing("*main.Box", "Gret", &["Greet"]));
    check_detail("{{ .box.Other }}", &missing("*main.Box", "Other", &[]));
    check_detail("{{ .names.Hs }}", &missing("main.Names", "Hs", &["Has"]));
    check_detail("{{ .a.x }}", &missing("string", "x", &[]));
}

#[test]
fn wrong_types_show_the_value() {
    let wrong = |value: &str, expected: &str, found: &str| Detail::WrongType {
        value: value.to_owned(),
        expected: expected.to_owned(),
        found: found.to_owned(),
    };
    check_detail("{{ str .n }}", &wrong("1", "string", "float64"));
    check_detail(
        "{{ .Values.list | str }}",
        &wrong("[1]", "string", "[]interface {}"),
    );
    check_detail("{{ num .a }}", &wrong("text", "int", "string"));
}

#[test]
fn unknown_templates_have_candidates() {
    let unknown = |name: &str, candidates: &[&str]| Detail::UnknownTemplate {
        name: name.to_owned(),
        candidates: candidates.iter().map(|name| (*name).to_owned()).collect(),
    };
    let text = r#"{{define "chart.labels"}}{{end}}{{template "chart.label" .}}"#;
    check_detail(text, &unknown("chart.label", &["chart.labels"]));
    check_detail(r#"{{template "other"}}"#, &unknown("other", &[]));

    let error = failure(r#"{{define "chart.labels"}}{{end}}{{include "chart.label" .}}"#);
    assert_eq!(
        *error.detail(),
        Detail::Call {
            function: "include".to_owned()
        }
    );
    let inner = error.source().and_then(Error::source).unwrap();
    let inner: &ExecError = inner.downcast_ref().unwrap();
    assert_eq!(*inner.detail(), unknown("chart.label", &["chart.labels"]));
    assert!(inner.frame().is_none());
}

#[test]
fn sources_lead_to_the_innermost_failure() {
    let error = failure(r#"{{define "x"}}{{ fail "deep" }}{{end}}{{ include "x" . }}"#);
    let call: &CallError = error.source().unwrap().downcast_ref().unwrap();
    let inner: &ExecError = call.source().unwrap().downcast_ref().unwrap();
    assert_eq!(call.to_string(), inner.to_string());
    assert_eq!(inner.source().unwrap().to_string(), "deep");
    assert_eq!(inner.message(), "error calling fail: deep");
    assert_eq!(error.message(), format!("error calling include: {inner}"));
    let outer =
        r#"template: dir/t.yaml:1:41: executing "dir/t.yaml" at <include "x" .>: error calling include: "#;
    assert_eq!(error.to_string(), format!("{outer}{inner}"));
}

fn parse_failure(text: &str) -> ParseError {
    let mut set = TemplateSet::new(functions::table());
    let error = set.parse("t", text.as_bytes()).unwrap_err();
    assert_eq!(set.source("t").unwrap(), text);
    error
}

#[test]
fn parse_errors_have_parts() {
    let error = parse_failure("a\n\n{{ inclde }}");
    assert_eq!((error.name().to_lossy().as_ref(), error.line()), ("t", 3));
    assert_eq!(error.message(), r#"function "inclde" not defined"#);
    assert_eq!(error.unknown_function().unwrap().candidates, ["include"]);
    assert_eq!(
        parse_failure("{{ prntf }}")
            .unknown_function()
            .unwrap()
            .candidates,
        ["printf"]
    );
    assert!(parse_failure("{{ if }}").unknown_function().is_none());
}

#[test]
fn what_was_printed_before_a_failure_is_there() {
    let mut set = TemplateSet::new(FunctionTable::new());
    set.parse("t", b"before {{ .x.y }} after").unwrap();
    let mut out = b"> ".to_vec();
    set.execute("t", &data::decode(&json!({})), &mut out).unwrap_err();
    assert_eq!(out, b"> before ");
    let error = set.execute("u", &GoValue::Nil, &mut out).unwrap_err();
    assert_eq!(
        error.to_string(),
        r#"template: no template "u" associated with template "gotpl""#
    );
}

#[test]
fn functions_replace_builtins_and_each_other() {
    let mut table = functions::table();
    let constant = |text: &'static str| skeg_go::GoFunction {
        name: "len",
        parameters: &[],
        variadic: Some(skeg_go::Parameter::Any),
        call: if text == "one" {
            |_| Ok("one".into())
        } else {
            |_| Ok("two".into())
        },
    };
    table.insert(constant("one"));
    table.insert(constant("two"));
    let count = table.len();
    assert_eq!(table.names().count(), count);
    let mut set = TemplateSet::new(table);
    set.parse("t", b"{{ len 1 2 3 }}").unwrap();
    let mut out = Vec::new();
    set.execute("t", &GoValue::Nil, &mut out).unwrap();
    assert_eq!(out, b"two");
}

#[test]
fn frames_of_texts_have_the_text() {
    let error = failure(r#"{{ tpl "a {{ .nope.x }}" . }}"#);
    let inner = error.source().and_then(Error::source).unwrap();
    let inner: &ExecError = inner.downcast_ref().unwrap();
    let frame = inner.frame().unwrap();
    assert_eq!((frame.name.to_str(), frame.column), (Some("gotpl"), 10));
    assert_eq!(&frame.text[frame.span.clone()], b".nope.x");
}
