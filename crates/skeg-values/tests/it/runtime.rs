//! Runtime values from and to YAML and JSON, against Go.

use std::error::Error;
use std::fmt::Write as _;

use skeg_go::{GoList, GoMap, GoType, GoValue};
use skeg_values::{Value, json, yaml};

use crate::{recorded, tagged};

#[track_caller]
fn check(value: &GoValue, what: &str, got: Result<Vec<u8>, impl Error>, expected: &str) {
    let got = match got {
        Ok(output) => format!("O{}", String::from_utf8(output).expect("because it is text")),
        Err(error) => format!("E{error}"),
    };
    assert_eq!(got, expected, "{what} of {value:?}");
}

#[test]
fn values_print_as_recorded() {
    for row in recorded(include_str!("../data/go-encode.jsonl")) {
        let [value, yaml, json, indented, raw, pretty] = row.as_slice() else {
            panic!("six columns")
        };
        let value = tagged::parse(value);
        check(&value, "yaml", yaml::encode_go(&value), yaml);
        check(&value, "json", json::encode_go(&value), json);
        check(&value, "indented json", json::encode_go_pretty(&value), indented);
        check(&value, "raw json", json::encode_go_raw(&value), raw);
        check(&value, "yaml v3", yaml::encode_pretty(&value), pretty);
    }
}

#[test]
fn documents_decode_as_recorded() {
    for row in recorded(include_str!("../data/go-decode.jsonl")) {
        let (value, error) = match yaml::decode_go(row[0].as_bytes()) {
            Ok(value) => (value, String::new()),
            Err(error) => (GoValue::Nil, error.to_string()),
        };
        assert_eq!([tagged::print(&value), error], row[1..], "{:?}", row[0]);
    }
}

#[test]
fn heads_are_read_as_recorded() {
    for row in recorded(include_str!("../data/go-head.jsonl")) {
        let values = GoMap::new();
        let mut message = String::new();
        match yaml::head(row[0].as_bytes()) {
            Ok(head) => {
                values.insert("v", head.api_version);
                values.insert("k", head.kind);
                values.insert("n", head.name);
                values.insert("a", head.annotations.into_iter().collect::<GoMap>());
            }
            Err(error) => message = error.to_string(),
        }
        assert_eq!([tagged::print(&values.into()), message], row[1..], "{:?}", row[0]);
    }
}

#[test]
fn json_decodes_as_in_helm() {
    for row in recorded(include_str!("../data/helm-from-json.jsonl")) {
        let decoded = json::decode_go_map(row[0].as_bytes());
        if let Some(error) = decoded.error {
            decoded.value.insert("Error", error.to_string());
        }
        let printed = json::encode_go(&decoded.value.into()).unwrap();
        assert_eq!(String::from_utf8(printed).unwrap(), row[1], "{:?}", row[0]);
    }
}

#[test]
fn only_maps_and_lists_are_what_they_are() {
    let error = |text: &[u8]| yaml::decode_go_map(text).unwrap_err().to_string();
    assert_eq!(
        error(b"- a"),
        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}"
    );
    assert!(yaml::decode_go_map(b"# nothing\n").unwrap().is_empty());
    assert!(yaml::decode_go_list(b"").unwrap().is_empty());
    assert_eq!(
        yaml::decode_go_list(b"a: b").unwrap_err().to_string(),
        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal object into Go value of type []interface {}"
    );
    assert!(json::decode_go_map(b"null").value.is_nil());
    let list = json::decode_go_list(b"{}");
    assert_eq!(
        list.error.unwrap().to_string(),
        "json: cannot unmarshal object into Go value of type []interface {}"
    );
}

#[test]
fn nil_maps_are_null() {
    let value = GoValue::Map(GoMap::nil(GoType::Interface));
    check(&value, "yaml", yaml::encode_go(&value), "Onull\n");
    check(&value, "json", json::encode_go(&value), "Onull");
    check(&value, "yaml v3", yaml::encode_pretty(&value), "O{}\n");
}

