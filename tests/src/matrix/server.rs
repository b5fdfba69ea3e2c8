//! What is on the server in one namespace: the stored revisions, decoded, and the objects.

use std::io::{Read as _, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::{Map, Value};
use skeg_test_support::ApiClient;

use super::mask;

/// The collections that the charts of the matrix can have objects in.
const COLLECTIONS: [(&str, &str); 5] = [
    ("ConfigMap", "/api/v1/namespaces/NS/configmaps"),
    ("Secret", "/api/v1/namespaces/NS/secrets"),
    ("Service", "/api/v1/namespaces/NS/services"),
    ("Deployment", "/apis/apps/v1/namespaces/NS/deployments"),
    ("Job", "/apis/batch/v1/namespaces/NS/jobs"),
];

/// The first part of the names of objects that revisions are kept in.
const RECORD: &str = "sh.helm.release.v1.";

/// A stored revision.
pub(super) struct Record {
    /// The path of the object it is kept in.
    pub(super) path: String,
    /// The name of that object.
    pub(super) name: String,
    /// Its labels.
    pub(super) labels: Value,
    /// The decoded revision; the text itself where it cannot be decoded.
    pub(super) body: Value,
}

/// The revisions in a namespace, the newest last.
pub(super) fn records(api: &ApiClient, namespace: &str) -> Vec<Record> {
    let mut records = Vec::new();
    for (_, collection) in &COLLECTIONS[..2] {
        for object in items(api, collection, namespace) {
            let name = text(&object["metadata"]["name"]);
            if name.starts_with(RECORD) {
                records.push(Record {
                    path: format!("{}/{name}", collection.replace("NS", namespace)),
                    name,
                    labels: object["metadata"]["labels"].clone(),
                    body: decode(&object["data"]["release"]),
                });
            }
        }
    }
    records.sort_by_key(|record| record.body["version"].as_u64());
    records
}

/// All that is in a namespace, without what differs from one namespace to another by nature.
pub(super) fn snapshot(api: &ApiClient, namespace: &str) -> Value {
    let mut all = Map::new();
    for record in records(api, namespace) {
        let mut labels = record.labels;
        mask::moments(&mut labels);
        let mut body = record.body;
        if body.is_object() {
            mask::revision(&mut body);
        }
        let stored = serde_json::json!({"labels": labels, "body": body});
        all.insert(record.name, mask::of_namespace(&stored, namespace));
    }
    for (kind, path) in COLLECTIONS {
        for object in items(api, path, namespace) {
            let name = text(&object["metadata"]["name"]);
            if name.starts_with(RECORD) {
                continue;
            }
            let name = format!("{kind} {name}");
            all.insert(name, mask::of_namespace(&mask::object(object), namespace));
        }
    }
    Value::Object(all)
}

fn items(api: &ApiClient, path: &str, namespace: &str) -> Vec<Value> {
    let list = api.get(&path.replace("NS", namespace)).unwrap_or_default();
    list["items"].as_array().cloned().unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Helm encodes a revision, and Kubernetes once more what is in a Secret.
fn decode(data: &Value) -> Value {
    let unpack = || -> Option<Value> {
        let mut packed = STANDARD.decode(data.as_str()?).ok()?;
        if let Ok(inner) = STANDARD.decode(&packed) {
            packed = inner;
        }
        let mut body = Vec::new();
        GzDecoder::new(&packed[..]).read_to_end(&mut body).ok()?;
        serde_json::from_slice(&body).ok()
    };
    unpack().unwrap_or_else(|| data.clone())
}

/// The encoded revision, as it is in a `ConfigMap`; in a Secret it is encoded once more.
pub(super) fn encode(body: &Value) -> String {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    let packed = packed
        .write_all(body.to_string().as_bytes())
        .and_then(|()| packed.finish())
        .expect("because memory takes what is written");
    STANDARD.encode(packed)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use base64::Engine as _;

    use super::{STANDARD, decode, encode};

    #[test]
    fn revisions_are_decoded() {
        let body = json!({"name": "r", "version": 1});
        assert_eq!(decode(&encode(&body).into()), body);
        let in_secret = STANDARD.encode(encode(&body));
        assert_eq!(decode(&in_secret.into()), body);
        assert_eq!(decode(&json!("nonsense")), json!("nonsense"));
        assert_eq!(decode(&json!(null)), json!(null));
    }
}
