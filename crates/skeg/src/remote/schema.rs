//! The schemas that the schema of a chart refers to.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::time::Duration;

use skeg_oci_client::FetchUrlError;
use skeg_values::schema::SchemaSource;

use super::{GetError, UrlFetcher, go_words};
use crate::error::{CommandError, CommandErrorKind, chain};
use crate::values_source::read;

/// Helm 4.3.1 waits this long for a schema.
const LIMIT: Duration = Duration::from_secs(15);

/// Files, and what is fetched, each once.
pub(crate) struct SchemaFiles {
    fetcher: UrlFetcher,
    fetched: RefCell<HashMap<String, Result<Vec<u8>, String>>>,
    /// The signal that ended a wait.
    signal: Cell<Option<u8>>,
}

impl SchemaFiles {
    pub(crate) fn new(fetcher: UrlFetcher) -> Self {
        Self {
            fetcher,
            fetched: RefCell::default(),
            signal: Cell::default(),
        }
    }

    /// Fails if a signal has come while something was fetched.
    pub(crate) fn check_signal(&self) -> Result<(), CommandError> {
        self.signal
            .get()
            .map_or(Ok(()), |signal| Err(CommandError::interrupted(signal)))
    }

    fn fetch(&self, url: &str) -> Result<Vec<u8>, String> {
        if self.signal.get().is_some() {
            return Err("interrupted".to_owned());
        }
        let failed = |cause: String| {
            Err(format!(
                "HTTP request failed for {}: {cause}",
                go_words::shown(url)
            ))
        };
        match self.fetcher.get(url, Some(LIMIT)) {
            Ok(bytes) => Ok(bytes),
            Err(GetError::TimedOut) => failed(go_words::timed_out(url)),
            Err(GetError::Stopped(error)) => {
                if let CommandErrorKind::Interrupted { signal } = error.kind() {
                    self.signal.set(Some(signal));
                }
                Err(error.message())
            }
            Err(GetError::Failed(FetchUrlError::Request(error))) => match error.response() {
                Some(response) => {
                    let status = response.status();
                    let (code, text) = (status.as_u16(), status.canonical_reason().unwrap_or_default());
                    let url = go_words::shown(url);
                    Err(format!("HTTP request to {url} returned status {code} ({text})"))
                }
                None => failed(go_words::get_failure(url, &error)),
            },
            Err(GetError::Failed(error)) => failed(chain(&error)),
        }
    }
}

impl SchemaSource for SchemaFiles {
    fn load(&self, url: &str) -> Result<Vec<u8>, String> {
        if let Some(path) = url.strip_prefix("file://") {
            return read(path).map_err(|error| error.to_string());
        }
        if let Some(known) = self.fetched.borrow().get(url) {
            return known.clone();
        }
        let loaded = self.fetch(url);
        self.fetched.borrow_mut().insert(url.to_owned(), loaded.clone());
        loaded
    }
}
