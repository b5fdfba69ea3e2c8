//! Input that means harm: deep, exploding, broken.

use std::fmt::Write as _;

use skeg_values::{Map, Value, json, yaml};

#[track_caller]
fn check_error(yaml: &str, expected: &str) {
    let error = yaml::decode(yaml.as_bytes()).expect_err("because it means harm");
    assert!(error.message().contains(expected), "{error}");
}

#[test]
fn deep_documents_are_refused() {
    check_error(&"[".repeat(1_000_000), "exceeded max depth of 500");
    check_error(&"{a: ".repeat(1_000_000), "exceeded max depth of 500");
    check_error(&"- ".repeat(100_000), "exceeded max depth of 500");
    check_error(&"? ".repeat(100_000), "exceeded max depth of 500");
}

#[test]
fn five_hundred_levels_are_fine() {
    let text = format!("{}{}", "[".repeat(500), "]".repeat(500));
    let value = yaml::decode(text.as_bytes()).unwrap();
    assert_eq!(json::to_string(&value), text);
    assert_eq!(yaml::decode(yaml::encode(&value).as_bytes()), Ok(value));
}

#[test]
fn depth_counts_through_aliases() {
    let mut text = String::from("a0: &a0 x\n");
    for level in 1..=100 {
        let open = "[".repeat(20);
        let close = "]".repeat(20);
        let below = level - 1;
        writeln!(text, "a{level}: &a{level} {open}*a{below}{close}")
            .expect("because a string takes any text");
    }
    check_error(&text, "exceeded max depth of 500");
}

#[test]
fn alias_bombs_are_refused() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..9 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        writeln!(text, "a{level}: &a{level} [{aliases}]").expect("because a string takes any text");
    }
    check_error(&text, "document contains excessive aliasing");
}

/// Go-YAML's natural order has cycles; sorting must survive them.
#[test]
fn keys_in_a_cyclic_order_are_printed() {
    let map: Map = (0..500)
        .flat_map(|n| {
            [
                format!("{n}"),
                format!("0{n}"),
                format!("{n}e{n}"),
                format!("{n}."),
            ]
        })
        .chain(["18446744073709551615".to_owned(), "\n".to_owned()])
        .map(|key| (key, Value::Null))
        .collect();
    let value = Value::from(map);
    assert_eq!(yaml::decode(yaml::encode(&value).as_bytes()), Ok(value));
}

#[test]
fn any_bytes_are_decoded_or_refused() {
    let mut state = 1_u64;
    for _ in 0..2000 {
        let bytes: Vec<u8> = (0..64)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                b"ab:-? \n\t'\"[]{},&*!|>%@#\\x0~\xff\xc3"[(state >> 33) as usize % 29]
            })
            .collect();
        if let Ok(value) = yaml::decode(&bytes) {
            assert_eq!(yaml::decode(yaml::encode(&value).as_bytes()), Ok(value));
        }
    }
}
