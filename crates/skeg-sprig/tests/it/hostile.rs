//! Arguments that are meant to do harm.

use skeg_go::{GoMap, GoValue};
use skeg_template::Function;

use crate::names::names_of;
use crate::{all_functions, call, outcome};

/// A map that contains itself.
fn endless() -> GoMap {
    let map = GoMap::new();
    map.insert("self", GoValue::Map(map.clone()));
    map
}

#[test]
fn maps_that_contain_themselves_are_refused() {
    let check = |name: &str, arguments: &[GoValue]| {
        assert!(
            outcome(name, arguments).unwrap_err().contains("too deeply"),
            "{name}"
        );
    };
    check("deepCopy", &[endless().into()]);
    check("merge", &[endless().into(), endless().into()]);
    check("mergeOverwrite", &[endless().into(), endless().into()]);
}

#[test]
fn nobody_gets_more_than_fits_in_memory() {
    let check = |name: &str, arguments: &[GoValue], expected: &str| {
        assert_eq!(outcome(name, arguments).unwrap_err(), expected, "{name}");
    };
    let most = GoValue::int(i64::MAX);
    let overflow = "strings: Repeat output length overflow";
    let too_long = "the text would be longer than 268435456 bytes";
    let too_many = "more than 67108864 numbers";
    check("repeat", &[most.clone(), "ab".into()], overflow);
    check("repeat", &[most.clone(), "a".into()], too_long);
    check("indent", &[most.clone(), "a".into()], too_long);
    check("nindent", &[GoValue::int(1 << 30), "\n\n\n".into()], too_long);
    check("until", std::slice::from_ref(&most), too_many);
    check("seq", &[GoValue::int(i64::MAX - 1)], too_many);
    check(
        "untilStep",
        &[GoValue::int(i64::MIN), most, GoValue::int(1)],
        too_many,
    );
}

/// Whoever calls checks the number and the types of the arguments, yet nothing breaks if nobody has.
#[test]
fn no_plain_function_panics_without_arguments_or_with_wrong_ones() {
    let values = [
        GoValue::Nil,
        GoValue::Bool(true),
        GoValue::int(i64::MIN),
        GoValue::Float(f64::NAN),
        GoValue::from("text"),
        GoValue::list(vec![GoValue::Nil]),
        GoValue::Map(GoMap::new()),
    ];
    let groups = [
        "dicts",
        "encoding",
        "lists",
        "logic",
        "numbers",
        "reflection",
        "strings",
    ];
    let is_ours = |function: &Function| {
        groups
            .into_iter()
            .flat_map(names_of)
            .any(|name| name == function.name)
    };
    for function in all_functions().into_iter().filter(is_ours) {
        for count in 0..=4 {
            for value in &values {
                let _outcome = call(&function, &vec![value.clone(); count]);
            }
        }
    }
}
