//! `GET`, `HEAD`, `PUT` and `DELETE` of manifests, and the referrers of a digest.

use bytes::Bytes;
use http::Method;
use serde_json::{Value, json};

use super::super::response::Reply;
use super::super::state::{Repository, digest_matches, sha256_digest};
use super::uploads::name_unknown;
use super::{Call, method_not_allowed};

/// The size from which manifests are refused, as the specification suggests.
const MAX_MANIFEST: usize = 4 * 1024 * 1024;
const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";

pub(super) fn handle(call: &Call<'_>, reference: &str) -> Reply {
    match *call.method() {
        Method::GET | Method::HEAD => fetch(call, reference),
        Method::PUT => put(call, reference),
        Method::DELETE => delete(call, reference),
        _ => method_not_allowed(),
    }
}

fn unknown(repository: Option<&Repository>) -> Reply {
    match repository {
        Some(_) => Reply::error(404, "MANIFEST_UNKNOWN", "manifest unknown"),
        None => Reply::error(404, "NAME_UNKNOWN", "repository name not known to registry"),
    }
}

fn fetch(call: &Call<'_>, reference: &str) -> Reply {
    let contents = call.backend.contents.lock();
    let repository = contents.repositories.get(call.repository);
    let Some((digest, (media_type, bytes))) = repository.and_then(|repository| {
        let digest = repository.resolve(reference)?;
        let manifest = repository.manifests.get(&digest)?.clone();
        Some((digest, manifest))
    }) else {
        return unknown(repository);
    };
    if !accepts(call, &media_type) {
        let message = "manifest found, but the accept header does not support its media type";
        return Reply::error(404, "MANIFEST_UNKNOWN", message);
    }
    Reply::new(200)
        .content_type(&media_type)
        .header("docker-content-digest", &digest)
        .header("etag", &format!("\"{digest}\""))
        .body(bytes)
}

/// Says whether the request accepts `media_type`; one without `Accept` takes anything.
fn accepts(call: &Call<'_>, media_type: &str) -> bool {
    let values: Vec<&str> = call
        .request
        .head
        .headers
        .get_all("accept")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    values.is_empty()
        || values
            .iter()
            .flat_map(|value| value.split(','))
            .filter_map(|entry| entry.split(';').next())
            .any(|entry| matches!(entry.trim(), "*/*" | "application/*") || entry.trim() == media_type)
}

fn put(call: &Call<'_>, reference: &str) -> Reply {
    let body = &call.request.body;
    if body.len() > MAX_MANIFEST {
        return Reply::error(413, "SIZE_INVALID", "the manifest is too large");
    }
    let Ok(manifest) = serde_json::from_slice::<Value>(body) else {
        return Reply::error(400, "MANIFEST_INVALID", "the manifest is not JSON");
    };
    let digest = if reference.contains(':') {
        if !digest_matches(reference, body) {
            let message = "provided digest did not match uploaded content";
            return Reply::error(400, "DIGEST_INVALID", message);
        }
        reference.to_owned()
    } else {
        sha256_digest(body)
    };
    if let Some(reply) = put_refusal(call, reference, &manifest) {
        return reply;
    }
    let media_type = call.header("content-type").unwrap_or("").to_owned();
    let mut contents = call.backend.contents.lock();
    let repository = contents.repository(call.repository);
    repository
        .manifests
        .insert(digest.clone(), (media_type, body.clone()));
    if reference != digest {
        repository.tags.insert(reference.to_owned(), digest.clone());
    }
    let reply = Reply::new(201)
        .header("location", &call.path(&format!("manifests/{digest}")))
        .header("docker-content-digest", &digest);
    match manifest["subject"]["digest"].as_str() {
        Some(subject) if !call.backend.quirks.no_referrers => reply.header("oci-subject", subject),
        _ => reply,
    }
}

