//! Patches: apimachinery's `strategicpatch` and `jsonmergepatch`, `evanphx/json-patch`.

use serde_json::{Value, json};
use skeg_kubernetes::{Patch, apply_merge_patch, merge_patch, strategic_merge_patch, three_way_merge_patch};

use super::{answer, objects};
use crate::fuzz::random::Random;
use crate::fuzz::{Area, none};

pub(super) const STRATEGIC: Area = Area {
    name: "strategic",
    generate,
    answer: strategic,
    known: none,
};

pub(super) const MERGE: Area = Area {
    name: "merge-patch",
    generate: generate_present,
    answer: merge,
    known: none,
};

fn generate(random: &mut Random) -> Value {
    let [original, modified, current] = objects::three(random);
    json!({ "original": original, "modified": modified, "current": current })
}

/// JSON merge patches need a live object.
fn generate_present(random: &mut Random) -> Value {
    let mut request = generate(random);
    if request["current"].is_null() {
        request["current"] = request["original"].clone();
    }
    request
}

fn strategic(request: &Value) -> Value {
    let patch = strategic_merge_patch(&request["original"], &request["modified"], &request["current"]);
    answer(patch.map(|patch| Patch::Strategic(patch).to_json()))
}

fn merge(request: &Value) -> Value {
    let (original, modified, current) = (&request["original"], &request["modified"], &request["current"]);
    let text = |patch| Patch::Merge(patch).to_json();
    let mut applied = current.clone();
    apply_merge_patch(&mut applied, modified.clone());
    json!({
        "two": answer(merge_patch(original, modified).map(text)),
        "three": answer(three_way_merge_patch(original, modified, current).map(text)),
        "applied": answer(Ok::<_, ()>(text(applied))),
    })
}