#[test]
fn broken_utf8_is_replaced_or_encoded() {
    let value = GoValue::from(b"a\xff\xe2\x82".to_vec());
    check(
        &value,
        "yaml",
        yaml::encode_go(&value),
        "Oa\u{fffd}\u{fffd}\u{fffd}\n",
    );
    check(
        &value,
        "json",
        json::encode_go(&value),
        "O\"a\u{fffd}\u{fffd}\u{fffd}\"",
    );
    check(
        &value,
        "yaml v3",
        yaml::encode_pretty(&value),
        "O!!binary Yf/igg==\n",
    );
}

#[test]
fn what_json_lacks_is_an_error() {
    let number = GoValue::from(f64::NAN);
    check(
        &number,
        "yaml",
        yaml::encode_go(&number),
        "Eerror marshaling into JSON: json: unsupported value: NaN",
    );
    check(&number, "yaml v3", yaml::encode_pretty(&number), "O.nan\n");
    let text = GoValue::from("a\u{7f}");
    let message = "Eyaml: control characters are not allowed";
    check(&text, "yaml", yaml::encode_go(&text), message);
    let long_key: GoMap = [("k".repeat(1200), "")].into_iter().collect();
    assert!(yaml::encode_go(&long_key.into()).is_err());
}

#[test]
fn cycles_are_found() {
    let map = GoMap::new();
    map.insert("a", GoValue::list(vec![map.clone().into()]));
    let value = GoValue::from(map.clone());
    let message = "json: unsupported value: encountered a cycle via map[string]interface {}";
    check(&value, "json", json::encode_go(&value), &format!("E{message}"));
    let yaml_message = format!("Eerror marshaling into JSON: {message}");
    check(&value, "yaml", yaml::encode_go(&value), &yaml_message);
    assert!(yaml::encode_pretty(&value).is_err());
    assert!(Value::from_go(&value).is_err());
    map.remove("a");
}

#[test]
fn documents_and_runtime_values_are_converted() {
    let document = yaml::decode(b"a: [1, 1.5, true, null, x, 18446744073709551615]\n").unwrap();
    let value = GoValue::from(&document);
    assert_eq!(
        tagged::print(&value),
        "{1:s1:a[6:i1;d3ff8000000000000;tns1:xu18446744073709551615;"
    );
    assert_eq!(Value::from_go(&value), Ok(document));
    let bytes = GoValue::from(GoList::bytes(b"foo".as_slice()));
    assert_eq!(Value::from_go(&bytes), Ok(Value::from("Zm9v")));
}

#[test]
fn hostile_documents_are_refused() {
    let deep_flow = "[".repeat(100_000);
    let deep_block = "- ".repeat(100_000);
    for text in [deep_flow.as_str(), deep_block.as_str()] {
        let error = yaml::decode_go(text.as_bytes()).unwrap_err();
        assert!(error.message().contains("exceeded max depth of 500"), "{error}");
    }
    let error = json::decode_go(deep_flow.as_bytes()).error.unwrap();
    assert_eq!(error.to_string(), "exceeded max depth");
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..9 {
        let alias = format!("*a{}", level - 1);
        let aliases = [alias.as_str(); 9].join(", ");
        writeln!(bomb, "a{level}: &a{level} [{aliases}]").unwrap();
    }
    let error = yaml::decode_go(bomb.as_bytes()).unwrap_err();
    assert_eq!(error.message(), "yaml: document contains excessive aliasing");
}

#[test]
fn unusual_encodings_are_read_or_refused() {
    let print = |text: &[u8]| match yaml::decode_go(text) {
        Ok(value) => tagged::print(&value),
        Err(error) => error.message().to_owned(),
    };
    assert_eq!(print("\u{feff}a: b\n".as_bytes()), "{1:s1:as1:b");
    assert_eq!(print(b"a: b\r\nc: |\r\n  d\r\n"), "{2:s1:as1:bs1:cs2:d\n");
    assert_eq!(print(b"a: \0\n"), "yaml: control characters are not allowed");
    assert_eq!(print(b"a: \xff\n"), "yaml: invalid leading UTF-8 octet");
}
