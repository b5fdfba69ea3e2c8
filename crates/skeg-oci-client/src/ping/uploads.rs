//! What a registry says when an upload begins: it is begun, and cancelled.

use http::StatusCode;
use skeg_oci::{Digest, Manifest, Tag, TagOrDigest};

use super::Support;
use crate::blob::upload::location;
use crate::error::RequestError;
use crate::repository::Repository;
use crate::request::{Call, minimum_part};
use crate::tags::ListTagPages;
use crate::target::FetchManifest;
use crate::transport::Response;

/// What a registry says of uploads.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UploadSupport {
    /// We may begin an upload.
    pub push: Support,
    /// It takes over blobs from other repositories.
    pub mount: Support,
    /// How large every part of an upload but the last must be at least: `OCI-Chunk-Min-Length`.
    pub minimum_part: Option<u64>,
}

impl Repository {
    /// Finds out how the repository is written to. An upload is begun, and cancelled before it has a byte; a blob that the
    /// repository has is mounted from itself. After that all is as before, but a registry may count it as a write.
    ///
    /// # Errors
    ///
    /// The registry cannot be spoken to. What it refuses is an answer.
    pub async fn upload_support(&self) -> Result<UploadSupport, RequestError> {
        let mut found = UploadSupport {
            push: Support::Unknown,
            mount: Support::Unknown,
            minimum_part: None,
        };
        match self.call(&Call::start_upload(self.name())).await {
            Ok(response) => {
                found.push = Support::Yes;
                self.note(&response, &mut found).await;
            }
            Err(error) if is_refusal(&error) => {
                found.push = Support::No;
                return Ok(found);
            }
            Err(error) => return Err(error),
        }
        let Some(blob) = self.any_blob().await else {
            return Ok(found);
        };
        match self.call(&Call::mount(self.name(), &blob, self.name())).await {
            Ok(response) if response.status == StatusCode::CREATED => found.mount = Support::Yes,
            Ok(response) => {
                found.mount = Support::No;
                self.note(&response, &mut found).await;
            }
            Err(error) if is_refusal(&error) => {}
            Err(error) => return Err(error),
        }
        Ok(found)
    }

    /// Reads the answer to the beginning of an upload, and cancels that. A registry that does not cancel forgets it in time.
    async fn note(&self, response: &Response, found: &mut UploadSupport) {
        found.minimum_part = found.minimum_part.or(minimum_part(&response.headers));
        if response.status == StatusCode::CREATED {
            return;
        }
        if let Ok(location) = location(self, response) {
            drop(self.call(&Call::cancel_upload(self.name(), location)).await);
        }
    }

    /// A blob that the repository has, found by its first tags.
    async fn any_blob(&self) -> Option<Digest> {
        let tags = self.some_tags().await;
        for tag in tags.into_iter().take(3) {
            let manifest = self.fetch_manifest(&TagOrDigest::Tag(tag)).await;
            if let Ok(Ok(Manifest::Image(image))) = manifest.map(|manifest| manifest.parse()) {
                return Some(image.config.digest);
            }
        }
        None
    }

    /// The first page of the tags; none if they are not listed.
    pub(super) async fn some_tags(&self) -> Vec<Tag> {
        let page = self.tag_pages().await.next().await;
        page.ok().flatten().unwrap_or_default()
    }
}

/// Whether this is the registry's answer, and not a failure to ask.
fn is_refusal(error: &RequestError) -> bool {
    match error {
        RequestError::Authenticate(_) => true,
        _ => error
            .response()
            .is_some_and(|response| response.status().is_client_error() && !response.is_retryable()),
    }
}
