//! Small files that are fetched on the way: values, and the schemas that schemas refer to.

mod artifact;
pub(crate) mod go_words;
mod schema;

use std::sync::Arc;
use std::time::Duration;

use skeg_oci_client::{Anonymous, Client, ClientOptions, FetchUrlError, TlsOptions, TransferReporter};

pub(crate) use self::artifact::fetch_values_artifact;
pub(crate) use self::schema::SchemaFiles;
use crate::access::client_options;
use crate::args::AccessArgs;
use crate::context::Context;
use crate::error::{CommandError, chain};
use crate::work::block_on;

/// The most that a file of values or a schema may hold.
pub(super) const LARGEST: usize = 64 << 20;

/// Fetches by URL. Nothing is started before something is fetched.
#[derive(Clone)]
pub(crate) struct UrlFetcher {
    options: ClientOptions,
    reporter: Arc<dyn TransferReporter>,
}

impl UrlFetcher {
    /// Of the flags that say how to reach a registry, only the one for trusted authorities is for URLs too: client
    /// certificates and switches that make connections less safe are meant for that registry.
    pub(crate) fn new(access: &AccessArgs, context: &Context) -> Self {
        let options = client_options(access, context);
        Self {
            options: ClientOptions {
                tls: TlsOptions {
                    ca_file: options.tls.ca_file.clone(),
                    ..TlsOptions::default()
                },
                ..options
            },
            reporter: context.reporter(),
        }
    }

    /// Blocks until the file is there, or `limit` is over.
    fn get(&self, url: &str, limit: Option<Duration>) -> Result<Vec<u8>, GetError> {
        let client = Client::new(
            self.options.clone(),
            Arc::new(Anonymous),
            Arc::clone(&self.reporter),
        );
        let fetched = block_on(async {
            let fetching = client.fetch_url(url, LARGEST);
            let Some(limit) = limit else {
                return Ok(Some(fetching.await));
            };
            Ok(tokio::time::timeout(limit, fetching).await.ok())
        });
        match fetched {
            Ok(Some(Ok(bytes))) => Ok(bytes.to_vec()),
            Ok(Some(Err(error))) => Err(GetError::Failed(error)),
            Ok(None) => Err(GetError::TimedOut),
            Err(error) => Err(GetError::Stopped(error)),
        }
    }

    /// Fetches values. The outer error ends the command at once.
    pub(crate) fn fetch_values(&self, url: &str) -> Result<Result<Vec<u8>, String>, CommandError> {
        let error = match self.get(url, None) {
            Ok(bytes) => return Ok(Ok(bytes)),
            Err(error) => error,
        };
        Ok(Err(match error {
            GetError::Stopped(error) => return Err(error),
            GetError::TimedOut => go_words::timed_out(url),
            GetError::Failed(FetchUrlError::Request(error)) => match error.response() {
                Some(response) => format!("failed to fetch {} : {}", go_words::shown(url), response.status()),
                None => go_words::get_failure(url, &error),
            },
            GetError::Failed(error) => chain(&error),
        }))
    }
}

/// Why nothing was fetched.
enum GetError {
    Failed(FetchUrlError),
    TimedOut,
    /// By a signal.
    Stopped(CommandError),
}

/// Whether values are at a URL, whose scheme may be in upper case.
pub(crate) fn is_url(path: &str) -> bool {
    let scheme = path
        .split_once("://")
        .map(|(scheme, _)| scheme.to_ascii_lowercase());
    matches!(scheme.as_deref(), Some("http" | "https"))
}
