//! Manifests of a registry: resolve, fetch, push.
//!
//! Spec: distribution-spec v1.1, "Pulling manifests", "Checking if content exists", "Pushing Manifests".

use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde::de::IgnoredAny;
use skeg_oci::{Descriptor, Digest, ErrorCode, MediaType, RawManifest, TagOrDigest};

use crate::error::{FetchManifestError, PushManifestError, RequestError, ResolveError, ResponseError};
use crate::referrers::subject;
use crate::repository::Repository;
use crate::request::{Call, content_digest, content_length, media_type};
use crate::target::Resolve;
use crate::transport::{Attempts, Limited, Response};

/// How large a manifest may be: 4 MiB, as the distribution specification asks of registries.
pub const MANIFEST_LIMIT: u64 = 4 * 1024 * 1024;

/// [`MANIFEST_LIMIT`] as a length in memory.
const LIMIT_IN_MEMORY: usize = 4 * 1024 * 1024;

/// Asks by HEAD; if the answer lacks something (old ECR sends no digest), reads the manifest.
pub(crate) async fn resolve(
    repository: &Repository,
    target: &TagOrDigest,
) -> Result<Descriptor, ResolveError> {
    let response = match repository
        .call(&Call::head_manifest(repository.name(), target))
        .await
    {
        Ok(response) => response,
        Err(RequestError::Response(error)) if error.is_not_found() => {
            return Err(ResolveError::NotFound {
                target: target.clone(),
                source: Some(error),
            });
        }
        // GET may be allowed where HEAD is not (405); and if it is refused too, it is in words.
        Err(error) if error.response().is_some_and(ResponseError::is_wordless_refusal) => {
            return resolve_by_fetching(repository, target).await;
        }
        Err(error) => return Err(error.into()),
    };
    let Some(found) = described(&response) else {
        return resolve_by_fetching(repository, target).await;
    };
    match target {
        TagOrDigest::Digest(digest) if *digest != found.digest => Err(ResolveError::Answer {
            target: target.clone(),
            problem: format!("its digest is `{}`", found.digest),
        }),
        _ => Ok(found),
    }
}

/// The descriptor in the head of a response, if it is complete and that of a manifest.
fn described(response: &Response) -> Option<Descriptor> {
    let media_type = media_type(&response.headers)?;
    if !is_manifest(&media_type) {
        return None;
    }
    let digest = content_digest(&response.headers)?;
    // No manifest is empty; some say so of the missing body.
    let size = content_length(&response.headers).filter(|size| *size > 0)?;
    Some(Descriptor::new(media_type, digest, size))
}

async fn resolve_by_fetching(
    repository: &Repository,
    target: &TagOrDigest,
) -> Result<Descriptor, ResolveError> {
    match fetch(repository, target).await {
        Ok(manifest) => Ok(manifest.descriptor()),
        Err(FetchManifestError::NotFound { target, source }) => {
            Err(ResolveError::NotFound { target, source })
        }
        Err(FetchManifestError::Request(error)) => Err(error.into()),
        Err(other) => Err(ResolveError::Answer {
            target: target.clone(),
            problem: other.to_string(),
        }),
    }
}

/// Reads a manifest and checks it.
pub(crate) async fn fetch(
    repository: &Repository,
    target: &TagOrDigest,
) -> Result<RawManifest, FetchManifestError> {
    let fetched = fetch_with_headers(repository, target).await;
    fetched.map(|(manifest, _)| manifest)
}

/// Reads a manifest and checks it; the headers are those of the answer.
pub(crate) async fn fetch_with_headers(
    repository: &Repository,
    target: &TagOrDigest,
) -> Result<(RawManifest, HeaderMap), FetchManifestError> {
    let mut attempts = Attempts::new();
    let (headers, bytes) = loop {
        let response = ask(repository, target).await?;
        check_head(&response.headers, target)?;
        let headers = response.headers;
        match response.body.read(LIMIT_IN_MEMORY).await {
            Ok(Limited::Whole(bytes)) => break (headers, bytes),
            Ok(Limited::TooLarge) => return Err(too_large(target)),
            // A body that is cut off is asked for again, as a request that fails is.
            Err(error) if repository.wait_to_retry(&mut attempts, &error).await => {}
            Err(error) => return Err(error.into()),
        }
    };
    let media_type = match media_type(&headers) {
        Some(stated) if is_manifest(&stated) => stated,
        stated => sniff(&bytes).ok_or_else(|| not_manifest(target, stated))?,
    };
    let manifest = RawManifest::new(media_type, bytes.to_vec());
    let expected = match target {
        TagOrDigest::Digest(digest) => Some(digest.clone()),
        TagOrDigest::Tag(_) => content_digest(&headers),
    };
    check_digest(&manifest, expected)?;
    Ok((manifest, headers))
}

async fn ask(repository: &Repository, target: &TagOrDigest) -> Result<Response, FetchManifestError> {
    match repository
        .call(&Call::get_manifest(repository.name(), target))
        .await
    {
        Err(RequestError::Response(error)) if error.is_not_found() => Err(FetchManifestError::NotFound {
            target: target.clone(),
            source: Some(error),
        }),
        other => Ok(other?),
    }
}

/// Refuses what is no manifest, or too large for one, before any of it is read.
fn check_head(headers: &HeaderMap, target: &TagOrDigest) -> Result<(), FetchManifestError> {
    let stated_type = media_type(headers);
    if stated_type.as_ref().is_some_and(is_web_page) {
        return Err(not_manifest(target, stated_type));
    }
    if content_length(headers).is_some_and(|length| length > MANIFEST_LIMIT) {
        return Err(too_large(target));
    }
    Ok(())
}

