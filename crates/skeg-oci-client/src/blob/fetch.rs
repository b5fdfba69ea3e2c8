//! Fetching a blob: one GET, resumed where it was cut off, by this transfer or by an earlier one.
//!
//! Spec: distribution-spec v1.1, "Pulling blobs"; RFC 9110, "Range Requests".

use std::fs::File;

use bytes::Bytes;
use http::StatusCode;
use http::header::CONTENT_ENCODING;
use skeg_oci::Descriptor;

use crate::blob::sink::{FileSink, MemorySink, Sink};
use crate::error::{FetchBlobError, RequestError};
use crate::reporter::{Direction, Transfer};
use crate::repository::Repository;
use crate::request::{Call, content_length, content_range};
use crate::transport::{Attempts, Response};

/// After so many bytes a transfer counts as going on, and may be cut off as often again.
const PROGRESS: u64 = 1024 * 1024;

pub(crate) async fn to_memory(
    repository: &Repository,
    blob: &Descriptor,
    limit: u64,
) -> Result<Bytes, FetchBlobError> {
    check_limit(blob, limit)?;
    fetch(repository, blob, MemorySink::new(blob.digest.algorithm()), 0).await
}

/// What `file` holds is taken as the beginning of the blob.
pub(crate) async fn to_file(
    repository: &Repository,
    blob: &Descriptor,
    file: File,
) -> Result<File, FetchBlobError> {
    let taken_up = FileSink::take_up(file, blob).await;
    let (sink, held) = taken_up.map_err(|source| FetchBlobError::Write {
        digest: blob.digest.clone(),
        source,
    })?;
    fetch(repository, blob, sink, held).await
}

pub(crate) fn check_limit(blob: &Descriptor, limit: u64) -> Result<(), FetchBlobError> {
    if blob.size <= limit {
        return Ok(());
    }
    Err(FetchBlobError::TooLarge {
        digest: blob.digest.clone(),
        size: blob.size,
        limit,
    })
}

/// Gives a blob to a sink that has nothing of it yet.
pub(crate) async fn to_sink<S: Sink>(
    repository: &Repository,
    blob: &Descriptor,
    sink: S,
) -> Result<S::Output, FetchBlobError> {
    fetch(repository, blob, sink, 0).await
}

async fn fetch<S: Sink>(
    repository: &Repository,
    blob: &Descriptor,
    sink: S,
    held: u64,
) -> Result<S::Output, FetchBlobError> {
    let mut download = Download {
        repository,
        blob,
        sink,
        received: held,
        is_pieced: held > 0,
        transfer: Transfer::start(repository.transport.reporter(), Direction::Fetch, blob),
    };
    download.transfer.progress(held);
    let outcome = download.run_checked().await;
    // What was received is where it belongs before anybody hears of the failure.
    let finished = download.sink.finish().await;
    outcome?;
    finished.map_err(|source| FetchBlobError::Write {
        digest: blob.digest.clone(),
        source,
    })
}

/// Tells whether the bytes are to blame.
fn is_wrong(outcome: &Result<(), FetchBlobError>) -> bool {
    matches!(
        outcome,
        Err(FetchBlobError::DigestMismatch { .. } | FetchBlobError::SizeMismatch { .. })
    )
}

/// A transfer on its way.
struct Download<'a, S> {
    repository: &'a Repository,
    blob: &'a Descriptor,
    sink: S,
    received: u64,
    /// Whether the bytes so far come from several answers, or from an earlier transfer.
    is_pieced: bool,
    transfer: Transfer,
}

