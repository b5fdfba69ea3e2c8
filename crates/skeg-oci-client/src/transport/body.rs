//! Request bodies that can be sent again, and the watching of their progress.

use std::fmt;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::sync::mpsc;

use crate::blob::BlobSource;
use crate::reporter::Transfer;
use crate::transport::activity::Activity;

/// How much of a file is read at once.
const CHUNK_SIZE: u64 = 256 * 1024;

/// How many chunks are read ahead of the network.
const CHUNKS_AHEAD: usize = 4;

/// The body of a request, from which any number of [`SendBody`]s can be made.
#[derive(Clone, Debug, Default)]
pub(crate) enum RequestBody {
    #[default]
    Empty,
    Bytes(Bytes),
    /// A blob whose transfer is reported.
    Blob(BlobSource, Arc<Transfer>),
}

impl RequestBody {
    pub(crate) fn size(&self) -> u64 {
        match self {
            Self::Empty => 0,
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Blob(source, _) => source.size(),
        }
    }

    /// Makes a body to send, which notes on `activity` how far it is.
    pub(crate) fn open(&self, activity: Arc<Activity>) -> SendBody {
        let (content, transfer) = match self {
            Self::Empty => (Content::Bytes(Bytes::new()), None),
            Self::Bytes(bytes) => (Content::Bytes(bytes.clone()), None),
            Self::Blob(BlobSource::Bytes(bytes), transfer) => {
                (Content::Bytes(bytes.clone()), Some(Arc::clone(transfer)))
            }
            Self::Blob(BlobSource::File { path, size }, transfer) => (
                Content::File(read_ahead(path.clone(), *size)),
                Some(Arc::clone(transfer)),
            ),
        };
        let body = SendBody {
            content,
            transfer,
            activity,
            remaining: self.size(),
            size: self.size(),
        };
        if body.is_end_stream() {
            body.activity.finish();
        }
        body
    }
}

/// A body on its way.
pub(crate) struct SendBody {
    content: Content,
    transfer: Option<Arc<Transfer>>,
    activity: Arc<Activity>,
    remaining: u64,
    size: u64,
}

enum Content {
    Bytes(Bytes),
    File(mpsc::Receiver<Result<Bytes, ReadSourceError>>),
}

impl Body for SendBody {
    type Data = Bytes;
    type Error = ReadSourceError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, ReadSourceError>>> {
        let chunk = match &mut self.content {
            Content::Bytes(bytes) if bytes.is_empty() => None,
            Content::Bytes(bytes) => {
                let next = bytes.len().min(usize::try_from(CHUNK_SIZE).unwrap_or(usize::MAX));
                Some(Ok(bytes.split_to(next)))
            }
            Content::File(chunks) => match chunks.poll_recv(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(chunk) => chunk,
            },
        };
        let Some(chunk) = chunk else {
            self.activity.finish();
            return Poll::Ready(None);
        };
        Poll::Ready(Some(chunk.map(|chunk| {
            self.note(chunk.len() as u64);
            Frame::data(chunk)
        })))
    }

    fn is_end_stream(&self) -> bool {
        self.remaining == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.remaining)
    }
}

impl SendBody {
    fn note(&mut self, length: u64) {
        self.remaining = self.remaining.saturating_sub(length);
        self.activity.touch();
        if self.remaining == 0 {
            self.activity.finish();
        }
        if let Some(transfer) = &self.transfer {
            transfer.progress(self.size - self.remaining);
        }
    }
}

/// Reads a file on a thread of its own, a few chunks ahead.
fn read_ahead(path: PathBuf, size: u64) -> mpsc::Receiver<Result<Bytes, ReadSourceError>> {
    let (sender, receiver) = mpsc::channel(CHUNKS_AHEAD);
    tokio::task::spawn_blocking(move || {
        if let Err(source) = read_chunks(&path, size, &sender) {
            let error = ReadSourceError {
                path,
                source: Arc::new(source),
            };
            // Nobody is left to tell when the request has ended meanwhile.
            let _unheard = sender.blocking_send(Err(error));
        }
    });
    receiver
}

fn read_chunks(
    path: &Path,
    size: u64,
    sender: &mpsc::Sender<Result<Bytes, ReadSourceError>>,
) -> io::Result<()> {
    let mut file = fs_err::File::open(path)?;
    let mut remaining = size;
    while remaining > 0 {
        let length = remaining.min(CHUNK_SIZE);
        let mut chunk = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
        let read = (&mut file).take(length).read_to_end(&mut chunk)? as u64;
        if read < length {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "the file is shorter than it was",
            ));
        }
        remaining -= read;
        if sender.blocking_send(Ok(Bytes::from(chunk))).is_err() {
            return Ok(());
        }
    }
    Ok(())
}

/// Why a file could not be read while it was being sent.
#[derive(Clone, Debug)]
pub(crate) struct ReadSourceError {
    pub(crate) path: PathBuf,
    pub(crate) source: Arc<io::Error>,
}

impl fmt::Display for ReadSourceError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "could not read `{}`", self.path.display())
    }
}

impl std::error::Error for ReadSourceError {}
