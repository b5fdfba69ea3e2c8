//! `strconv` against Go 1.26.8.

use std::fmt::Display;

use serde_json::Value;
use skeg_go::quote::unquote;
use skeg_go::strconv::{
    FloatFormat, NumberError, atoi, format_float, format_int, parse_bool, parse_float, parse_int, parse_uint,
};

use crate::typed::{bytes, rows};

/// What Go returns: the value, and the text of the error.
fn both<T: Display>(parsed: Result<T, NumberError<T>>) -> (String, Option<String>) {
    match parsed {
        Ok(value) => (value.to_string(), None),
        Err(error) => {
            let text = error.to_string();
            (error.into_value().to_string(), Some(text))
        }
    }
}

fn expected(value: &Value, error: &Value) -> (String, Option<String>) {
    let text = |value: &Value| value.as_str().expect("because it is a string").to_owned();
    (text(value), (!error.is_null()).then(|| text(error)))
}

fn small(value: &Value) -> u32 {
    value
        .as_u64()
        .and_then(|number| u32::try_from(number).ok())
        .expect("because it is small")
}

#[test]
fn integers_parse_as_recorded() {
    for row in rows(include_str!("../data/strconv-integers.jsonl")) {
        let (text, base, bits) = (bytes(&row[0]), small(&row[1]), small(&row[2]));
        assert_eq!(
            both(parse_int(&text, base, bits)),
            expected(&row[3], &row[4]),
            "{row:?}"
        );
        assert_eq!(
            both(parse_uint(&text, base, bits)),
            expected(&row[5], &row[6]),
            "{row:?}"
        );
    }
}

#[test]
fn floats_parse_as_recorded() {
    for row in rows(include_str!("../data/strconv-floats.jsonl")) {
        let (parsed, error) = match parse_float(&bytes(&row[0])) {
            Ok(value) => (value, None),
            Err(error) => (error.clone().into_value(), Some(error.to_string())),
        };
        assert_eq!(error.as_deref(), row[2].as_str(), "{row:?}");
        let recorded = f64::from_bits(row[1].as_str().unwrap().parse().unwrap());
        let same = parsed.to_bits() == recorded.to_bits() || parsed.is_nan() && recorded.is_nan();
        assert!(same, "{row:?}: {parsed:e} and not {recorded:e}");
    }
}

#[test]
fn floats_format_as_recorded() {
    for row in rows(include_str!("../data/strconv-format.jsonl")) {
        let value = f64::from_bits(row[0].as_str().unwrap().parse().unwrap());
        let format = match row[1].as_str().unwrap() {
            "e" => FloatFormat::Exponent,
            "f" => FloatFormat::Plain,
            "g" => FloatFormat::General,
            "b" => FloatFormat::Binary,
            _ => FloatFormat::Hexadecimal,
        };
        let precision = row[2]
            .as_u64()
            .map(|precision| usize::try_from(precision).unwrap());
        assert_eq!(
            format_float(value, format, precision),
            row[3].as_str().unwrap(),
            "{row:?}"
        );
    }
}

#[test]
fn literals_are_read_as_recorded() {
    for row in rows(include_str!("../data/unquote.jsonl")) {
        let expected = (!row[1].is_null()).then(|| bytes(&row[1]));
        assert_eq!(unquote(&bytes(&row[0])), expected, "{row:?}");
    }
}

// Every expectation was printed by Go 1.26.8.
#[test]
fn atoi_is_decimal() {
    assert_eq!(both(atoi(b"08")), ("8".into(), None));
    assert_eq!(both(atoi(b"-7")), ("-7".into(), None));
    check_atoi_error(b"0x10", "0", r#"strconv.Atoi: parsing "0x10": invalid syntax"#);
    check_atoi_error(b"", "0", r#"strconv.Atoi: parsing "": invalid syntax"#);
    check_atoi_error(b"+", "0", r#"strconv.Atoi: parsing "+": invalid syntax"#);
    check_atoi_error(
        b"9223372036854775808",
        "9223372036854775807",
        r#"strconv.Atoi: parsing "9223372036854775808": value out of range"#,
    );
}

#[track_caller]
fn check_atoi_error(text: &[u8], value: &str, error: &str) {
    assert_eq!(both(atoi(text)), (value.into(), Some(error.into())));
}

#[test]
fn booleans_have_thirteen_spellings() {
    for text in ["1", "t", "T", "true", "TRUE", "True"] {
        assert_eq!(parse_bool(text.as_bytes()), Ok(true));
    }
    for text in ["0", "f", "F", "false", "FALSE", "False"] {
        assert_eq!(parse_bool(text.as_bytes()), Ok(false));
    }
    for text in ["", "tRUE", "yes", " true"] {
        let error = parse_bool(text.as_bytes()).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("strconv.ParseBool: parsing {text:?}: invalid syntax")
        );
    }
}

#[test]
fn integers_format_in_any_base() {
    assert_eq!(format_int(-255, 16), "-ff");
    assert_eq!(format_int(0, 2), "0");
    assert_eq!(format_int(i64::MIN, 10), "-9223372036854775808");
    assert_eq!(format_int(i64::MIN, 36), "-1y2p0ij32e8e8");
}
