//! Smaller requests with the same difference.

use serde_json::Value;

/// Requests that are a bit smaller than this one, those that lack most first.
pub(super) fn smaller(request: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    let mut places = Vec::new();
    places_of(request, String::new(), &mut places);
    for place in places {
        for smaller in smaller_parts(request.pointer(&place).unwrap_or(&Value::Null)) {
            let mut request = request.clone();
            if let Some(part) = request.pointer_mut(&place) {
                *part = smaller;
                found.push(request);
            }
        }
    }
    found.sort_by_key(|request| request.to_string().len());
    found
}

/// Where there are strings and arrays that can be cut.
fn places_of(value: &Value, place: String, places: &mut Vec<String>) {
    match value {
        Value::String(_) => places.push(place),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                places_of(item, format!("{place}/{index}"), places);
            }
            // Pairs of a key and a value stay pairs.
            if place.ends_with("list") || place.ends_with("map") || place.ends_with("strings") {
                places.push(place);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                if !matches!(
                    name.as_str(),
                    "area" | "flag" | "b64" | "int" | "int64" | "uint8" | "uint64" | "float64"
                ) {
                    places_of(member, format!("{place}/{name}"), places);
                }
            }
        }
        _ => {}
    }
}

fn smaller_parts(part: &Value) -> Vec<Value> {
    match part {
        Value::String(text) => {
            let characters: Vec<char> = text.chars().collect();
            let rest = |rest: Vec<char>| Value::from(rest.into_iter().collect::<String>());
            without_some(&characters).into_iter().map(rest).collect()
        }
        Value::Array(items) => without_some(items).into_iter().map(Value::from).collect(),
        _ => Vec::new(),
    }
}

/// The items without a half, a quarter, …, or one of them.
fn without_some<T: Clone>(items: &[T]) -> Vec<Vec<T>> {
    let mut found = Vec::new();
    let mut length = items.len().div_ceil(2);
    while length > 0 {
        for start in (0..items.len()).step_by(length) {
            let end = (start + length).min(items.len());
            found.push([&items[..start], &items[end..]].concat());
        }
        length /= 2;
    }
    found
}
