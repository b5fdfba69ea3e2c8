//! URLs against Go.

use serde_json::Value;
use skeg_go::net_url::{Url, path_escape, query_escape};

use crate::recorded::{bytes, rows, text};

#[test]
fn urls_are_as_recorded() {
    for row in rows(include_str!("../data/urls.jsonl")) {
        let difference = difference(&row);
        assert!(difference.is_none(), "{row}\n{difference:#?}");
    }
}

/// What differs from the recorded row.
fn difference(row: &Value) -> Option<String> {
    let (ours, expected) = match text(&row["op"]) {
        "url" => match Url::parse(&bytes(&row["text"])) {
            Err(error) => (vec![error.to_string().into_bytes()], vec![bytes(&row["error"])]),
            Ok(url) => (parts_of(&url), all(&row["parts"])),
        },
        "join" => (vec![joined(&all(&row["parts"]))], vec![bytes(&row["text"])]),
        _ => {
            let text = bytes(&row["text"]);
            let ours = vec![query_escape(&text), path_escape(&text)];
            (ours, vec![bytes(&row["query"]), bytes(&row["path"])])
        }
    };
    let show = |parts: &[Vec<u8>]| -> Vec<String> {
        parts
            .iter()
            .map(|part| String::from_utf8_lossy(part).into_owned())
            .collect()
    };
    (ours != expected).then(|| format!("{:?} != {:?}", show(&ours), show(&expected)))
}

fn all(value: &Value) -> Vec<Vec<u8>> {
    value.as_array().into_iter().flatten().map(bytes).collect()
}

fn parts_of(url: &Url) -> Vec<Vec<u8>> {
    let user = url.user.as_ref().map(skeg_go::net_url::UserInfo::to_bytes);
    vec![
        url.scheme.clone(),
        url.opaque.clone(),
        user.unwrap_or_default(),
        url.host.clone(),
        url.hostname().to_vec(),
        url.path.clone(),
        url.raw_query.clone(),
        url.fragment.clone(),
        url.to_bytes(),
    ]
}

fn joined(parts: &[Vec<u8>]) -> Vec<u8> {
    let [scheme, opaque, host, path, raw_query, fragment] = parts else {
        panic!("six parts")
    };
    let url = Url {
        scheme: scheme.clone(),
        opaque: opaque.clone(),
        host: host.clone(),
        path: path.clone(),
        raw_query: raw_query.clone(),
        fragment: fragment.clone(),
        ..Url::default()
    };
    url.to_bytes()
}
