//! Categories and case mapping of all code points against Helm 4.3.1, texts against Go 1.26.8.

use serde_json::Value;
use skeg_go::{GoValue, fmt, quote, unicode};

use crate::typed::{bytes, rows};

fn ranges(name: &str) -> Vec<Vec<i64>> {
    let mut rows = rows(include_str!("../data/unicode.jsonl"));
    let row = rows.find(|row| row[0] == name).expect("because it is recorded");
    serde_json::from_value(row[1].clone()).expect("because ranges are arrays of integers")
}

#[track_caller]
fn check_category(name: &str, holds: fn(char) -> bool) {
    let ranges = ranges(name);
    for c in '\0'..=char::MAX {
        let code = i64::from(u32::from(c));
        let after = ranges.partition_point(|range| range[0] <= code);
        let recorded = after > 0 && code < ranges[after - 1][1];
        assert_eq!(holds(c), recorded, "{c:?} is {name}");
    }
}

#[test]
fn categories_are_as_recorded() {
    check_category("letter", unicode::is_letter);
    check_category("upper", unicode::is_upper);
    check_category("lower", unicode::is_lower);
    check_category("digit", unicode::is_digit);
    check_category("number", unicode::is_number);
    check_category("punctuation", unicode::is_punctuation);
    check_category("space", unicode::is_space);
    check_category("print", quote::is_print);
}

#[track_caller]
fn check_mapping(name: &str, map: fn(char) -> char) {
    let ranges = ranges(name);
    for c in '\0'..=char::MAX {
        let code = i64::from(u32::from(c));
        let after = ranges.partition_point(|range| range[0] <= code);
        let distance = if after > 0 && code < ranges[after - 1][1] {
            ranges[after - 1][2]
        } else {
            0
        };
        assert_eq!(i64::from(u32::from(map(c))), code + distance, "{c:?} {name}");
    }
}

#[test]
fn mappings_are_as_recorded() {
    check_mapping("to upper", unicode::upper);
    check_mapping("to lower", unicode::lower);
    check_mapping("to title", unicode::title_case);
}

#[track_caller]
fn check(row: &[Value], column: usize, mapped: &[u8]) {
    assert_eq!(mapped, bytes(&row[column]), "column {column} of {row:?}");
}

#[test]
fn texts_map_as_recorded() {
    for row in rows(include_str!("../data/unicode-text.jsonl")) {
        let text = bytes(&row[0]);
        check(&row, 1, &unicode::to_upper(&text));
        check(&row, 2, &unicode::to_lower(&text));
        check(&row, 3, &unicode::title(&text));
        check(&row, 4, unicode::trim_space(&text));
        let fields: Vec<Vec<u8>> = row[5].as_array().unwrap().iter().map(bytes).collect();
        assert_eq!(unicode::fields(&text).collect::<Vec<_>>(), fields, "{row:?}");
        let value = [GoValue::string(text)];
        check(&row, 6, &fmt::sprintf(b"%q", &value));
        check(&row, 7, &fmt::sprintf(b"%+q", &value));
        check(&row, 8, &fmt::sprintf(b"%#q", &value));
    }
}
