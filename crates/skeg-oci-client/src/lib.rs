//! A client for OCI registries and image layouts, for any kind of artifact.
//!
//! What can be done with one repository is a set of small traits, such as [`FetchManifest`] and [`PushBlob`]. A [`Client`] gives
//! those of registries over HTTP, a [`LayoutRepository`] is one in a directory, [`AnyRepository`] is either. Unknown here:
//! charts, where credentials are stored (a [`CredentialProvider`] is given), how progress looks (a [`TransferReporter`] is).
//! ```
//! use skeg_oci::{MediaType, RawManifest, TagOrDigest};
//! use skeg_oci_client::{BlobUpload, FetchManifest, MemoryRepository, PushBlob, PushManifest};
//!
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! let repository = MemoryRepository::new();
//! let config = BlobUpload::from_bytes(MediaType::EMPTY_JSON, "{}");
//! repository.push_blob(&config).await?;
//! let json = serde_json::json!({"schemaVersion": 2, "config": config.descriptor(), "layers": []});
//! let manifest = RawManifest::new(MediaType::OCI_MANIFEST, json.to_string().into_bytes());
//! repository.push_manifest(&manifest, &TagOrDigest::Tag("1.0.0".parse()?)).await?;
//! assert_eq!(repository.fetch_manifest(&manifest.digest().clone().into()).await?, manifest);
//! # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
//! ```
//! Invariants: no content reaches a caller before its size and digest are checked; memory does not grow with the size of blobs,
//! nor with anything that a server sends; a credential goes to the registry it is for, and to the token service that this
//! registry names, and nowhere else; no message holds a secret.

mod any;
mod auth;
mod blob;
mod cached;
mod catalog;
mod client;
mod credential;
mod error;
mod host;
mod layout;
mod manifest;
mod memory;
mod mirrored;
mod pages;
mod ping;
mod referrers;
mod registry;
mod reporter;
mod repository;
mod request;
mod tags;
mod target;
mod transport;
mod writing;

pub use crate::any::AnyRepository;
pub use crate::blob::{BlobSource, BlobStream};
pub use crate::cached::{Cache, CacheOptions, CachedRepository};
pub use crate::catalog::CatalogPages;
pub use crate::client::{Client, ClientOptions, ProxyOptions, Timeouts, TlsOptions};
pub use crate::credential::{
    Anonymous, BoxFuture, CredentialProvider, ProvideCredentialError, ProvidedCredential,
};
pub use crate::error::{
    AuthenticateError, CertificateProblem, ConnectError, CopyBlobError, DeleteError, FetchBlobError,
    FetchManifestError, FetchUrlError, ListReferrersError, ListRepositoriesError, ListTagsError,
    PushBlobError, PushManifestError, RedirectError, RequestError, ResolveError, ResponseError, TimeoutStage,
    TlsConfigError,
};
pub use crate::host::{HostConfiguration, HostOptions, SameForAll};
pub use crate::layout::{LayoutError, LayoutRepository};
pub use crate::manifest::MANIFEST_LIMIT;
pub use crate::memory::MemoryRepository;
pub use crate::mirrored::{MirrorRepository, MirroredRepository};
pub use crate::ping::{Capabilities, Ping, RateLimit, Support, UploadSupport};
pub use crate::referrers::{ListReferrers, Referrers, ReferrersSource, referrers_tag};
pub use crate::registry::Registry;
pub use crate::reporter::{Direction, Notice, RetryNotice, SilentReporter, TransferId, TransferReporter};
pub use crate::repository::Repository;
pub use crate::tags::{ListTagPages, TagPages};
pub use crate::target::{
    BlobPush, BlobUpload, FetchBlob, FetchManifest, ListTags, PushBlob, PushManifest, Resolve,
};
pub use crate::transport::{BodyPiece, UploadAnswer, UrlLogin, UrlUpload};
pub use crate::transport::{RetryPolicy, Sleeper, TokioSleeper};
pub use crate::transport::{UrlAnswer, UrlContent, UrlDownload, Validators};
pub use crate::writing::{Delete, HasBlob, OpenBlob, copy_blob};
