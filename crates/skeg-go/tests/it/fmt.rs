//! `fmt` against Go 1.26.8.

use std::any::Any;

use skeg_go::{GoMap, GoObject, GoValue, Kind, fmt};

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
    let thread = thread.expect("because there is memory");
    thread.join().expect("because the test holds");
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

/// A duration: an integer with a `String` method.
#[derive(Debug)]
struct Duration(i64);

impl GoObject for Duration {
    fn type_name(&self) -> &'static str {
        "time.Duration"
    }

    fn kind(&self) -> Kind {
        Kind::Int64
    }

    fn to_text(&self) -> String {
        format!("{}s", self.0 / 1_000_000_000)
    }

    fn to_json(&self) -> GoValue {
        GoValue::int64(self.0)
    }

    fn as_i64(&self) -> Option<i64> {
        Some(self.0)
    }

    fn is_equal(&self, _: &dyn GoObject) -> bool {
        false
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A struct, or a pointer to it, without a `String` method.
#[derive(Debug)]
struct Pair(&'static str);

impl GoObject for Pair {
    fn type_name(&self) -> &str {
        self.0
    }

    fn kind(&self) -> Kind {
        if self.0.starts_with('*') {
            Kind::Pointer
        } else {
            Kind::Struct
        }
    }

    fn fields(&self) -> Option<Vec<(&'static str, GoValue)>> {
        Some(vec![
            ("Cert", GoValue::from("c")),
            ("Key", GoValue::strings(["k"])),
        ])
    }

    fn to_text(&self) -> String {
        unreachable!("because there are fields")
    }

    fn to_json(&self) -> GoValue {
        GoValue::Nil
    }

    fn is_equal(&self, _: &dyn GoObject) -> bool {
        false
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[track_caller]
fn check_object(format: &str, object: impl GoObject + 'static, expected: &str) {
    let value = GoValue::object(object);
    let nested = GoValue::list(vec![value.clone()]);
    check(
        format.as_bytes(),
        std::slice::from_ref(&value),
        expected.as_bytes(),
    );
    if !expected.contains('&') && !matches!(format, "%#v" | "%w") {
        check(format.as_bytes(), &[nested], format!("[{expected}]").as_bytes());
    }
}

// Every expectation was printed by Go 1.26.8, for a `time.Duration` and `struct { Cert string; Key []string }`.
#[test]
fn objects_print_as_go_does() {
    let second = || Duration(1_000_000_000);
    check_object("%v", second(), "1s");
    check_object("%s", second(), "1s");
    check_object("%q", second(), "\"1s\"");
    check_object("%5s", second(), "   1s");
    check_object("%x", second(), "3173");
    check_object("%d", second(), "1000000000");
    check_object("%+d", second(), "+1000000000");
    check_object("%#v", second(), "1000000000");
    check_object("%f", second(), "%!f(time.Duration=1000000000)");
    check_object("%w", second(), "%!w(time.Duration=1000000000)");
    check_object("%v", Pair("main.P"), "{c [k]}");
    check_object("%+v", Pair("main.P"), "{Cert:c Key:[k]}");
    check_object("%#v", Pair("main.P"), "main.P{Cert:\"c\", Key:[]string{\"k\"}}");
    check_object("%d", Pair("main.P"), "{%!d(string=c) [%!d(string=k)]}");
    check_object("%s", Pair("main.P"), "{c [k]}");
    check_object("%v", Pair("*main.P"), "&{c [k]}");
    check_object("%+v", Pair("*main.P"), "&{Cert:c Key:[k]}");
    check_object("%#v", Pair("*main.P"), "&main.P{Cert:\"c\", Key:[]string{\"k\"}}");
    check(
        b"%v",
        &[GoValue::list(vec![GoValue::object(Pair("*main.P"))])],
        b"[0xc000012000]",
    );
}
