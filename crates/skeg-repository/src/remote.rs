//! A repository on the network.

use std::fs::File;

use skeg_credentials::Secret;
use skeg_oci::Digest;
use skeg_oci_client::{Client, FetchUrlError, UrlAnswer, UrlContent, UrlDownload, UrlLogin, Validators};

use crate::list::RepositoryEntry;
use crate::url::{ResolveUrlError, is_same_origin, resolve_reference};

/// How large an index may be.
const INDEX_LIMIT: u64 = 1 << 30;

/// How large an archive or a provenance file may be.
const CHART_LIMIT: u64 = 4 << 30;

/// A repository on the network, and what is needed to ask it.
#[derive(Clone)]
pub struct Remote {
    client: Client,
    address: String,
    login: Option<UrlLogin>,
    pass_credentials: bool,
}

/// An archive that was downloaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DownloadedChart {
    /// How many bytes.
    pub size: u64,
    /// Their digest.
    pub digest: Digest,
}

/// Why an archive could not be downloaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DownloadError {
    /// The address cannot be made out.
    #[error(transparent)]
    Address(#[from] ResolveUrlError),
    /// It cannot be fetched.
    #[error(transparent)]
    Fetch(#[from] FetchUrlError),
    /// It is another one than the index says.
    #[error("the archive has the digest {actual}, but the index says {expected}")]
    Digest {
        /// The digest in the index.
        expected: Digest,
        /// That of what was sent.
        actual: Digest,
    },
}

impl DownloadError {
    /// Whether the server says that there is no such file. Stores of objects say 403 of what is not there.
    pub fn is_not_found(&self) -> bool {
        let Self::Fetch(FetchUrlError::Request(error)) = self else {
            return false;
        };
        let status = error.response().map(|response| response.status().as_u16());
        matches!(status, Some(403 | 404 | 410))
    }
}

impl Remote {
    /// A repository without a login.
    pub fn new(client: Client, address: impl Into<String>) -> Self {
        Self {
            client,
            address: address.into(),
            login: None,
            pass_credentials: false,
        }
    }

    /// A repository that has a name. The client is to have its certificates.
    pub fn of_entry(client: Client, entry: &RepositoryEntry) -> Self {
        Self::new(client, entry.url.as_str()).with_login(entry.login(), entry.pass_credentials_all)
    }

    /// Sends this login to the host of the repository, or to every host that its index names.
    #[must_use]
    pub fn with_login(mut self, login: Option<(String, Secret<String>)>, pass_credentials: bool) -> Self {
        self.login = login.map(|(user, password)| UrlLogin::Basic(user, password));
        self.pass_credentials = pass_credentials;
        self
    }

    /// Sends this token to the host of the repository instead of a login.
    #[must_use]
    pub fn with_token(mut self, token: Secret<String>) -> Self {
        self.login = Some(UrlLogin::Bearer(token));
        self.pass_credentials = false;
        self
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// The login for the host of the repository.
    pub(crate) fn own_login(&self) -> Option<UrlLogin> {
        self.login.clone()
    }

    /// The address of the repository.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Downloads `index.yaml` into a file, unless it is the one that is known.
    ///
    /// # Errors
    /// See [`DownloadError`].
    pub async fn download_index(
        &self,
        known: Validators,
        file: &mut File,
    ) -> Result<UrlAnswer, DownloadError> {
        let url = resolve_reference(&self.address, "index.yaml")?;
        let download = UrlDownload {
            login: self.login_for(&url),
            url,
            known,
            limit: INDEX_LIMIT,
            ..UrlDownload::default()
        };
        Ok(self.client.download_url(&download, file).await?)
    }

    /// Downloads an archive into a file, by an address of the index. Without a digest whatever comes is taken.
    ///
    /// # Errors
    /// See [`DownloadError`]; what is in the file then is not to be used.
    pub async fn download_chart(
        &self,
        reference: &str,
        expected: Option<&Digest>,
        file: &mut File,
    ) -> Result<DownloadedChart, DownloadError> {
        let content = self
            .download(reference, Some("application/gzip,application/octet-stream"), file)
            .await?;
        if let Some(expected) = expected.filter(|expected| **expected != content.digest) {
            return Err(DownloadError::Digest {
                expected: expected.clone(),
                actual: content.digest,
            });
        }
        Ok(DownloadedChart {
            size: content.size,
            digest: content.digest,
        })
    }

    /// Downloads the provenance file of an archive.
    ///
    /// # Errors
    /// See [`DownloadError`].
    pub async fn download_provenance(&self, reference: &str, file: &mut File) -> Result<(), DownloadError> {
        let url = format!("{}.prov", resolve_reference(&self.address, reference)?);
        self.download(&url, None, file).await.map(drop)
    }

    async fn download(
        &self,
        reference: &str,
        accept: Option<&'static str>,
        file: &mut File,
    ) -> Result<UrlContent, DownloadError> {
        let url = resolve_reference(&self.address, reference)?;
        let download = UrlDownload {
            login: self.login_for(&url),
            url,
            accept,
            known: Validators::default(),
            limit: CHART_LIMIT,
        };
        match self.client.download_url(&download, file).await? {
            UrlAnswer::Content(content) => Ok(content),
            UrlAnswer::NotModified => unreachable!("because nothing is known that could be the same"),
        }
    }

    fn login_for(&self, url: &str) -> Option<UrlLogin> {
        let is_for_it = self.pass_credentials || is_same_origin(&self.address, url);
        self.login.clone().filter(|_| is_for_it)
    }
}
