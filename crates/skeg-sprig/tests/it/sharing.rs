//! Which maps a result shares with the arguments, as Sprig does.

use serde_json::{Value, json};
use skeg_go::{GoMap, GoType, GoValue, NamedType};

use crate::codec::{decode, encode};
use crate::outcome;

/// Calls a function that returns a map.
#[track_caller]
fn returned_map(name: &str, arguments: &[GoValue]) -> GoMap {
    outcome(name, arguments).unwrap().as_map().unwrap().clone()
}

#[track_caller]
fn check(map: &GoMap, expected: &Value) {
    assert_eq!(encode(&GoValue::Map(map.clone())), json!({ "map": expected }));
}

fn map(entries: &Value) -> GoMap {
    decode(&json!({ "map": entries })).as_map().unwrap().clone()
}

fn inner(map: &GoMap, key: &str) -> GoMap {
    map.get(key).unwrap().as_map().unwrap().clone()
}

#[test]
fn set_and_unset_change_their_argument() {
    let target = map(&json!({}));
    let result = returned_map("set", &[target.clone().into(), "a".into(), "b".into()]);
    assert!(result.is_same(&target));
    check(&target, &json!({ "a": "b" }));
    let result = returned_map("unset", &[target.clone().into(), "a".into()]);
    assert!(result.is_same(&target));
    check(&target, &json!({}));
}

#[test]
fn pick_and_omit_copy_only_the_outermost_map() {
    let source = map(&json!({ "a": { "map": {} }, "b": "x" }));
    for (name, key) in [("pick", "a"), ("omit", "b")] {
        let result = returned_map(name, &[source.clone().into(), key.into()]);
        assert!(!result.is_same(&source));
        assert!(inner(&result, "a").is_same(&inner(&source, "a")));
    }
}

#[test]
fn merging_links_maps_of_the_source_where_the_target_has_none() {
    for name in ["merge", "mergeOverwrite", "mustMerge", "mustMergeOverwrite"] {
        let target = map(&json!({ "kept": { "map": { "t": "1" } }, "nothing": null }));
        let source = map(&json!({
            "kept": { "map": { "s": "2" } },
            "new": { "map": { "s": "3" } },
            "nothing": { "map": { "s": "4" } },
        }));
        let kept = inner(&target, "kept");
        let result = returned_map(name, &[target.clone().into(), source.clone().into()]);
        assert!(result.is_same(&target), "{name}");
        assert!(inner(&target, "kept").is_same(&kept), "{name}");
        assert!(inner(&target, "new").is_same(&inner(&source, "new")), "{name}");
        assert!(
            inner(&target, "nothing").is_same(&inner(&source, "nothing")),
            "{name}"
        );
        check(&kept, &json!({ "t": "1", "s": "2" }));
        check(&inner(&source, "kept"), &json!({ "s": "2" }));
    }
}

#[test]
fn a_later_source_changes_a_linked_map_of_an_earlier_one() {
    let first = map(&json!({ "a": { "map": { "x": "1" } } }));
    let second = map(&json!({ "a": { "map": { "y": "2" } } }));
    let arguments = [
        map(&json!({})).into(),
        first.clone().into(),
        second.clone().into(),
    ];
    returned_map("merge", &arguments);
    check(&inner(&first, "a"), &json!({ "x": "1", "y": "2" }));
    check(&inner(&second, "a"), &json!({ "y": "2" }));
}

#[test]
fn an_empty_map_is_filled_and_only_replaced_by_another_empty_one() {
    let target = map(&json!({ "filled": { "map": {} }, "replaced": { "map": {} } }));
    let source = map(&json!({ "filled": { "map": { "a": "b" } }, "replaced": { "map": {} } }));
    returned_map("merge", &[target.clone().into(), source.clone().into()]);
    assert!(!inner(&target, "filled").is_same(&inner(&source, "filled")));
    assert!(inner(&target, "replaced").is_same(&inner(&source, "replaced")));
}

