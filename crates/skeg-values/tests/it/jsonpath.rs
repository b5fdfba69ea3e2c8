//! Templates against client-go 0.37.1.

use skeg_values::json;
use skeg_values::jsonpath::JsonPath;

use crate::recorded;

fn run(template: &str, value: &str) -> String {
    let value = json::parse(value.as_bytes()).expect("because it is JSON");
    match JsonPath::parse(template) {
        Err(error) => format!("P{error}"),
        Ok(template) => match template.evaluate(&value) {
            Err(error) => format!("X{error}"),
            Ok(output) => format!("O{output}"),
        },
    }
}

#[test]
fn templates_print_as_recorded() {
    for row in recorded(include_str!("../data/jsonpath.jsonl")) {
        assert_eq!(run(&row[0], &row[1]), row[2], "{:?} of {}", row[0], row[1]);
    }
}

/// What `helm show values --jsonpath` of Helm 4.3.1 prints. Where a template does not apply it prints nothing.
#[test]
fn templates_print_as_helm_does() {
    for row in recorded(include_str!("../data/helm-jsonpath.jsonl")) {
        let [template, values, expected] = row.as_slice() else {
            panic!("three columns")
        };
        let printed = match run(template, values) {
            parse_error if parse_error.starts_with('P') => {
                format!(
                    "Error: error parsing jsonpath {template}: {}\n",
                    &parse_error[1..]
                )
            }
            output if output.starts_with('O') => output[1..].to_owned(),
            _ => String::new(),
        };
        assert_eq!(printed, *expected, "{template}");
    }
}

#[test]
fn nesting_is_bounded() {
    let filters = format!("{{.a{}{}}}", "[?(@.a".repeat(60), ")]".repeat(60));
    assert!(JsonPath::parse(&filters).is_err());
    let ranges = format!("{}{}", "{range @}".repeat(200), "{end}".repeat(200));
    assert_eq!(run(&ranges, "{}"), "Xranges are nested too deeply");
}