impl<S: Sink> Download<'_, S> {
    /// Fetches what is missing and checks the whole. Where the whole was put together and is not the blob, everything is
    /// fetched once more. Wrong bytes are not left behind.
    async fn run_checked(&mut self) -> Result<(), FetchBlobError> {
        let mut outcome = self.run_once().await;
        if self.is_pieced && is_wrong(&outcome) {
            tracing::debug!(digest = %self.blob.digest, "what was put together is not the blob, fetching all of it");
            self.restart().await?;
            outcome = self.run_once().await;
        }
        if is_wrong(&outcome) {
            self.restart().await?;
        }
        outcome
    }

    async fn run_once(&mut self) -> Result<(), FetchBlobError> {
        if self.received == 0 || self.received < self.blob.size {
            self.run().await?;
        }
        let digest = self.sink.digest().await;
        let actual = digest.map_err(|source| self.write_error(source))?;
        if actual == self.blob.digest {
            return Ok(());
        }
        Err(FetchBlobError::DigestMismatch {
            expected: self.blob.digest.clone(),
            actual,
        })
    }

    /// Asks again from where it was cut off, until everything is there.
    async fn run(&mut self) -> Result<(), FetchBlobError> {
        let mut attempts = Attempts::new();
        loop {
            let before = self.received;
            let error = match self.pass().await {
                Ok(()) if self.received == self.blob.size => return Ok(()),
                // A server may give less than was asked for, and says so.
                Ok(()) if self.received > before => continue,
                Ok(()) => return Err(self.size_mismatch(self.received)),
                Err(FetchBlobError::Request(error)) => error,
                Err(error) => return Err(error),
            };
            if self.received >= before.saturating_add(PROGRESS) {
                attempts = Attempts::new();
            }
            if !self.repository.wait_to_retry(&mut attempts, &error).await {
                return Err(error.into());
            }
        }
    }

    /// Asks once for what is missing, and takes what comes, which may be a part of it.
    async fn pass(&mut self) -> Result<(), FetchBlobError> {
        let mut response = self.ask().await?;
        self.align(&response).await?;
        let offset = self.received;
        self.is_pieced = offset > 0;
        while let Some(piece) = response.body.chunk().await {
            let piece = piece?;
            self.take(piece).await?;
        }
        if self.received == self.blob.size {
            return Ok(());
        }
        // A whole answer without a stated length that ends early was cut off as well.
        let stated = content_length(&response.headers);
        if stated == Some(self.received - offset) {
            return match response.status {
                StatusCode::PARTIAL_CONTENT => Ok(()),
                _ => Err(self.size_mismatch(self.received)),
            };
        }
        Err(RequestError::Broken {
            method: response.body.method,
            url: response.body.url,
            source: "the response ended early".into(),
        }
        .into())
    }

    async fn ask(&mut self) -> Result<Response, FetchBlobError> {
        let name = self.repository.name();
        let call = Call::get_blob(name, &self.blob.digest, self.received);
        let error = match self.repository.call(&call).await {
            Ok(response) => return Ok(response),
            Err(RequestError::Response(error)) => error,
            Err(error) => return Err(error.into()),
        };
        if error.is_not_found() {
            return Err(FetchBlobError::NotFound {
                digest: self.blob.digest.clone(),
                source: Some(error),
            });
        }
        if self.received > 0 && error.status == StatusCode::RANGE_NOT_SATISFIABLE {
            self.restart().await?;
            let call = Call::get_blob(name, &self.blob.digest, 0);
            return Ok(self.repository.call(&call).await?);
        }
        Err(RequestError::Response(error).into())
    }

    /// Checks what the head of the response promises, and begins again if it does not go on where we are.
    async fn align(&mut self, response: &Response) -> Result<(), FetchBlobError> {
        if let Some(encoding) = response.headers.get(CONTENT_ENCODING)
            && encoding != "identity"
        {
            return Err(FetchBlobError::Encoded {
                digest: self.blob.digest.clone(),
                encoding: String::from_utf8_lossy(encoding.as_bytes()).into_owned(),
            });
        }
        if response.status != StatusCode::PARTIAL_CONTENT {
            if self.received > 0 {
                self.restart().await?;
            }
            return match content_length(&response.headers) {
                Some(length) if length != self.blob.size => Err(self.size_mismatch(length)),
                _ => Ok(()),
            };
        }
        let range = content_range(&response.headers);
        match range {
            Some(range) if range.first == self.received => match range.total {
                Some(total) if total != self.blob.size => Err(self.size_mismatch(total)),
                _ => Ok(()),
            },
            // The wrong part, or nobody says which: begin again, without a range.
            _ => {
                self.restart().await?;
                Err(RequestError::Broken {
                    method: response.body.method.clone(),
                    url: response.body.url.clone(),
                    source: "the response is another part than was asked for".into(),
                }
                .into())
            }
        }
    }

    async fn take(&mut self, piece: Bytes) -> Result<(), FetchBlobError> {
        let received = self.received + piece.len() as u64;
        if received > self.blob.size {
            return Err(self.size_mismatch(received));
        }
        let written = self.sink.write(piece).await;
        written.map_err(|source| self.write_error(source))?;
        self.received = received;
        self.transfer.progress(received);
        Ok(())
    }

    async fn restart(&mut self) -> Result<(), FetchBlobError> {
        let restarted = self.sink.restart().await;
        restarted.map_err(|source| self.write_error(source))?;
        self.received = 0;
        self.is_pieced = false;
        self.transfer.progress(0);
        Ok(())
    }

    fn write_error(&self, source: std::io::Error) -> FetchBlobError {
        FetchBlobError::Write {
            digest: self.blob.digest.clone(),
            source,
        }
    }

    fn size_mismatch(&self, actual: u64) -> FetchBlobError {
        FetchBlobError::SizeMismatch {
            digest: self.blob.digest.clone(),
            expected: self.blob.size,
            actual,
        }
    }
}
