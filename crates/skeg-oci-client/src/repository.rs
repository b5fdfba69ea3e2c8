//! One repository of a registry.

use std::fmt;
use std::fs::File;
use std::sync::Arc;

use bytes::Bytes;
use skeg_oci::{Descriptor, RawManifest, RegistryHost, RepositoryName, Tag, TagOrDigest};

use crate::auth::Scopes;
use crate::blob;
use crate::error::{
    FetchBlobError, FetchManifestError, ListTagsError, PushBlobError, PushManifestError, RequestError,
    ResolveError,
};
use crate::request::Call;
use crate::target::{
    BlobPush, BlobUpload, FetchBlob, FetchManifest, ListTags, PushBlob, PushManifest, Resolve,
};
use crate::transport::{Attempts, Endpoint, Response, Transport};
use crate::{manifest, tags};

/// One repository of a registry. Made by [`Client::repository`](crate::Client::repository).
#[derive(Clone)]
pub struct Repository {
    pub(crate) transport: Arc<Transport>,
    endpoint: Endpoint,
    name: RepositoryName,
    /// What every token must permit, whatever the request needs.
    scopes: Scopes,
}

impl Repository {
    pub(crate) fn new(transport: Arc<Transport>, host: RegistryHost, name: RepositoryName) -> Self {
        Self {
            transport,
            endpoint: Endpoint {
                host,
                repository: Some(name.clone()),
            },
            name,
            scopes: Scopes::none(),
        }
    }

    /// The same repository for an operation that writes: all its requests, the reading ones too, share one token that
    /// permits both.
    #[must_use]
    pub fn for_writing(self) -> Self {
        Self {
            scopes: Scopes::push(&self.name),
            ..self
        }
    }

    /// The registry's host.
    pub fn host(&self) -> &RegistryHost {
        &self.endpoint.host
    }

    /// The repository's name.
    pub fn name(&self) -> &RepositoryName {
        &self.name
    }

    pub(crate) async fn call(&self, call: &Call) -> Result<Response, RequestError> {
        let mut call = call.clone();
        call.scopes = self
            .scopes
            .iter()
            .fold(call.scopes, |scopes, scope| scopes.with(&scope));
        self.transport.call(&self.endpoint, &call).await
    }

    /// After a failure: waits and tells that it is worth another try, or tells that it is not.
    pub(crate) async fn wait_to_retry(&self, attempts: &mut Attempts, error: &RequestError) -> bool {
        let host = self.endpoint.host.as_str();
        self.transport.wait_to_retry(host, attempts, error).await
    }

    pub(crate) fn url(&self) -> Result<url::Url, RequestError> {
        self.transport.registry_url(&self.endpoint)
    }
}

impl fmt::Debug for Repository {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Repository({}/{})", self.endpoint.host, self.name)
    }
}

impl Resolve for Repository {
    async fn resolve(&self, target: &TagOrDigest) -> Result<Descriptor, ResolveError> {
        manifest::resolve(self, target).await
    }
}

impl FetchManifest for Repository {
    async fn fetch_manifest(&self, target: &TagOrDigest) -> Result<RawManifest, FetchManifestError> {
        manifest::fetch(self, target).await
    }
}

impl FetchBlob for Repository {
    async fn fetch_blob(&self, blob: &Descriptor, limit: u64) -> Result<Bytes, FetchBlobError> {
        blob::fetch::to_memory(self, blob, limit).await
    }

    async fn fetch_blob_to_file(&self, blob: &Descriptor, file: File) -> Result<File, FetchBlobError> {
        blob::fetch::to_file(self, blob, file).await
    }
}

impl PushBlob for Repository {
    async fn push_blob(&self, upload: &BlobUpload) -> Result<BlobPush, PushBlobError> {
        blob::push::push(self, upload).await
    }
}

impl PushManifest for Repository {
    async fn push_manifest(
        &self,
        manifest: &RawManifest,
        target: &TagOrDigest,
    ) -> Result<(), PushManifestError> {
        manifest::push(self, manifest, target).await
    }
}

impl ListTags for Repository {
    async fn list_tags(&self) -> Result<Vec<Tag>, ListTagsError> {
        tags::list(self).await
    }
}
