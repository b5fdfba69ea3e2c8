//! The `--set` family against Helm 4.3.1.

use skeg_go::GoValue;
use skeg_values::{UserValues, decode_values, set, yaml};

use crate::{recorded, tagged};

#[test]
fn arguments_are_applied_as_recorded() {
    for row in recorded(include_str!("../data/go-set.jsonl")) {
        let [_, function, values, argument, expected, message] = row.as_slice() else {
            panic!("six columns")
        };
        let value = tagged::parse(values);
        let values = value.as_map().unwrap();
        let result = match function.as_str() {
            "strvals" => set::typed(argument, values),
            "strvals-string" => set::strings(argument, values),
            "strvals-json" => set::json(argument, values),
            "strvals-literal" => set::literal(argument, values),
            _ => set::files(argument, values, &mut read),
        };
        match result {
            Ok(()) => assert_eq!(
                [&tagged::print(&value), ""],
                [expected, message.as_str()],
                "{argument:?}"
            ),
            // Helm does not show what is wrong with JSON.
            Err(_) if function == "strvals-json" => assert_ne!(message, "", "{argument:?}"),
            Err(error) => assert_eq!(error.to_string(), *message, "{argument:?}"),
        }
    }
}

fn read(path: &str) -> Result<Vec<u8>, set::ReadFileError> {
    match path {
        "foo" => Err("open foo: no".into()),
        "values.yaml" => Ok(b"a: {b: 1}\n---\na: {c: 2}\n".to_vec()),
        "bad.yaml" => Ok(b"- a\n".to_vec()),
        path => Ok(format!("<{path}>").into_bytes()),
    }
}

#[track_caller]
fn check(values: &UserValues, expected: &str) {
    let printed = match values.merge(&mut read) {
        Ok(values) => {
            let printed = yaml::encode_go(&values.into()).expect("because it can be printed");
            String::from_utf8(printed).expect("because it is text")
        }
        Err(error) => error.to_string(),
    };
    assert_eq!(printed, expected);
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn kinds_of_flags_have_an_order() {
    let values = UserValues {
        files: strings(&["values.yaml"]),
        json: strings(&["a.d=[1]", " {\"a\": {\"e\": true}}"]),
        typed: strings(&["a.b=x,f=1"]),
        strings: strings(&["f=2"]),
        file_values: strings(&["g=path"]),
        literals: strings(&["h=a,b\\c"]),
    };
    let expected = "a:\n  b: x\n  c: 2\n  d:\n  - 1\n  e: true\nf: \"2\"\ng: <path>\nh: a,b\\c\n";
    check(&values, expected);
}

#[test]
fn mistakes_are_reported_as_helm_does() {
    let typed = UserValues {
        typed: strings(&["a,"]),
        ..UserValues::default()
    };
    check(
        &typed,
        "failed parsing --set data: key \"a\" has no value (cannot end with ,)",
    );
    let text = UserValues {
        strings: strings(&["a"]),
        ..UserValues::default()
    };
    check(&text, "failed parsing --set-string data: key \"a\" has no value");
    let file = UserValues {
        file_values: strings(&["a=foo"]),
        ..UserValues::default()
    };
    check(&file, "failed parsing --set-file data: open foo: no");
    let literal = UserValues {
        literals: strings(&["a[x]=1"]),
        ..UserValues::default()
    };
    check(
        &literal,
        "failed parsing --set-literal data: error parsing index: strconv.Atoi: parsing \"x\": invalid syntax",
    );
    let json = UserValues {
        json: strings(&["a={"]),
        ..UserValues::default()
    };
    check(&json, "failed parsing --set-json data a={");
    let object = UserValues {
        json: strings(&["{a"]),
        ..UserValues::default()
    };
    check(&object, "failed parsing --set-json data JSON: {a");
    let values = UserValues {
        files: strings(&["bad.yaml"]),
        ..UserValues::default()
    };
    check(
        &values,
        "failed to parse bad.yaml: cannot unmarshal yaml document: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}",
    );
}

#[test]
fn hostile_arguments_are_refused() {
    let value = GoValue::Map(decode_values(b"").unwrap());
    let values = value.as_map().unwrap();
    let names = format!("{}=1", ["a"; 40].join("."));
    assert_eq!(
        set::typed(&names, values).unwrap_err().to_string(),
        "value name nested level is greater than maximum supported nested level of 30"
    );
    let indexes = format!("a{}=1", "[0]".repeat(100_000));
    assert_eq!(
        set::typed(&indexes, values).unwrap_err().to_string(),
        "more than 200 indexes in a row"
    );
    assert_eq!(
        set::typed("a[99999999]=1", values).unwrap_err().to_string(),
        "index of 99999999 is greater than maximum supported index of 65536"
    );
    assert_eq!(
        decode_values(b"a: 1\n--- x\n").unwrap_err().to_string(),
        "error reading yaml document: invalid Yaml document separator: x"
    );
}
