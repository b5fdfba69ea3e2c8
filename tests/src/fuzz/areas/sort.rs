//! `sort.Sort`: the places of equal elements too.

use serde_json::{Value, json};

use crate::fuzz::random::Random;
use crate::fuzz::{Area, none};

pub(super) const AREA: Area = Area {
    name: "sort",
    generate,
    answer,
    known: none,
};

/// Keys to sort by, in the shapes that the steps of the sort are made for: few different ones, ascending, descending, nearly so.
fn generate(random: &mut Random) -> Value {
    let most = *random.pick(&[&8, &14, &60, &300, &2000]);
    let length = random.below(most);
    let spread = *random.pick(&[&2, &5, &50, &5000]);
    let spread = 1 + random.below(spread);
    let mut keys: Vec<usize> = (0..length).map(|_| random.below(spread)).collect();
    match random.below(5) {
        0 => keys.sort_unstable(),
        1 => keys.sort_unstable_by(|one, other| other.cmp(one)),
        2 => {
            keys.sort_unstable();
            for _ in 0..random.below(8) {
                let count = keys.len().max(1);
                let (one, other) = (random.below(count), random.below(count));
                if !keys.is_empty() {
                    keys.swap(one, other);
                }
            }
        }
        _ => {}
    }
    json!({ "keys": keys })
}

/// The places that the elements come from.
fn answer(request: &Value) -> Value {
    let keys: Vec<u64> = request["keys"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_u64)
        .collect();
    let mut places: Vec<usize> = (0..keys.len()).collect();
    skeg_go::sort::sort(&mut places, |one, other| keys[*one] < keys[*other]);
    json!({ "places": places })
}
