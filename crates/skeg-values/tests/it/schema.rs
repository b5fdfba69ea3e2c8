//! Schemas and values, as `helm template` judges them.

use std::cell::RefCell;
use std::rc::Rc;

use serde_json::Value as Json;
use skeg_go::{GoMap, GoValue};
use skeg_values::schema::{self, SchemaError, SchemaSource};
use skeg_values::yaml;

/// The files that do not exist where the expectations were recorded.
struct NoFiles;

impl SchemaSource for NoFiles {
    fn load(&self, url: &str) -> Result<Vec<u8>, String> {
        let path = url.strip_prefix("file://").unwrap_or(url);
        Err(format!("open {path}: no such file or directory"))
    }
}

#[test]
fn schemas_judge_as_helm_does() {
    let rows = include_str!("../data/helm-schema.jsonl");
    let mut failures = Vec::new();
    for row in rows.lines().skip(1) {
        let row: Json = serde_json::from_str(row).expect("because it was recorded");
        let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
        let values = yaml::decode(text("values").as_bytes()).expect("because helm read it");
        let got = schema::validate(text("schema").as_bytes(), &values.into_float_numbers(), NoFiles);
        let got = got.err().map(|error| error.to_string());
        if got.as_deref() != row["text"].as_str() {
            failures.push(format!(
                "{} | {}\n got {got:?}\nwant {:?}",
                text("schema"),
                text("values"),
                row["text"].as_str()
            ));
        }
    }
    assert!(failures.is_empty(), "{}\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn failures_say_where_they_are() {
    let values = yaml::decode(b"image: {tag: 1}\nports: [{}, {name: x}]\n").unwrap();
    let schema = br#"{"properties": {
        "image": {"properties": {"tag": {"type": "string"}}},
        "ports": {"items": {"required": ["name"]}}
    }}"#;
    let Err(SchemaError::Violations(violations)) = schema::validate(schema, &values, NoFiles) else {
        panic!("the values do not follow the schema");
    };
    let places: Vec<_> = violations
        .iter()
        .map(|violation| (violation.instance_path.join("."), violation.keyword))
        .collect();
    assert_eq!(
        places,
        [
            ("image.tag".to_owned(), Some("type")),
            ("ports.0".to_owned(), Some("required"))
        ]
    );
}

#[test]
fn what_templates_see_can_be_judged_too() {
    let values = GoValue::from(GoMap::from_iter([
        ("replicas", GoValue::int64(2)),
        ("name", GoValue::Nil),
    ]));
    let check =
        |schema: &str| schema::validate(schema.as_bytes(), &values, NoFiles).map_err(|e| e.to_string());
    assert_eq!(
        check(r#"{"properties": {"replicas": {"type": "integer"}}}"#),
        Ok(())
    );
    assert_eq!(
        check(r#"{"properties": {"name": {"type": "string"}}}"#),
        Err("- at '/name': got null, want string\n".to_owned())
    );
}

/// Has one schema, and remembers which URNs it did not know.
struct OneSchema(Rc<RefCell<Vec<String>>>);

impl SchemaSource for OneSchema {
    fn load(&self, url: &str) -> Result<Vec<u8>, String> {
        match url {
            "https://example.com/port.json" => Ok(br#"{"maximum": 65535}"#.to_vec()),
            "https://example.com/broken.json" => Ok(b"{".to_vec()),
            _ => Err(format!("HTTP request to {url} returned status 404 (Not Found)")),
        }
    }

    fn unresolved_urn(&self, urn: &str) {
        self.0.borrow_mut().push(urn.to_owned());
    }
}

#[track_caller]
fn check_reference(reference: &str, expected: Result<(), &str>) -> Vec<String> {
    let values = yaml::decode(b"port: 70000\n").expect("because it is YAML");
    let schema = format!(r#"{{"properties": {{"port": {{"$ref": "{reference}"}}}}}}"#);
    let urns = Rc::new(RefCell::default());
    let got = schema::validate(schema.as_bytes(), &values, OneSchema(Rc::clone(&urns)));
    assert_eq!(
        got.map_err(|error| error.to_string()),
        expected.map_err(str::to_owned)
    );
    urns.take()
}

#[test]
fn references_are_loaded() {
    check_reference(
        "https://example.com/port.json",
        Err("- at '/port': maximum: got 70,000, want 65,535\n"),
    );
    check_reference(
        "https://example.com/none.json",
        Err(
            "failing loading \"https://example.com/none.json\": HTTP request to https://example.com/none.json \
             returned status 404 (Not Found)",
        ),
    );
    check_reference(
        "https://example.com/broken.json",
        Err("failing loading \"https://example.com/broken.json\": unexpected EOF"),
    );
    check_reference(
        "ftp://example.com/x",
        Err("failing loading \"ftp://example.com/x\": no URLLoader registered for \"ftp://example.com/x\""),
    );
    assert_eq!(check_reference("urn:example:port", Ok(())), ["urn:example:port"]);
}

#[track_caller]
fn check_hostile(schema: &str) {
    let values = yaml::decode(b"a: {a: {a: x}}\n").expect("because it is YAML");
    assert!(schema::validate(schema.as_bytes(), &values, NoFiles).is_err());
}

#[test]
fn hostile_schemas_end() {
    let depth = 100_000;
    check_hostile(&format!("{}{}", r#"{"not":"#.repeat(depth), "}".repeat(depth)));
    check_hostile(&"[".repeat(depth));
    check_hostile(r##"{"allOf": [{"$ref": "#"}]}"##);
    check_hostile(
        r##"{"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}"##,
    );
    check_hostile(r#"{"propertyNames": {"pattern": "(((((x{1000}){1000}){1000}){1000}){1000})"}}"#);
    check_hostile(r#"{"propertyNames": {"pattern": "^(([a-z])+.)+[A-Z]([a-z])+$"}}"#);
}