/// The reply to a manifest that may not be stored.
fn put_refusal(call: &Call<'_>, reference: &str, manifest: &Value) -> Option<Reply> {
    let contents = call.backend.contents.lock();
    let quirks = &call.backend.quirks;
    if quirks.closed_namespace && !contents.repositories.contains_key(call.repository) {
        return Some(name_unknown(call.repository));
    }
    let content_type = call.header("content-type").unwrap_or("");
    let declared = manifest["mediaType"].as_str();
    if content_type.is_empty() || declared.is_some_and(|declared| declared != content_type) {
        let message = "the Content-Type is missing or differs from the manifest's mediaType";
        return Some(Reply::error(400, "MANIFEST_INVALID", message));
    }
    if !reference.contains(':') && !is_tag(reference) {
        return Some(Reply::error(400, "TAG_INVALID", "invalid tag"));
    }
    let empty = Repository::default();
    let repository = contents.repositories.get(call.repository).unwrap_or(&empty);
    if quirks.immutable_tags && repository.tags.contains_key(reference) {
        return Some(tag_immutable(reference));
    }
    if let (true, Some(wanted)) = (quirks.compares_states, call.header("if-match")) {
        let current = repository
            .resolve(reference)
            .map(|digest| format!("\"{digest}\""));
        if current.as_deref() != Some(wanted) {
            return Some(Reply::error(412, "UNKNOWN", "it was changed meanwhile"));
        }
    }
    let digest = missing(repository, manifest)?;
    let message = format!("blob unknown to registry: {digest}");
    Some(Reply::error(404, "MANIFEST_BLOB_UNKNOWN", &message))
}

fn tag_immutable(tag: &str) -> Reply {
    let message = format!(
        "The image tag '{tag}' already exists and cannot be overwritten because the tag is immutable"
    );
    Reply::error(400, "TAG_INVALID", &message)
}

/// The specification's grammar of tags.
fn is_tag(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.len() <= 128
        && text.bytes().next().is_some_and(is_word)
        && text
            .bytes()
            .all(|byte| is_word(byte) || matches!(byte, b'.' | b'-'))
}

/// The first descriptor whose content the repository does not have.
fn missing(repository: &Repository, manifest: &Value) -> Option<String> {
    let layers = manifest["layers"].as_array().into_iter().flatten();
    let blobs = layers.chain(std::iter::once(&manifest["config"]));
    let missing_blob = blobs
        .filter_map(|descriptor| descriptor["digest"].as_str())
        .find(|digest| !repository.blobs.contains_key(*digest));
    let children = manifest["manifests"].as_array().into_iter().flatten();
    let missing_child = children
        .filter_map(|descriptor| descriptor["digest"].as_str())
        .find(|digest| !repository.manifests.contains_key(*digest));
    missing_blob.or(missing_child).map(str::to_owned)
}

fn delete(call: &Call<'_>, reference: &str) -> Reply {
    let mut contents = call.backend.contents.lock();
    let Some(repository) = contents.repositories.get_mut(call.repository) else {
        return unknown(None);
    };
    if repository.tags.remove(reference).is_some() {
        return Reply::new(202);
    }
    if repository.manifests.remove(reference).is_none() {
        return unknown(Some(repository));
    }
    repository.tags.retain(|_, digest| digest != reference);
    Reply::new(202)
}

pub(super) fn referrers(call: &Call<'_>, digest: &str) -> Reply {
    if call.backend.quirks.no_referrers {
        return Reply::error(404, "NOT_FOUND", "no such endpoint");
    }
    if *call.method() != Method::GET {
        return method_not_allowed();
    }
    let filter = call.parameter("artifactType");
    let contents = call.backend.contents.lock();
    let repository = contents.repositories.get(call.repository);
    let found: Vec<Value> = repository
        .into_iter()
        .flat_map(|repository| &repository.manifests)
        .filter_map(|(own, (media_type, bytes))| referrer(digest, own, media_type, bytes))
        .filter(|descriptor| {
            filter
                .as_deref()
                .is_none_or(|wanted| descriptor["artifactType"] == wanted)
        })
        .collect();
    let index = json!({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": found});
    let reply = Reply::new(200).content_type(OCI_INDEX).body(index.to_string());
    match filter {
        Some(_) => reply.header("oci-filters-applied", "artifactType"),
        None => reply,
    }
}

/// The descriptor of a manifest in the list of those that refer to `subject`.
fn referrer(subject: &str, digest: &str, media_type: &str, bytes: &Bytes) -> Option<Value> {
    let manifest: Value = serde_json::from_slice(bytes).ok()?;
    if manifest["subject"]["digest"].as_str() != Some(subject) {
        return None;
    }
    let artifact_type = manifest["artifactType"]
        .as_str()
        .or(manifest["config"]["mediaType"].as_str());
    let mut descriptor = json!({
        "mediaType": media_type,
        "digest": digest,
        "size": bytes.len(),
        "artifactType": artifact_type,
    });
    if manifest["annotations"].is_object() {
        descriptor["annotations"] = manifest["annotations"].clone();
    }
    Some(descriptor)
}
