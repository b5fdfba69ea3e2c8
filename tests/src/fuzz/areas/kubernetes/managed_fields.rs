//! client-go's `csaupgrade`, over structured-merge-diff.

use serde_json::{Map, Value, json};
use skeg_kubernetes::upgrade_managed_fields;

use super::answer;
use crate::fuzz::random::Random;
use crate::fuzz::{Area, Difference};

pub(super) const AREA: Area = Area {
    name: "managed-fields",
    generate,
    answer: upgrade,
    known,
};

const ELEMENTS: &[&str] = &[
    "f:metadata",
    "f:spec",
    "f:a",
    "f:b",
    "f:<&>",
    "f:",
    ".",
    ".",
    "k:{\"name\":\"a\"}",
    "k:{\"name\":\"b\"}",
    "k:{\"name\":\"<\"}",
    "k:{\"containerPort\":80,\"protocol\":\"TCP\"}",
    "k:{\"protocol\":\"UDP\",\"containerPort\":80}",
    "k:{\"containerPort\":9}",
    "k:{}",
    "v:\"a\"",
    "v:\"b\"",
    "v:1",
    "v:1.5",
    "v:true",
    "v:null",
    "v:[1,\"a\"]",
    "v:{\"a\":1}",
    "i:0",
    "i:10",
    "i:2",
    "x:unknown",
];

const BROKEN: &[&str] = &["f", "", "fx", "v:", "v:{", "k:[]", "i:x", "k:1"];

fn fields(random: &mut Random, depth: usize) -> Value {
    if random.once_in(80) {
        return [Value::Null, json!("x"), json!([])][random.below(3)].clone();
    }
    let mut map = Map::new();
    let most = if depth == 0 { 1 } else { 5 };
    for _ in 0..random.below(most) {
        let element = if random.once_in(100) {
            random.pick(BROKEN)
        } else {
            random.pick(ELEMENTS)
        };
        let inner = if element == "." {
            json!({})
        } else {
            fields(random, depth.saturating_sub(1))
        };
        map.insert(element.to_owned(), inner);
    }
    Value::Object(map)
}

fn entry(random: &mut Random) -> Value {
    let mut entry = Map::new();
    let mut set = |name: &str, text: &str| entry.insert(name.to_owned(), Value::from(text));
    set(
        "manager",
        random.pick(&["helm", "helm", "helm", "kubectl", "Helm"]),
    );
    set(
        "operation",
        random.pick(&["Update", "Update", "Apply", "Apply", "Odd"]),
    );
    set("apiVersion", random.pick(&["v1", "apps/v1"]));
    set("fieldsType", random.pick(&["FieldsV1", ""]));
    if random.once_in(3) {
        set("subresource", random.pick(&["status", ""]));
    }
    if !random.once_in(5) {
        let times = [
            "2026-01-01T00:00:00Z",
            "2026-01-01T05:00:00.75+05:30",
            "2026-06-30T23:59:59-00:30",
        ];
        set("time", random.pick(&times));
    }
    if !random.once_in(30) {
        entry.insert("fieldsV1".to_owned(), fields(random, 3));
    }
    if random.once_in(60) {
        let name = random.pick(&["manager", "operation", "time", "subresource"]);
        entry.insert(
            name.to_owned(),
            [Value::Null, json!(1), json!("")][random.below(3)].clone(),
        );
    }
    Value::Object(entry)
}

fn generate(random: &mut Random) -> Value {
    let mut metadata = json!({"name": "x", "resourceVersion": "7"});
    if random.once_in(40) {
        metadata["managedFields"] = [Value::Null, json!("x"), json!([1])][random.below(3)].clone();
    } else {
        let entries: Value = (0..random.below(6)).map(|_| entry(random)).collect();
        metadata["managedFields"] = entries;
    }
    json!({"object": {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}})
}

fn upgrade(request: &Value) -> Value {
    let patch = upgrade_managed_fields(&request["object"], "helm");
    answer(patch.map(Option::unwrap_or_default))
}

fn known(difference: &Difference) -> Option<&'static str> {
    let entries = difference.request["object"]["metadata"]["managedFields"].as_array();
    let is_update = |entry: &Value| {
        let is_of_object = entry["subresource"].as_str().unwrap_or_default().is_empty();
        entry["manager"] == "helm" && entry["operation"] == "Update" && is_of_object
    };
    let has_update = entries.is_some_and(|entries| entries.iter().any(is_update));
    let is_needless = difference.ours["ok"] == "" && !has_update;
    is_needless.then_some("client-go patches what was applied only to write it in another order")
}
