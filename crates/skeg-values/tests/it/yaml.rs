//! Decoding and printing against sigs.k8s.io/yaml 1.6.0.

use skeg_values::{Value, json, yaml};

use crate::recorded;

#[test]
fn documents_decode_as_recorded() {
    let describe = |decoded: Result<Value, yaml::DecodeError>| match decoded {
        Ok(value) => (json::to_string(&value), String::new()),
        Err(error) => (String::new(), error.message().to_owned()),
    };
    for row in recorded(include_str!("../data/yaml-decode.jsonl")) {
        let text = row[0].as_bytes();
        let decoded = describe(yaml::decode(text));
        assert_eq!(decoded, (row[1].clone(), row[2].clone()), "{:?}", row[0]);
        let decoded = describe(yaml::decode_strict(text));
        assert_eq!(decoded, (row[3].clone(), row[4].clone()), "strict {:?}", row[0]);
    }
}

#[test]
fn values_print_as_recorded() {
    for row in recorded(include_str!("../data/yaml-encode.jsonl")) {
        let value = json::parse(row[0].as_bytes()).unwrap();
        assert_eq!(yaml::encode(&value), row[1], "{}", row[0]);
    }
}

#[test]
fn what_was_printed_decodes_to_the_same_value() {
    // go-yaml prints the key `<<` plain and then takes it for a merge key.
    let is_go_yaml_s_mistake = |row: &Vec<String>| row[1].contains("<<: ");
    for row in recorded(include_str!("../data/yaml-encode.jsonl")) {
        if is_go_yaml_s_mistake(&row) {
            continue;
        }
        let value = json::parse(row[0].as_bytes()).unwrap().into_float_numbers();
        let printed = yaml::encode(&value);
        let again = yaml::decode(printed.as_bytes()).unwrap_or_else(|e| panic!("{e}: {printed}"));
        assert_eq!(again.into_float_numbers(), value, "{printed}");
    }
}

#[track_caller]
fn check(yaml: &str, expected: &str) {
    let value = yaml::decode(yaml.as_bytes()).expect("because it is YAML");
    assert_eq!(json::to_string(&value), expected);
}

#[test]
fn scalars_resolve_as_in_go_yaml() {
    check("[y, No, ON, TRUE, n]", "[true,false,true,true,false]");
    check(
        "[0777, 0o17, 0x1F, 0b101, 1_000, -0b1, 0b-1]",
        "[511,15,31,5,1000,-1,-1]",
    );
    check(
        "[1e3, .5, 1., 08, 12:30:45, 2001-01-01]",
        r#"[1000,0.5,1,8,"12:30:45","2001-01-01"]"#,
    );
    check("[~, null, Null, '', 'null']", r#"[null,null,null,"","null"]"#);
    check(
        "[!!str 1, !!float 1, !!int '5', !x 1, !!binary YQ==]",
        r#"["1",1,5,"1","a"]"#,
    );
    check("", "null");
    check("a: 1\n---\nb: 2\n", r#"{"a":1}"#);
}

// Go-YAML 2.4.4 takes `\'`, which YAML does not know.
#[test]
fn apostrophes_may_be_escaped_in_double_quotes() {
    check(r#"a: "it\'s""#, r#"{"a":"it's"}"#);
    check(r#"["\'", "\\'"]"#, r#"["'","\\'"]"#);
    check(r#"["\"\'é\'", 'x\']"#, r#"["\"'é'","x\\"]"#);
    check(r#"['x', "é\'"]"#, r#"["x","é'"]"#);
    check(r#"["é", "\'"]"#, r#"["é","'"]"#);
    check("a: \"x\\'\n  \\'y\"\nb: \"\\'\"", r#"{"a":"x' 'y","b":"'"}"#);
    check_error(r#"a: "\' \q""#, "yaml: found unknown escape character", (1, 8));
}

#[test]
fn keys_become_text() {
    check(
        "1: a\n1.50: b\ny: c\n.inf: d",
        r#"{".inf":"d","1":"a","1.5":"b","true":"c"}"#,
    );
    check("a: 1\na: 2", r#"{"a":2}"#);
}

#[test]
fn merge_keys_apply_where_they_stand() {
    check("b: &b {x: 1}\nc: {x: 10, <<: *b}", r#"{"b":{"x":1},"c":{"x":1}}"#);
    check(
        "b: &b {x: 1}\nc: {<<: *b, x: 10}",
        r#"{"b":{"x":1},"c":{"x":10}}"#,
    );
    check(
        "a: &a {x: 1}\nb: &b {x: 2, z: 2}\nc: {<<: [*a, *b]}",
        r#"{"a":{"x":1},"b":{"x":2,"z":2},"c":{"x":1,"z":2}}"#,
    );
}

#[test]
fn a_replaced_infinity_does_no_harm() {
    check("a: .inf\na: 1", r#"{"a":1}"#);
}

#[track_caller]
fn check_error(yaml: &str, expected: &str, position: (u64, u64)) {
    let error = yaml::decode_strict(yaml.as_bytes()).expect_err("because it is wrong");
    assert_eq!(
        error.to_string(),
        format!("error converting YAML to JSON: {expected}")
    );
    assert_eq!(
        (error.line(), error.column()),
        (Some(position.0), Some(position.1))
    );
}

#[test]
fn errors_have_helm_s_text_and_the_true_position() {
    check_error(
        "a: b: c",
        "yaml: mapping values are not allowed in this context",
        (1, 5),
    );
    check_error(
        "a: 1\nb: c: d",
        "yaml: line 2: mapping values are not allowed in this context",
        (2, 5),
    );
    check_error(
        "a: 1\n b: 2\n",
        "yaml: line 2: mapping values are not allowed in this context",
        (2, 3),
    );
    check_error(
        "a: {\n",
        "yaml: line 1: did not find expected node content",
        (2, 1),
    );
    check_error("a: *x", "yaml: unknown anchor 'x' referenced", (1, 4));
    check_error(
        "a: {{ .x }}",
        r#"yaml: invalid map key: map[interface {}]interface {}{".x":interface {}(nil)}"#,
        (1, 5),
    );
    check_error(
        "a: 1\na: 2\n\"a\": 3",
        "yaml: unmarshal errors:\n  line 2: key \"a\" already set in map\n  line 3: key \"a\" already set in map",
        (2, 4),
    );
    check_error("a: !!int x", "yaml: cannot decode !!str `x` as a !!int", (1, 4));
    check_error("a: &a [*a]", "yaml: anchor 'a' value contains itself", (1, 8));
    check_error(
        "<<: 1",
        "yaml: map merge requires map or sequence of maps as the value",
        (1, 5),
    );
    check_error("a: .nan", "json: unsupported value: NaN", (1, 4));
    check_error(
        "~: 1",
        "unsupported map key of type: %!s(<nil>), key: <nil>, value: 1",
        (1, 4),
    );
}

/// Helm cannot print these, or loses them.
#[test]
fn what_json_does_not_carry_is_escaped() {
    let text = "\u{7f}\u{80}\u{85}\u{9f}\u{fffe}";
    let printed = yaml::encode(&Value::from(text));
    assert_eq!(printed, "\"\\x7F\\x80\\N\\x9F\\uFFFE\"\n");
    assert_eq!(yaml::decode(printed.as_bytes()), Ok(Value::from(text)));
    assert_eq!(yaml::encode(&Value::from(f64::NEG_INFINITY)), "-.inf\n");
}
