//! Structs against Helm 4.3.1's reading of Chart.yaml.

use std::error::Error;

use skeg_values::{ReadStructError, StructReader, yaml};

use crate::recorded;

/// Reads some fields of Chart.yaml and prints the name.
fn read(chart: &str) -> Result<String, Box<dyn Error>> {
    let value = yaml::decode_for_struct(chart.as_bytes())?;
    let mut reader = StructReader::new(&value, "v2.Metadata")?;
    let name = reader.string("name");
    let app_version = reader.string("appVersion");
    reader.string("version");
    reader.string("type");
    reader.strings("keywords");
    reader.bool("deprecated");
    let annotations = reader.string_map("annotations");
    let maintainers = reader.structs("maintainers", "v2.Maintainer", |reader| {
        (reader.string("name"), reader.string("email"))
    });
    reader.structs("dependencies", "v2.Dependency", |reader| {
        reader.string("name");
        reader.string("version");
        reader.bool("enabled");
        reader.strings("tags");
        reader.values("import-values")
    });
    reader.finish()?;
    Ok(format!("{name}|{app_version}|{annotations:?}|{maintainers:?}"))
}

#[test]
fn mistakes_are_reported_as_helm_does() {
    for row in recorded(include_str!("../data/helm-chart-yaml.jsonl")) {
        let [chart, expected] = row.as_slice() else {
            panic!("two columns")
        };
        let error = read(chart).err().map(|error| error.to_string());
        assert_eq!(error.unwrap_or_default(), *expected, "{chart}");
    }
}

#[track_caller]
fn check(chart: &str, expected: &str) {
    assert_eq!(read(chart).expect("because it fits"), expected);
}

#[test]
fn scalars_become_text() {
    check("name: 1.20\nappVersion: true", "1.2|true|None|[]");
    check("name: 16777217.0\nappVersion: 0x10", "1.6777216e+07|16|None|[]");
    check(
        "name: .inf\nappVersion: 18446744073709551615",
        "+Inf|18446744073709551615|None|[]",
    );
    check(
        "name: ~\nannotations: {a: 1, b: ~}",
        r#"||Some({"a": "1", "b": ""})|[]"#,
    );
    check(
        "annotations: {}\nmaintainers: [{name: 1}, ~]",
        r#"||Some({})|[Some(("1", "")), None]"#,
    );
    check("", "||None|[]");
}

#[test]
fn names_match_in_any_case_and_the_last_wins() {
    check("name: a\nName: b\nAPPVERSION: c", "a|c|None|[]");
}

#[test]
fn numbers_that_json_lacks_may_be_text_and_nothing_else() {
    let value = yaml::decode_for_struct(b"other: -.inf\nname: [.inf, .nan, .inf]\n").unwrap();
    let mut reader = StructReader::new(&value, "T").unwrap();
    assert_eq!(reader.strings("name"), ["+Inf", "NaN", "+Inf"]);
    let error = reader.finish().unwrap_err();
    assert_eq!(error, ReadStructError::NonFinite("-Inf".to_owned()));

    // Many of them take no longer than many others.
    let many = format!("name: [{}]\n", ".inf, .nan, ".repeat(100_000));
    let value = yaml::decode_for_struct(many.as_bytes()).unwrap();
    let mut reader = StructReader::new(&value, "T").unwrap();
    assert_eq!(reader.strings("name").len(), 200_000);
    assert_eq!(reader.finish(), Ok(()));
}

#[test]
fn the_first_mistake_in_bytewise_order_is_reported() {
    let value = yaml::decode_for_struct(b"z: {}\na: [[], {}]\n").unwrap();
    let mut reader = StructReader::new(&value, "T").unwrap();
    reader.string("z");
    assert_eq!(reader.strings("a"), ["", ""]);
    let error = reader.finish().unwrap_err();
    assert!(matches!(error, ReadStructError::WrongKind { path, .. } if path == ".a.0"));
}