#[test]
fn merging_a_map_with_itself_changes_nothing() {
    let target = map(&json!({ "a": { "map": { "b": "c" } }, "d": null, "e": "" }));
    for name in ["merge", "mergeOverwrite"] {
        returned_map(name, &[target.clone().into(), target.clone().into()]);
        check(
            &target,
            &json!({ "a": { "map": { "b": "c" } }, "d": null, "e": "" }),
        );
    }
}

#[test]
fn copies_share_no_map() {
    let source = map(&json!({ "a": [{ "map": { "b": "c" } }], "d": { "map": {} } }));
    for name in ["deepCopy", "mustDeepCopy"] {
        let copy = returned_map(name, &[source.clone().into()]);
        assert!(!copy.is_same(&source));
        assert!(!inner(&copy, "d").is_same(&inner(&source, "d")));
        let first = |map: &GoMap| {
            map.get("a").unwrap().as_list().unwrap()[0]
                .as_map()
                .unwrap()
                .clone()
        };
        assert!(!first(&copy).is_same(&first(&source)));
        assert_eq!(encode(&copy.into()), encode(&source.clone().into()));
    }
}

static NAMED: NamedType = NamedType {
    name: "common.Values",
    methods: &[],
};

#[test]
fn maps_of_named_types_come_back_as_plain_ones() {
    let named = || GoMap::named(&NAMED, GoType::Interface);
    let plain = "map[string]interface {}";
    assert_eq!(
        returned_map("set", &[named().into(), "a".into(), "b".into()]).type_name(),
        plain
    );
    assert_eq!(
        returned_map("unset", &[named().into(), "a".into()]).type_name(),
        plain
    );
    assert_eq!(returned_map("merge", &[named().into()]).type_name(), plain);
    assert_eq!(
        returned_map("deepCopy", &[named().into()]).type_name(),
        "common.Values"
    );
}

#[test]
fn dig_takes_plain_maps_only() {
    let arguments = [
        "a".into(),
        "b".into(),
        GoMap::named(&NAMED, GoType::Interface).into(),
    ];
    let text = "interface conversion: interface {} is common.Values, not map[string]interface {}";
    assert_eq!(outcome("dig", &arguments).unwrap_err(), text);
}

#[test]
fn a_nil_map_is_empty_and_takes_nothing() {
    for nil in [GoValue::Nil, GoMap::nil(GoType::Interface).into()] {
        let text = "assignment to entry in nil map";
        let arguments = [nil.clone(), "a".into(), "b".into()];
        assert_eq!(outcome("set", &arguments).unwrap_err(), text);
        assert!(returned_map("unset", &arguments[..2]).is_nil());
        assert!(returned_map("merge", std::slice::from_ref(&nil)).is_nil());
        assert!(returned_map("merge", &[nil.clone(), nil.clone()]).is_nil());
        let merged = returned_map("merge", &[nil.clone(), map(&json!({ "a": "b" })).into()]);
        check(&merged, &json!({ "a": "b" }));
        check(&returned_map("omit", &arguments[..2]), &json!({}));
        check(&returned_map("pick", &arguments[..2]), &json!({}));
    }
}

#[test]
fn what_comes_out_of_empty_lists_is_null_in_json() {
    let empty = || GoValue::list(Vec::new());
    let json = |value: GoValue| encode(&outcome("toRawJson", &[value]).unwrap());
    assert_eq!(json(outcome("concat", &[empty(), empty()]).unwrap()), "null");
    assert_eq!(json(outcome("rest", &[empty()]).unwrap()), "null");
    assert_eq!(json(outcome("initial", &[empty()]).unwrap()), "null");
    assert_eq!(
        json(outcome("rest", &[GoValue::list(vec!["a".into()])]).unwrap()),
        "[]"
    );
    assert_eq!(json(outcome("compact", &[empty()]).unwrap()), "[]");
    assert_eq!(json(outcome("list", &[]).unwrap()), "[]");
}
