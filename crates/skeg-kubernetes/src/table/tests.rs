//! The text of tables. `cargo xtask fuzz table` compares with cli-runtime.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::{TablePrinter, resources_text};

fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_hours(24)
}

/// A table of these columns, of which those in brackets are for `-o wide`, and rows.
fn table(columns: &[&str], rows: &[&[&str]]) -> Value {
    let column = |name: &&str| {
        let priority = usize::from(name.starts_with('['));
        json!({"name": name.trim_matches(['[', ']']), "type": "string", "priority": priority})
    };
    let columns: Vec<Value> = columns.iter().map(column).collect();
    let rows: Vec<Value> = rows.iter().map(|cells| json!({"cells": cells})).collect();
    json!({"apiVersion": "meta.k8s.io/v1", "kind": "Table", "columnDefinitions": columns, "rows": rows})
}

#[track_caller]
fn check(objects: &[Value], expected: &str) {
    let mut printer = TablePrinter::default();
    let text: String = objects
        .iter()
        .map(|object| printer.print(object, now()))
        .collect();
    assert_eq!(text, expected);
}

#[test]
fn columns_are_aligned_and_wide_ones_left_out() {
    check(
        &[table(
            &["Name", "[UID]", "Type", "Age"],
            &[&["web", "u", "Opaque", "5m"], &["longer-name", "u", "x", "17h"]],
        )],
        "NAME          TYPE     AGE\nweb           Opaque   5m\nlonger-name   x        17h\n",
    );
}

#[test]
fn a_header_is_not_repeated_and_each_table_has_its_own_widths() {
    let config = |name: &str| table(&["Name", "Age"], &[&[name, "5m"]]);
    let secret = table(&["Name", "Type"], &[&["a", "Opaque"]]);
    check(
        &[config("long-name"), config("a"), secret, config("b")],
        "NAME        AGE\nlong-name   5m\na     5m\nNAME   TYPE\na      Opaque\nNAME   AGE\nb      5m\n",
    );
}

#[test]
fn empty_tables_print_nothing() {
    check(&[table(&["Name"], &[]), table(&["Name"], &[&["a"]])], "NAME\na\n");
    check(&[table(&[], &[])], "");
}

#[test]
fn a_cell_is_one_safe_line() {
    check(
        &[table(
            &["Message", "Age"],
            &[&["one\ntwo", "1s"], &["\u{1b}[31m", "2s"]],
        )],
        "MESSAGE   AGE\none...    1s\n^[[31m    2s\n",
    );
}

#[test]
fn cells_may_be_numbers_or_missing() {
    let mut table = table(&["Name", "Data", "Age"], &[&[], &[]]);
    table["rows"] = json!([{"cells": ["a", 2, null]}, {"cells": ["b"]}, {}]);
    check(&[table], "NAME   DATA   AGE\na      2      \nb\n\n");
}

#[test]
fn more_cells_than_columns_are_cut() {
    check(&[table(&["Name"], &[&["a", "b"]])], "NAME\na\n");
}

#[test]
fn objects_that_are_no_tables_have_a_name_and_an_age() {
    let object = |name: &str, created: &str| json!({"apiVersion": "a/v1", "kind": "Foo", "metadata": {"name": name, "creationTimestamp": created}});
    check(
        &[object("a", "1970-01-01T23:00:00Z"), object("b", "")],
        "NAME   AGE\na      60m\nb     <unknown>\n",
    );
    let list =
        json!({"kind": "FooList", "apiVersion": "a/v1", "items": [object("c", "1970-01-02T00:01:00Z")]});
    check(&[list], "NAME   AGE\nc      <invalid>\n");
}

#[test]
fn resources_are_grouped() {
    let config = table(&["Name", "Age"], &[&["a", "5m"]]);
    let secret = table(&["Name", "Type"], &[&["b", "Opaque"]]);
    let groups = [
        ("v1/ConfigMap".to_owned(), vec![config.clone(), config]),
        ("v1/Secret".to_owned(), vec![secret]),
    ];
    assert_eq!(
        resources_text(&groups, now()),
        "==> v1/ConfigMap\nNAME   AGE\na      5m\na     5m\n\n==> v1/Secret\nNAME   TYPE\nb      Opaque\n\n"
    );
    assert_eq!(resources_text(&[], now()), "");
}

#[test]
fn nonsense_is_no_panic() {
    for nonsense in [
        json!(null),
        json!([]),
        json!({"apiVersion": "meta.k8s.io/v1", "kind": "Table", "rows": [1, {"cells": {}}], "columnDefinitions": "x"}),
        json!({"items": [null, 1]}),
    ] {
        let _ignored = TablePrinter::default().print(&nonsense, now());
    }
}
