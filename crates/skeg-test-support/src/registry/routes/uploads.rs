//! Upload sessions: start, chunk, finish, status, cancel, and cross-repository mounts.

use bytes::Bytes;
use http::Method;

use super::super::options::LocationStyle;
use super::super::response::Reply;
use super::super::state::{Upload, digest_matches};
use super::{Call, method_not_allowed};

pub(super) fn handle(call: &Call<'_>, path_id: &str) -> Reply {
    if *call.method() == Method::POST && path_id.is_empty() && call.parameter("upload").is_none() {
        return start(call);
    }
    let id = if path_id.is_empty() {
        call.parameter("upload").unwrap_or_default()
    } else {
        path_id.to_owned()
    };
    let id = id.as_str();
    if let Some(reply) = session_refusal(call, id) {
        return reply;
    }
    match *call.method() {
        Method::PATCH => append(call, id),
        Method::PUT => finish(call, id),
        Method::GET => status(call, id),
        Method::DELETE => cancel(call, id),
        _ => method_not_allowed(),
    }
}

fn start(call: &Call<'_>) -> Reply {
    let quirks = &call.backend.quirks;
    let mut contents = call.backend.contents.lock();
    if quirks.closed_namespace && !contents.repositories.contains_key(call.repository) {
        return name_unknown(call.repository);
    }
    if let Some(digest) = call.parameter("mount")
        && !quirks.refuse_mounts
        && let Some(source) = call.parameter("from")
        && let Some(bytes) = contents.blob(&source, &digest)
    {
        let repository = contents.repository(call.repository);
        repository.blobs.insert(digest.clone(), bytes);
        return created(call, &digest);
    }
    if let Some(digest) = call.parameter("digest")
        && !quirks.refuse_single_post
    {
        drop(contents);
        return store(call, &digest, call.request.body.clone());
    }
    let id = contents.start_upload(call.repository);
    let reply = located(Reply::new(202), call, &id, 0)
        .header("range", "0-0")
        .header("docker-upload-uuid", &id);
    match quirks.chunk_min_length {
        Some(length) => reply.header("oci-chunk-min-length", &length.to_string()),
        None => reply,
    }
}

/// The error for a repository that has to be created beforehand.
pub(super) fn name_unknown(repository: &str) -> Reply {
    let message = format!("The repository with name '{repository}' does not exist in the registry");
    Reply::error(404, "NAME_UNKNOWN", &message)
}

/// The reply to a session that does not exist, or whose state the client changed.
fn session_refusal(call: &Call<'_>, id: &str) -> Option<Reply> {
    let contents = call.backend.contents.lock();
    let upload = contents.uploads.get(id);
    let Some(upload) = upload.filter(|upload| upload.repository == call.repository) else {
        let message = "blob upload unknown to registry";
        return Some(Reply::error(404, "BLOB_UPLOAD_UNKNOWN", message));
    };
    if call.backend.quirks.location_style != LocationStyle::WithState {
        return None;
    }
    let query = call.request.head.uri.query().unwrap_or("");
    let intact = query.split('&').any(|pair| pair == state(id, upload.step));
    let message = "the upload's state was changed";
    (!intact).then(|| Reply::error(400, "BLOB_UPLOAD_INVALID", message))
}

/// The query that carries an upload's state, with escapes a client must not touch.
fn state(id: &str, step: usize) -> String {
    format!("_state=a%2Bb%2F{id}.{step}%3D")
}

fn located(reply: Reply, call: &Call<'_>, id: &str, step: usize) -> Reply {
    let base = &call.backend.base_url;
    let path = call.path(&format!("blobs/uploads/{id}"));
    let location = match &call.backend.quirks.location_style {
        LocationStyle::Relative => path,
        LocationStyle::Absolute => format!("{base}{path}"),
        LocationStyle::PathOnly => id.to_owned(),
        LocationStyle::QueryOnly => format!("?upload={id}"),
        LocationStyle::WithState => format!("{base}{path}?{}", state(id, step)),
        LocationStyle::OtherOrigin(origin) => format!("{origin}{path}"),
        LocationStyle::Missing => return reply,
    };
    reply.header("location", &location)
}

fn append(call: &Call<'_>, id: &str) -> Reply {
    let quirks = &call.backend.quirks;
    if quirks.no_chunked_upload {
        return Reply::error(405, "UNSUPPORTED", "chunked uploads are not supported");
    }
    let mut contents = call.backend.contents.lock();
    let Some(upload) = contents.uploads.get_mut(id) else {
        return method_not_allowed();
    };
    if let Some(reply) = offset_refusal(call, upload) {
        return located(reply, call, id, upload.step);
    }
    if !(quirks.discard_chunks && upload.step > 0) {
        upload.bytes.extend_from_slice(&call.request.body);
    }
    upload.step += 1;
    let status = if quirks.discard_chunks { 201 } else { 202 };
    let reply = located(Reply::new(status), call, id, upload.step);
    with_range(reply, upload.bytes.len()).header("docker-upload-uuid", id)
}

/// The reply to a chunk that does not begin where the last one ended.
fn offset_refusal(call: &Call<'_>, upload: &Upload) -> Option<Reply> {
    let offset = call
        .header("content-range")?
        .trim_start_matches("bytes ")
        .split_once('-')
        .and_then(|(start, _)| start.parse::<usize>().ok());
    if offset == Some(upload.bytes.len()) {
        return None;
    }
    let reply = Reply::error(416, "BLOB_UPLOAD_INVALID", "the chunk is out of order");
    Some(with_range(reply, upload.bytes.len()))
}

fn with_range(reply: Reply, length: usize) -> Reply {
    reply.header("range", &format!("0-{}", length.saturating_sub(1)))
}

fn finish(call: &Call<'_>, id: &str) -> Reply {
    let Some(digest) = call.parameter("digest") else {
        return Reply::error(400, "DIGEST_INVALID", "the digest is missing");
    };
    let body = &call.request.body;
    let limit = call.backend.quirks.monolithic_limit;
    if limit.is_some_and(|limit| body.len() > limit) {
        return Reply::error(413, "SIZE_INVALID", "the body is too large");
    }
    let Some(mut upload) = call.backend.contents.lock().uploads.remove(id) else {
        return method_not_allowed();
    };
    if upload.bytes.is_empty() {
        return store(call, &digest, body.clone());
    }
    upload.bytes.extend_from_slice(body);
    store(call, &digest, upload.bytes.into())
}

fn store(call: &Call<'_>, digest: &str, bytes: Bytes) -> Reply {
    if !digest_matches(digest, &bytes) {
        let message = "provided digest did not match uploaded content";
        return Reply::error(400, "DIGEST_INVALID", message);
    }
    let mut contents = call.backend.contents.lock();
    let repository = contents.repository(call.repository);
    repository.blobs.insert(digest.to_owned(), bytes);
    created(call, digest)
}

fn created(call: &Call<'_>, digest: &str) -> Reply {
    Reply::new(201)
        .header("location", &call.path(&format!("blobs/{digest}")))
        .header("docker-content-digest", digest)
}

fn status(call: &Call<'_>, id: &str) -> Reply {
    let contents = call.backend.contents.lock();
    let Some(upload) = contents.uploads.get(id) else {
        return method_not_allowed();
    };
    with_range(
        located(Reply::new(204), call, id, upload.step),
        upload.bytes.len(),
    )
}

fn cancel(call: &Call<'_>, id: &str) -> Reply {
    call.backend.contents.lock().uploads.remove(id);
    Reply::new(204)
}
