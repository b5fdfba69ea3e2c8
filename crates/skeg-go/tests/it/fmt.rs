//! `fmt` against Go 1.26.8.

use skeg_go::{GoMap, GoValue, fmt};

use crate::typed::{bytes, rows, typed};

#[track_caller]
fn check(format: &[u8], values: &[GoValue], expected: &[u8]) {
    let printed = fmt::sprintf(format, values);
    let text = String::from_utf8_lossy;
    assert_eq!(text(&printed), text(expected), "{:?} of {values:?}", text(format));
    assert_eq!(printed, expected, "{:?} of {values:?}", text(format));
}

#[test]
fn formats_print_as_recorded() {
    for row in rows(include_str!("../data/fmt.jsonl")) {
        let [format, args, expected] = row.as_slice() else {
            panic!("three columns")
        };
        let values: Vec<GoValue> = args.as_array().unwrap().iter().map(typed).collect();
        check(&bytes(format), &values, &bytes(expected));
    }
}

#[test]
fn values_print_alone_as_they_do_in_a_format() {
    for row in rows(include_str!("../data/fmt.jsonl")) {
        for value in row[1].as_array().unwrap().iter().map(typed) {
            let mut printed = Vec::new();
            fmt::write_value(&mut printed, &value);
            check(b"%v", std::slice::from_ref(&value), &printed);
        }
    }
}

#[track_caller]
fn check_print(values: &[GoValue], print: &str, println: &str) {
    assert_eq!(String::from_utf8_lossy(&fmt::sprint(values)), print);
    assert_eq!(String::from_utf8_lossy(&fmt::sprintln(values)), println);
}

// Every expectation was printed by Go 1.26.8.
#[test]
fn blanks_stand_between_values_that_are_no_strings() {
    let (one, text) = (GoValue::int(1), GoValue::from("a"));
    check_print(&[], "", "\n");
    check_print(&[one.clone(), one.clone()], "1 1", "1 1\n");
    check_print(&[one.clone(), text.clone(), one.clone()], "1a1", "1 a 1\n");
    check_print(&[text.clone(), text], "aa", "a a\n");
    check_print(
        &[GoValue::Nil, GoValue::Nil, one],
        "<nil> <nil> 1",
        "<nil> <nil> 1\n",
    );
}

/// Runs `test` with room for values that are as deep as they may be.
fn with_stack(test: fn()) {
    let thread = std::thread::Builder::new().stack_size(256 << 20).spawn(test);
    thread.unwrap().join().unwrap();
}

#[test]
fn maps_in_themselves_are_cut_off() {
    with_stack(|| {
        let map = GoMap::new();
        map.insert("a", map.clone());
        map.insert("b", map.clone());
        let value = GoValue::Map(map.clone());
        for format in ["%v", "%#v", "%d", "%+v", "%z"] {
            let length = fmt::sprintf(format.as_bytes(), std::slice::from_ref(&value)).len();
            assert!((10_000..1_000_000).contains(&length), "{format}: {length}");
        }
        assert!((10_000..100_000).contains(&fmt::to_text(&value).len()));
        map.remove("a");
        map.remove("b");
    });
}
