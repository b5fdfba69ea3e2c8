//! Numbers, JSON strings and quoted strings against Go 1.26.8.

use skeg_go::number::{format_f32, format_f64, format_json};
use skeg_go::{json, quote};

use crate::recorded;

#[test]
fn numbers_print_as_recorded() {
    for row in recorded(include_str!("../data/numbers.jsonl")) {
        let value = f64::from_bits(row[0].parse().unwrap());
        let printed = [format_f64(value), format_f32(value), format_json(value).unwrap()];
        assert_eq!(printed, row[1..], "{value:e}");
    }
}

#[test]
fn strings_print_as_recorded() {
    for row in recorded(include_str!("../data/strings.jsonl")) {
        let [text, expected_json, expected_quote] = row.as_slice() else {
            panic!("three columns")
        };
        let mut printed = String::new();
        json::write_string(&mut printed, text);
        assert_eq!(printed, *expected_json);
        assert_eq!(quote::quote(text), *expected_quote);
    }
}
