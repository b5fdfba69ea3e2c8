//! `reflect.DeepEqual` against Go 1.26.8.

use skeg_go::equal::deep_equal;
use skeg_go::{GoMap, GoType, GoValue, fmt};

use crate::typed::{rows, typed};

#[test]
fn values_are_equal_as_recorded() {
    for row in rows(include_str!("../data/equal.jsonl")) {
        let (left, right) = (typed(&row[0]), typed(&row[1]));
        assert_eq!(deep_equal(&left, &right), row[2].as_bool().unwrap(), "{row:?}");
    }
}

#[test]
fn the_very_same_list_equals_itself_despite_nan() {
    let list = GoValue::list(vec![GoValue::Float(f64::NAN)]);
    assert!(deep_equal(&list, &list.clone()));
    assert!(!deep_equal(&list, &GoValue::list(vec![GoValue::Float(f64::NAN)])));
}

#[test]
fn maps_in_themselves_are_compared() {
    let cyclic = |last: i64| {
        let map = GoMap::new();
        map.insert("again", map.clone());
        map.insert("number", GoValue::int(last));
        map
    };
    let (left, same, other) = (cyclic(1), cyclic(1), cyclic(2));
    assert!(deep_equal(&left.clone().into(), &same.clone().into()));
    assert!(!deep_equal(&left.clone().into(), &other.clone().into()));
    for map in [left, same, other] {
        map.remove("again");
    }
}

#[test]
fn maps_that_share_their_values_are_compared_once() {
    let tower = || {
        let mut map = GoMap::new();
        for _ in 0..200 {
            let next = GoMap::new();
            next.insert("a", map.clone());
            next.insert("b", map);
            map = next;
        }
        GoValue::Map(map)
    };
    assert!(deep_equal(&tower(), &tower()));
}

#[test]
fn a_nil_map_is_not_an_empty_one() {
    let nil = || GoValue::Map(GoMap::nil(GoType::Interface));
    assert!(deep_equal(&nil(), &nil()));
    assert!(!deep_equal(&nil(), &GoMap::new().into()));
    assert_eq!(
        fmt::sprintf(b"%v %#[1]v", &[nil()]),
        b"map[] map[string]interface {}(nil)"
    );
}
