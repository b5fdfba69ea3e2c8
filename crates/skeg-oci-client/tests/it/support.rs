//! A client with everything that a test wants to look at: notices, retries, pauses, transfers.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Seek};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use skeg_credentials::Credential;
use skeg_oci::{Descriptor, MediaType, RawManifest, RegistryHost, RepositoryName, TagOrDigest};
use skeg_oci_client::{
    BlobPush, BlobSource, BlobUpload, BoxFuture, Client, ClientOptions, CredentialProvider, Direction,
    FetchBlob, FetchBlobError, FetchManifest, FetchManifestError, Notice, ProvideCredentialError,
    ProvidedCredential, PushBlob, PushBlobError, Repository, RetryNotice, Sleeper, Timeouts, TransferId,
    TransferReporter,
};

/// The repository of most tests.
pub(crate) const NAME: &str = "charts/demo";

/// What happened besides results.
#[derive(Default)]
pub(crate) struct Recorder {
    pub(crate) notices: Mutex<Vec<String>>,
    /// The reasons of the retries that were reported.
    pub(crate) retries: Mutex<Vec<String>>,
    pub(crate) pauses: Mutex<Vec<Duration>>,
    pub(crate) progress: Mutex<HashMap<u64, Vec<u64>>>,
    pub(crate) completed: Mutex<Vec<u64>>,
}

impl Recorder {
    pub(crate) fn notices(&self) -> Vec<String> {
        self.notices.lock().unwrap().clone()
    }

    pub(crate) fn pauses(&self) -> Vec<Duration> {
        self.pauses.lock().unwrap().clone()
    }

    /// How often a request was sent again, reported or not.
    pub(crate) fn retries(&self) -> usize {
        self.pauses.lock().unwrap().len()
    }

    pub(crate) fn reported_retries(&self) -> Vec<String> {
        self.retries.lock().unwrap().clone()
    }

    /// The last byte count reported for each transfer.
    pub(crate) fn transferred(&self) -> Vec<u64> {
        let progress = self.progress.lock().unwrap();
        progress
            .values()
            .filter_map(|reports| reports.last().copied())
            .collect()
    }
}

impl TransferReporter for Recorder {
    fn on_transfer_start(&self, _direction: Direction, _blob: &Descriptor) -> TransferId {
        let mut progress = self.progress.lock().unwrap();
        let id = progress.len() as u64;
        progress.insert(id, Vec::new());
        TransferId(id)
    }

    fn on_transfer_progress(&self, id: TransferId, bytes: u64) {
        self.progress.lock().unwrap().entry(id.0).or_default().push(bytes);
    }

    fn on_transfer_complete(&self, id: TransferId) {
        self.completed.lock().unwrap().push(id.0);
    }

    fn on_retry(&self, retry: &RetryNotice<'_>) {
        self.retries.lock().unwrap().push(retry.reason.to_owned());
    }

    fn on_notice(&self, notice: &Notice) {
        self.notices.lock().unwrap().push(notice.to_string());
    }
}

/// Pauses take no time, and are noted.
impl Sleeper for Recorder {
    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        self.pauses.lock().unwrap().push(duration);
        Box::pin(std::future::ready(()))
    }
}

/// Gives one credential, none, or an error; counts how often it is asked.
#[derive(Default)]
pub(crate) struct Provider {
    credential: Option<Credential>,
    is_broken: bool,
    pub(crate) asked: Mutex<usize>,
}

impl Provider {
    pub(crate) fn broken() -> Self {
        Self {
            is_broken: true,
            ..Self::default()
        }
    }
}

impl From<Credential> for Provider {
    fn from(credential: Credential) -> Self {
        Self {
            credential: Some(credential),
            ..Self::default()
        }
    }
}

impl CredentialProvider for Provider {
    fn credential<'a>(
        &'a self,
        _host: &'a RegistryHost,
        _repository: Option<&'a RepositoryName>,
    ) -> BoxFuture<'a, Result<Option<ProvidedCredential>, ProvideCredentialError>> {
        *self.asked.lock().unwrap() += 1;
        let provided = self.credential.clone().map(|credential| ProvidedCredential {
            credential,
            source: "`config.json`".to_owned(),
        });
        let result = if self.is_broken {
            Err(ProvideCredentialError("the helper crashed".into()))
        } else {
            Ok(provided)
        };
        Box::pin(std::future::ready(result))
    }
}

/// A client and what it told.
pub(crate) struct Harness {
    pub(crate) client: Client,
    pub(crate) recorder: Arc<Recorder>,
    pub(crate) provider: Arc<Provider>,
}

impl Harness {
    /// A client for plain HTTP without credentials.
    pub(crate) fn new() -> Self {
        Self::with(plain(), Provider::default())
    }

