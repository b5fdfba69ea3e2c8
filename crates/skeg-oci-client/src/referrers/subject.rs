//! Keeping the list of referrers where the registry does not keep it: the index under the tag made of the subject's
//! digest is read, changed and put back.
//!
//! Somebody else may do the same at the same time. Where the registry compares (`If-Match`), nothing is lost. Most do not:
//! the list is therefore read once more after it was put back, and changed again if it has been overwritten. What remains is
//! somebody who read the list before our change and takes longer to put it back than we do to look again.
//!
//! Spec: distribution-spec v1.1, "Pushing Manifests with Subject", "Deleting Manifests", "Referrers Tag Schema".

use std::time::{Duration, Instant};

use http::header::{ETAG, HeaderMap, HeaderValue};
use http::{HeaderName, StatusCode};
use skeg_oci::{Descriptor, Digest, ImageIndex, Manifest, RawManifest, TagOrDigest};

use crate::error::{FetchManifestError, PushManifestError, RequestError, ResponseError};
use crate::manifest;
use crate::repository::Repository;
use crate::request::Call;
use crate::transport::chance;

use super::{referrer, referrers_tag};

/// How often the list is written at most, when others change it meanwhile.
const WRITES: u32 = 9;

/// How long to wait at least before looking at it again.
const SHORTEST_PAUSE: Duration = Duration::from_millis(10);

/// What a registry answers with that keeps the list itself.
const OCI_SUBJECT: HeaderName = HeaderName::from_static("oci-subject");

/// After a manifest was stored: lists it among the referrers of its subject, unless the registry did.
pub(crate) async fn list(
    repository: &Repository,
    manifest: &RawManifest,
    answer: &HeaderMap,
) -> Result<(), PushManifestError> {
    if answer.contains_key(OCI_SUBJECT) {
        return Ok(());
    }
    let Some(subject) = subject_of(manifest) else {
        return Ok(());
    };
    let Some(descriptor) = referrer(manifest, &subject) else {
        return Ok(());
    };
    change(repository, &subject, |listed| {
        if listed.iter().any(|entry| entry.digest == descriptor.digest) {
            return false;
        }
        listed.push(descriptor.clone());
        true
    })
    .await
}

/// After a manifest was deleted: takes it out of the list of its subject's referrers, if there is such a list.
pub(crate) async fn unlist(repository: &Repository, manifest: &RawManifest) -> Result<(), PushManifestError> {
    let Some(subject) = subject_of(manifest) else {
        return Ok(());
    };
    change(repository, &subject, |listed| {
        let before = listed.len();
        listed.retain(|entry| entry.digest != *manifest.digest());
        listed.len() < before
    })
    .await
}

fn subject_of(manifest: &RawManifest) -> Option<Digest> {
    let subject = match manifest.parse().ok()? {
        Manifest::Image(image) => image.subject,
        Manifest::Index(index) => index.subject,
    };
    subject.map(|subject| subject.digest)
}

/// Changes the list, one task after the other. Others who change it meanwhile are noticed by a registry that compares, and
/// else by looking again a little later: of two who wrote at the same time, the one that was overwritten writes once more.
async fn change(
    repository: &Repository,
    subject: &Digest,
    change: impl Fn(&mut Vec<Descriptor>) -> bool,
) -> Result<(), PushManifestError> {
    let target = TagOrDigest::Tag(referrers_tag(subject));
    let mut refusal = None;
    for _ in 0..WRITES {
        let turn = repository.transport.referrers_turn().await;
        let started = Instant::now();
        let (mut index, version) = read(repository, &target).await?;
        if !change(&mut index.manifests) {
            return Ok(());
        }
        refusal = write(repository, &target, &index, version).await?;
        let pause = started
            .elapsed()
            .max(SHORTEST_PAUSE)
            .mul_f64(2.0 + 2.0 * chance());
        drop(turn);
        // Whoever read before we wrote has written by then.
        repository.transport.pause(pause).await;
    }
    if let Some(error) = refusal {
        return Err(RequestError::Response(error).into());
    }
    let (mut index, _) = read(repository, &target).await?;
    if change(&mut index.manifests) {
        return Err(PushManifestError::ReferrersLost { target });
    }
    Ok(())
}

/// Stores the list. What the registry says when it was changed since it was read is the result.
async fn write(
    repository: &Repository,
    target: &TagOrDigest,
    index: &ImageIndex,
    version: Option<HeaderValue>,
) -> Result<Option<Box<ResponseError>>, PushManifestError> {
    let mut call = Call::put_manifest(repository.name(), target, &index.to_raw());
    if let Some(version) = version {
        call = call.only_over(version);
    }
    match repository.call(&call).await {
        Ok(_) => Ok(None),
        Err(RequestError::Response(error)) if error.status() == StatusCode::PRECONDITION_FAILED => {
            Ok(Some(error))
        }
        Err(error) => Err(error.into()),
    }
}

/// The list as it is, and what the registry calls this state of it.
async fn read(
    repository: &Repository,
    target: &TagOrDigest,
) -> Result<(ImageIndex, Option<HeaderValue>), PushManifestError> {
    let (raw, headers) = match manifest::fetch_with_headers(repository, target).await {
        Ok(found) => found,
        Err(FetchManifestError::NotFound { .. }) => return Ok((ImageIndex::empty(), None)),
        Err(source) => return Err(PushManifestError::Referrers { source }),
    };
    match raw.parse() {
        Ok(Manifest::Index(index)) => Ok((*index, strong_version(&headers))),
        _ => Err(PushManifestError::ReferrersTag {
            target: target.clone(),
        }),
    }
}

/// Weak versions cannot be compared by `If-Match`.
fn strong_version(headers: &HeaderMap) -> Option<HeaderValue> {
    let version = headers.get(ETAG)?;
    (!version.as_bytes().starts_with(b"W/")).then(|| version.clone())
}