fn too_large(target: &TagOrDigest) -> FetchManifestError {
    FetchManifestError::TooLarge {
        target: target.clone(),
        limit: MANIFEST_LIMIT,
    }
}

pub(crate) fn check_digest(
    manifest: &RawManifest,
    expected: Option<Digest>,
) -> Result<(), FetchManifestError> {
    match expected {
        Some(expected) if !expected.matches(manifest.bytes()) => Err(FetchManifestError::DigestMismatch {
            expected,
            actual: manifest.digest().clone(),
        }),
        _ => Ok(()),
    }
}

fn not_manifest(target: &TagOrDigest, stated: Option<MediaType>) -> FetchManifestError {
    FetchManifestError::NotManifest {
        target: target.clone(),
        media_type: stated.unwrap_or_else(|| MediaType::new("application/octet-stream")),
    }
}

pub(crate) fn is_manifest(media_type: &MediaType) -> bool {
    media_type.is_image_manifest() || media_type.is_index()
}

fn is_web_page(media_type: &MediaType) -> bool {
    matches!(media_type.as_str(), "text/html" | "application/xhtml+xml")
}

/// What tells the kinds of manifests apart.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Outline {
    schema_version: u32,
    media_type: Option<MediaType>,
    config: Option<IgnoredAny>,
    manifests: Option<IgnoredAny>,
}

/// Finds out what kind of manifest some bytes are that came without a usable type, if they are one.
pub(crate) fn sniff(bytes: &[u8]) -> Option<MediaType> {
    let outline: Outline = serde_json::from_slice(bytes).ok()?;
    if outline.schema_version != 2 {
        return None;
    }
    match outline.media_type {
        Some(media_type) if is_manifest(&media_type) => Some(media_type),
        None if outline.manifests.is_some() => Some(MediaType::OCI_INDEX),
        None if outline.config.is_some() => Some(MediaType::OCI_MANIFEST),
        _ => None,
    }
}

/// Stores a manifest by one PUT, which is repeated after failures: it says the same each time.
pub(crate) async fn push(
    repository: &Repository,
    manifest: &RawManifest,
    target: &TagOrDigest,
) -> Result<(), PushManifestError> {
    check_target(manifest, target)?;
    let call = Call::put_manifest(repository.name(), target, manifest);
    let response = match repository.call(&call).await {
        Ok(response) => response,
        Err(RequestError::Response(error)) => return refused(repository, manifest, target, error).await,
        Err(error) => return Err(error.into()),
    };
    match content_digest(&response.headers) {
        Some(actual) if !actual.matches(manifest.bytes()) => Err(PushManifestError::StoredOther {
            expected: manifest.digest().clone(),
            actual,
        }),
        _ => subject::list(repository, manifest, &response.headers).await,
    }
}

pub(crate) fn check_target(manifest: &RawManifest, target: &TagOrDigest) -> Result<(), PushManifestError> {
    match target {
        TagOrDigest::Digest(digest) if !digest.matches(manifest.bytes()) => {
            Err(PushManifestError::DigestMismatch {
                expected: digest.clone(),
                actual: manifest.digest().clone(),
            })
        }
        _ => Ok(()),
    }
}

/// A tag that may not be moved is as good as moved when it names the same manifest already.
async fn refused(
    repository: &Repository,
    manifest: &RawManifest,
    target: &TagOrDigest,
    error: Box<ResponseError>,
) -> Result<(), PushManifestError> {
    if error.is_unknown_repository() {
        return Err(PushManifestError::RepositoryNotFound { source: error });
    }
    if !is_immutability(&error) {
        return Err(RequestError::Response(error).into());
    }
    let existing = repository.resolve(target).await;
    if existing.is_ok_and(|existing| existing.digest == *manifest.digest()) {
        return Ok(());
    }
    Err(PushManifestError::Immutable {
        target: target.clone(),
        source: error,
    })
}

/// ECR answers 400 with `TAG_INVALID` or `ImageTagAlreadyExists`, Harbor 412, others 409 or 403 with words.
fn is_immutability(error: &ResponseError) -> bool {
    let says_so = || {
        let text = error.server_text().to_ascii_lowercase();
        text.contains("immutable") || text.contains("already exists")
    };
    match error.status {
        StatusCode::CONFLICT | StatusCode::PRECONDITION_FAILED => true,
        StatusCode::BAD_REQUEST => error.has_code(ErrorCode::TAG_INVALID) || says_so(),
        StatusCode::FORBIDDEN => says_so(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, expected: Option<&MediaType>) {
        assert_eq!(sniff(json.as_bytes()).as_ref(), expected);
    }

    #[test]
    fn kinds_are_told_by_content() {
        check(
            r#"{"schemaVersion":2,"config":{},"layers":[]}"#,
            Some(&MediaType::OCI_MANIFEST),
        );
        check(
            r#"{"schemaVersion":2,"manifests":[]}"#,
            Some(&MediaType::OCI_INDEX),
        );
        check(
            r#"{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json"}"#,
            Some(&MediaType::DOCKER_MANIFEST),
        );
        check(
            r#"{"schemaVersion":2,"mediaType":"text/plain","config":{}}"#,
            None,
        );
        check(r#"{"schemaVersion":1,"config":{}}"#, None);
        check(r#"{"schemaVersion":2}"#, None);
        check("[]", None);
        check("<html>", None);
    }
}