    /// A client for plain HTTP with a user name and a password.
    pub(crate) fn with_password(username: &str, password: &str) -> Self {
        Self::with_credential(Credential::basic(username, password))
    }

    pub(crate) fn with_credential(credential: Credential) -> Self {
        Self::with(plain(), credential.into())
    }

    pub(crate) fn with_options(options: ClientOptions) -> Self {
        Self::with(options, Provider::default())
    }

    pub(crate) fn with(options: ClientOptions, provider: Provider) -> Self {
        let recorder = Arc::new(Recorder::default());
        let options = ClientOptions {
            sleeper: recorder.clone(),
            ..options
        };
        Self::recorded(options, provider, recorder)
    }

    /// A client without credentials whose pauses are not the recorder's.
    pub(crate) fn with_sleeper(options: ClientOptions, sleeper: Arc<dyn Sleeper>) -> Self {
        let options = ClientOptions { sleeper, ..options };
        Self::recorded(options, Provider::default(), Arc::default())
    }

    fn recorded(options: ClientOptions, provider: Provider, recorder: Arc<Recorder>) -> Self {
        let provider = Arc::new(provider);
        Self {
            client: Client::new(options, provider.clone(), recorder.clone()),
            recorder,
            provider,
        }
    }

    pub(crate) fn repository(&self, host: &str) -> Repository {
        self.named(host, NAME)
    }

    /// Fetches the manifest of the tag that most tests use.
    pub(crate) async fn fetch(&self, host: &str) -> Result<RawManifest, FetchManifestError> {
        self.repository(host).fetch_manifest(&tag("1.0.0")).await
    }

    /// Pushes a small blob.
    pub(crate) async fn push(&self, host: &str) -> Result<BlobPush, PushBlobError> {
        self.repository(host).push_blob(&upload(b"chart")).await
    }

    pub(crate) fn named(&self, host: &str, name: &str) -> Repository {
        self.client
            .repository(host.parse().unwrap(), name.parse().unwrap())
    }
}

pub(crate) fn plain() -> ClientOptions {
    ClientOptions {
        plain_http: true,
        ..ClientOptions::default()
    }
}

/// Plain HTTP, and patience for tests of servers that stop.
pub(crate) fn impatient() -> ClientOptions {
    let short = Duration::from_millis(100);
    ClientOptions {
        timeouts: Timeouts {
            response_head: short,
            upload_commit: short,
            idle: short,
            ..Timeouts::default()
        },
        ..plain()
    }
}

pub(crate) fn tag(text: &str) -> TagOrDigest {
    TagOrDigest::Tag(text.parse().unwrap())
}

pub(crate) fn digest(text: &str) -> TagOrDigest {
    TagOrDigest::Digest(text.parse().unwrap())
}

pub(crate) fn blob(content: &[u8]) -> Descriptor {
    Descriptor::of(MediaType::HELM_CHART_CONTENT, content)
}

pub(crate) fn upload(content: &[u8]) -> BlobUpload {
    BlobUpload::from_bytes(MediaType::HELM_CHART_CONTENT, content.to_vec())
}

/// The upload of a file, and the file, which lives as long as the second value.
pub(crate) fn file_upload(content: &[u8]) -> (BlobUpload, tempfile::NamedTempFile) {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs_err::write(file.path(), content).unwrap();
    let source = BlobSource::file(file.path(), content.len() as u64);
    (BlobUpload::new(blob(content), source), file)
}

/// A manifest that is one, without blobs that anybody looks for.
pub(crate) fn manifest() -> RawManifest {
    let config = Descriptor::of(MediaType::HELM_CONFIG, b"{}");
    let json = format!(
        r#"{{"schemaVersion":2,"config":{},"layers":[]}}"#,
        serde_json::to_string(&config).unwrap()
    );
    RawManifest::new(MediaType::OCI_MANIFEST, json.into_bytes())
}

/// A manifest of this type whose subject is [`manifest`].
pub(crate) fn referrer(artifact_type: &str) -> RawManifest {
    let json = serde_json::json!({
        "schemaVersion": 2,
        "mediaType": MediaType::OCI_MANIFEST,
        "artifactType": artifact_type,
        "config": Descriptor::of(MediaType::EMPTY_JSON, b"{}"),
        "layers": [],
        "subject": manifest().descriptor(),
    });
    RawManifest::new(MediaType::OCI_MANIFEST, json.to_string().into_bytes())
}

/// Fetches a blob to a temporary file and returns what is in it.
pub(crate) async fn fetch_to_file(
    repository: &impl FetchBlob,
    blob: &Descriptor,
) -> Result<Vec<u8>, FetchBlobError> {
    let file: File = tempfile::tempfile().unwrap();
    let mut file = repository.fetch_blob_to_file(blob, file).await?;
    let mut content = Vec::new();
    file.rewind().unwrap();
    file.read_to_end(&mut content).unwrap();
    Ok(content)
}
