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

/// The type of the Secrets that revisions are kept in.
const RECORD_TYPE: &str = "helm.sh/release.v1";

/// A stored revision.
pub(super) struct Record {
    /// The name of its Secret.
    pub(super) name: String,
    /// The labels of its Secret.
    pub(super) labels: Value,
    /// The decoded revision; the text itself where it cannot be decoded.
    pub(super) body: Value,
}

/// The revisions in a namespace, the newest last.
pub(super) fn records(api: &ApiClient, namespace: &str) -> Vec<Record> {
    let mut records: Vec<Record> = items(api, COLLECTIONS[1].1, namespace)
        .iter()
        .filter(|secret| secret["type"] == RECORD_TYPE)
        .map(|secret| Record {
            name: text(&secret["metadata"]["name"]),
            labels: secret["metadata"]["labels"].clone(),
            body: decode(&secret["data"]["release"]),
        })
        .collect();
    records.sort_by_key(|record| record.body["version"].as_u64());
    records
}

/// All that is in a namespace, without what differs from one namespace to another by nature.
pub(super) fn snapshot(api: &ApiClient, namespace: &str) -> Value {
    let mut all = Map::new();
    for record in records(api, namespace) {
        let mut labels = record.labels;
        mask::moments(&mut labels);
        let stored = serde_json::json!({"labels": labels, "body": record.body});
        all.insert(record.name, mask::of_namespace(&stored, namespace));
    }
    for (kind, path) in COLLECTIONS {
        for object in items(api, path, namespace) {
            if object["type"] == RECORD_TYPE {
                continue;
            }
            let name = format!("{kind} {}", text(&object["metadata"]["name"]));
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

/// Kubernetes encodes the data of a Secret once, helm has encoded it once before.
fn decode(data: &Value) -> Value {
    let unpack = || -> Option<Value> {
        let outer = STANDARD.decode(data.as_str()?).ok()?;
        let inner = STANDARD.decode(outer).ok()?;
        let mut body = Vec::new();
        GzDecoder::new(&inner[..]).read_to_end(&mut body).ok()?;
        serde_json::from_slice(&body).ok()
    };
    unpack().unwrap_or_else(|| data.clone())
}

/// The data of a Secret that holds this revision.
pub(super) fn encode(body: &Value) -> String {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    let packed = packed
        .write_all(body.to_string().as_bytes())
        .and_then(|()| packed.finish())
        .expect("because memory takes what is written");
    STANDARD.encode(STANDARD.encode(packed))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{decode, encode};

    #[test]
    fn revisions_are_decoded() {
        let body = json!({"name": "r", "version": 1});
        assert_eq!(decode(&encode(&body).into()), body);
        assert_eq!(decode(&json!("nonsense")), json!("nonsense"));
        assert_eq!(decode(&json!(null)), json!(null));
    }
}
