//! A cluster that can be asked.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Deserialize;
use tokio::sync::Mutex;

use crate::configuration;
use crate::discovery::{Discovery, Freshness, fetch};
use crate::error::ClusterError;
use crate::settings::ClusterSettings;
use crate::transport::{Call, Requester, connect};

/// Who hears what the server warns of, such as versions that will be removed.
pub trait WarningSink: Send + Sync {
    /// One warning, in the words of the server.
    fn warn(&self, text: &str);
}

/// What `/version` says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ServerVersion {
    /// `v1.36.3`
    pub git_version: String,
    /// `1`
    pub major: String,
    /// `36`
    pub minor: String,
}

/// A cluster that can be asked; cheap to clone.
#[derive(Clone)]
pub struct Cluster {
    requester: Requester,
    cache_directory: Option<PathBuf>,
    discovery: Arc<Mutex<Option<Arc<Discovery>>>>,
}

impl fmt::Debug for Cluster {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Cluster")
            .field("requester", &self.requester)
            .finish_non_exhaustive()
    }
}

impl Cluster {
    /// Reads the configuration and makes a client for it; nothing is sent. To be called on a Tokio runtime, on which all
    /// later calls must be made too.
    ///
    /// # Errors
    /// The configuration names no cluster, or its files, certificates or programs for credentials are broken.
    pub async fn connect(
        settings: &ClusterSettings,
        warnings: Arc<dyn WarningSink>,
    ) -> Result<Self, ClusterError> {
        let config = configuration::load(settings).await?;
        let server = config.cluster_url.clone();
        let client = connect(&config)?;
        Ok(Self {
            requester: Requester::new(client, server, &settings.user_agent, warnings),
            cache_directory: settings.cache_directory.clone(),
            discovery: Arc::default(),
        })
    }

    /// The address of the API server: `https://127.0.0.1:6443/`.
    pub fn server(&self) -> String {
        self.requester.server().to_string()
    }

    /// The version of the server.
    ///
    /// # Errors
    /// The server cannot be reached, or does not know the user.
    pub async fn version(&self) -> Result<ServerVersion, ClusterError> {
        self.requester().send(&Call::get("/version")).await?.decode()
    }

    /// What the server has; asked once in the life of this value, and again only if that is not fresh enough.
    ///
    /// # Errors
    /// The server cannot be asked.
    pub async fn discovery(&self, freshness: Freshness) -> Result<Arc<Discovery>, ClusterError> {
        let mut known = self.discovery.lock().await;
        if let Some(known) = known.as_ref()
            && known.is_at_least(freshness)
        {
            return Ok(Arc::clone(known));
        }
        let found = fetch(self.requester(), self.cache_directory.as_deref(), freshness).await?;
        let found = Arc::new(found);
        *known = Some(Arc::clone(&found));
        Ok(found)
    }

    /// Sees to it that the server is asked again for what it has, after it got new kinds.
    pub async fn forget_discovery(&self) {
        *self.discovery.lock().await = None;
    }

    pub(crate) fn requester(&self) -> &Requester {
        &self.requester
    }
}
