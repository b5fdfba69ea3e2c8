//! Referrers of a registry's repository: the API, or else the tag schema.

use http::StatusCode;
use skeg_oci::{Descriptor, Digest, ImageIndex, Manifest, MediaType, TagOrDigest};

use super::{Referrers, ReferrersSource, artifact_type, referrers_tag};
use crate::error::{FetchManifestError, ListReferrersError, RequestError};
use crate::manifest;
use crate::pages::{Origin, PageError, Pager};
use crate::repository::Repository;
use crate::request::{Call, media_type};
use crate::transport::{Limited, Response};

/// How large one page may be.
const PAGE_LIMIT: usize = 4 * 1024 * 1024;

/// How large the whole list may be.
const TOTAL_LIMIT: usize = 32 * 1024 * 1024;

pub(super) async fn list(
    repository: &Repository,
    subject: &Digest,
    wanted: Option<&MediaType>,
) -> Result<Referrers, ListReferrersError> {
    let (mut manifests, source) = match by_api(repository, subject, wanted).await? {
        Some(manifests) => (manifests, ReferrersSource::Api),
        None => (by_tag(repository, subject).await?, ReferrersSource::TagSchema),
    };
    for found in &mut manifests {
        confirm_type(repository, &mut found.descriptor).await?;
    }
    let is_wanted = |found: &Found| {
        found.is_filtered
            || wanted.is_none_or(|wanted| found.descriptor.artifact_type.as_ref() == Some(wanted))
    };
    let manifests = manifests.into_iter().filter(is_wanted);
    Ok(Referrers {
        manifests: manifests.map(|found| found.descriptor).collect(),
        source,
    })
}

/// A referrer, and whether the registry has looked at its artifact type.
struct Found {
    descriptor: Descriptor,
    is_filtered: bool,
}

/// Asks the API; `None` when the registry has none.
async fn by_api(
    repository: &Repository,
    subject: &Digest,
    wanted: Option<&MediaType>,
) -> Result<Option<Vec<Found>>, ListReferrersError> {
    let origin = Origin::Repository(repository.clone());
    let call = Call::list_referrers(repository.name(), subject, wanted);
    let mut pager = Pager::new(origin.clone(), call);
    let mut manifests = Vec::new();
    let mut left = TOTAL_LIMIT;
    let mut is_first = true;
    loop {
        let response = match pager.next().await {
            Ok(Some(response)) => response,
            Ok(None) => return Ok(Some(manifests)),
            Err(PageError::Request(error)) if is_first && is_missing_api(&origin, &error) => return Ok(None),
            Err(error) => return Err(page_error(error)),
        };
        let is_filtered = is_filtered(&response);
        match (read_page(response, &mut left).await?, is_first) {
            (Some(page), _) => manifests.extend(page.manifests.into_iter().map(|descriptor| Found {
                descriptor,
                is_filtered,
            })),
            (None, true) => return Ok(None),
            (None, false) => return Err(answer("one of its pages is no image index")),
        }
        is_first = false;
    }
}

/// Tells whether a registry that fails so has no such API. What may pass, or wants a login, is no answer.
fn is_missing_api(origin: &Origin, error: &RequestError) -> bool {
    if origin.is_elsewhere(error) {
        return true;
    }
    let RequestError::Response(error) = error else {
        return false;
    };
    match error.status() {
        StatusCode::NOT_FOUND => !error.is_unknown_repository(),
        StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_IMPLEMENTED => true,
        _ => false,
    }
}

/// Reads a page; `None` when it is no answer of the API.
async fn read_page(response: Response, left: &mut usize) -> Result<Option<ImageIndex>, ListReferrersError> {
    let is_index = media_type(&response.headers) == Some(MediaType::OCI_INDEX);
    if response.status != StatusCode::OK || !is_index {
        return Ok(None);
    }
    let Limited::Whole(body) = response.body.read(PAGE_LIMIT.min(*left)).await? else {
        return Err(answer("it is far too long"));
    };
    *left -= body.len();
    Ok(serde_json::from_slice(&body).ok())
}

fn is_filtered(response: &Response) -> bool {
    let values = response.headers.get_all("oci-filters-applied").iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|filter| filter.trim().eq_ignore_ascii_case("artifactType"))
}

/// Reads the index under the tag made of the subject's digest; empty when there is none.
async fn by_tag(repository: &Repository, subject: &Digest) -> Result<Vec<Found>, ListReferrersError> {
    let target = TagOrDigest::Tag(referrers_tag(subject));
    let manifest = match manifest::fetch(repository, &target).await {
        Ok(manifest) => manifest,
        Err(FetchManifestError::NotFound {
            source: Some(source), ..
        }) if source.is_unknown_repository() => {
            return Err(ListReferrersError::NotFound { source });
        }
        Err(FetchManifestError::NotFound { .. }) => return Ok(Vec::new()),
        Err(source) => return Err(ListReferrersError::Index { target, source }),
    };
    match manifest.parse() {
        Ok(Manifest::Index(index)) => {
            let found = |descriptor| Found {
                descriptor,
                is_filtered: false,
            };
            Ok(index.manifests.into_iter().map(found).collect())
        }
        _ => Err(answer(&format!(
            "what the tag `{target}` names is no image index"
        ))),
    }
}

/// Looks into a manifest of which the list does not say what it is. GHCR's lists have the config's type there.
async fn confirm_type(repository: &Repository, found: &mut Descriptor) -> Result<(), ListReferrersError> {
    let stated = found.artifact_type.as_ref();
    if stated.is_some_and(|stated| !stated.as_str().is_empty() && *stated != MediaType::EMPTY_JSON) {
        return Ok(());
    }
    let target = TagOrDigest::Digest(found.digest.clone());
    let manifest = match manifest::fetch(repository, &target).await {
        Ok(manifest) => manifest,
        // Lists outlive what they name.
        Err(FetchManifestError::NotFound { .. }) => return Ok(()),
        Err(source) => return Err(ListReferrersError::Index { target, source }),
    };
    if let Some(stated) = manifest.parse().ok().as_ref().and_then(artifact_type) {
        found.artifact_type = Some(stated);
    }
    Ok(())
}

fn page_error(error: PageError) -> ListReferrersError {
    match error {
        PageError::Request(RequestError::Response(source)) if source.is_unknown_repository() => {
            ListReferrersError::NotFound { source }
        }
        PageError::Request(error) => error.into(),
        PageError::Answer(problem) => ListReferrersError::Answer { problem },
    }
}

fn answer(problem: &str) -> ListReferrersError {
    ListReferrersError::Answer {
        problem: problem.to_owned(),
    }
}
