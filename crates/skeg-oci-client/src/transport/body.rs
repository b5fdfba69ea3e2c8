//! Request bodies that can be sent again, and the watching of their progress.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::sync::mpsc;

use crate::blob::stream::Pieces;
use crate::blob::{BlobSource, source};
use crate::reporter::Transfer;
use crate::transport::activity::Activity;

/// How much of a file is read at once.
const CHUNK_SIZE: u64 = 256 * 1024;

/// How many chunks are read ahead of the network.
const CHUNKS_AHEAD: usize = 4;

/// The body of a request, from which any number of [`SendBody`]s can be made.
#[derive(Clone, Default)]
pub(crate) enum RequestBody {
    #[default]
    Empty,
    Bytes(Bytes),
    /// A blob, or a part of one, whose transfer is reported.
    Blob(BlobPart, Arc<Transfer>),
    /// Some pieces one after the other. The transfer is of the largest, and ends with the body.
    Pieces(Arc<BodyPieces>, Arc<Transfer>),
}

/// What a body is put together from.
#[derive(Debug)]
pub(crate) struct BodyPieces {
    pub(crate) pieces: Vec<BodyPiece>,
    /// The size that is reported.
    pub(crate) reported: u64,
}

/// Some bytes of a request's body, which can be read again.
#[derive(Clone, Debug)]
pub enum BodyPiece {
    /// In memory.
    Bytes(Bytes),
    /// A file, which must not change meanwhile.
    File {
        /// The file.
        path: PathBuf,
        /// How many bytes it has.
        size: u64,
    },
}

impl BodyPiece {
    /// How many bytes there are.
    pub fn size(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File { size, .. } => *size,
        }
    }
}

/// Some bytes of a blob that lie together.
#[derive(Clone, Debug)]
pub(crate) struct BlobPart {
    pub(crate) source: BlobSource,
    pub(crate) offset: u64,
    pub(crate) length: u64,
}

impl BlobPart {
    /// All of a blob.
    pub(crate) fn whole(source: BlobSource) -> Self {
        Self {
            offset: 0,
            length: source.size(),
            source,
        }
    }

    /// The part of `bytes`, the whole blob, that this is.
    fn of(&self, bytes: &Bytes) -> Bytes {
        let length = bytes.len() as u64;
        let start = self.offset.min(length);
        let end = self.offset.saturating_add(self.length).min(length);
        // Both are at most the length, which is one in memory.
        let index = |position: u64| usize::try_from(position).unwrap_or(bytes.len());
        bytes.slice(index(start)..index(end))
    }
}

impl RequestBody {
    /// How many bytes there are.
    pub(crate) fn size(&self) -> u64 {
        match self {
            Self::Empty => 0,
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Blob(part, _) => part.length,
            Self::Pieces(body, _) => body.pieces.iter().map(BodyPiece::size).sum(),
        }
    }

    /// Makes a body to send, which notes on `activity` how far it is.
    pub(crate) fn open(&self, activity: Arc<Activity>) -> SendBody {
        let (content, transfer) = match self {
            Self::Empty => (Content::Bytes(Bytes::new()), None),
            Self::Bytes(bytes) => (Content::Bytes(bytes.clone()), None),
            Self::Blob(part, transfer) => {
                let content = match &part.source {
                    BlobSource::Bytes(bytes) => Content::Bytes(part.of(bytes)),
                    BlobSource::File { path, .. } => {
                        Content::Pieces(read_ahead(path.clone(), part.offset, part.length))
                    }
                    BlobSource::Stream(stream) => Content::Pieces(stream.open(part.offset, part.length)),
                };
                (content, Some((Arc::clone(transfer), part.offset + part.length)))
            }
            Self::Pieces(body, transfer) => {
                let content = Content::Pieces(read_pieces(Arc::clone(body)));
                (content, Some((Arc::clone(transfer), body.reported)))
            }
        };
        let body = SendBody {
            content,
            transfer,
            activity,
            remaining: self.size(),
        };
        if body.is_end_stream() {
            body.activity.finish();
        }
        body
    }
}

/// The size alone: a form for a token service holds a secret.
impl fmt::Debug for RequestBody {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "RequestBody({} bytes)", self.size())
    }
}

/// A body on its way.
pub(crate) struct SendBody {
    content: Content,
    /// The transfer to report to, and where in the blob the body ends.
    transfer: Option<(Arc<Transfer>, u64)>,
    activity: Arc<Activity>,
    remaining: u64,
}

enum Content {
    Bytes(Bytes),
    Pieces(Pieces),
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
            Content::Pieces(chunks) => match chunks.poll_recv(context) {
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
        if let Some((transfer, end)) = &self.transfer {
            transfer.progress(end.saturating_sub(self.remaining));
        }
    }
}

/// Reads a file on a thread of its own, a few chunks ahead.
fn read_ahead(path: PathBuf, offset: u64, length: u64) -> Pieces {
    let (sender, receiver) = mpsc::channel(CHUNKS_AHEAD);
    tokio::task::spawn_blocking(move || read_or_tell(&path, offset, length, &sender));
    receiver
}

/// Reads one piece after the other on a thread of its own, a few chunks ahead.
fn read_pieces(body: Arc<BodyPieces>) -> Pieces {
    let (sender, receiver) = mpsc::channel(CHUNKS_AHEAD);
    tokio::task::spawn_blocking(move || {
        for piece in &body.pieces {
            let goes_on = match piece {
                BodyPiece::Bytes(bytes) => sender.blocking_send(Ok(bytes.clone())).is_ok(),
                BodyPiece::File { path, size } => read_or_tell(path, 0, *size, &sender),
            };
            if !goes_on {
                return;
            }
        }
    });
    receiver
}

/// Whether all was read, and is to go on.
fn read_or_tell(
    path: &Path,
    offset: u64,
    length: u64,
    sender: &mpsc::Sender<Result<Bytes, ReadSourceError>>,
) -> bool {
    let Err(source) = read_chunks(path, offset, length, sender) else {
        return !sender.is_closed();
    };
    let error = ReadSourceError {
        path: path.to_owned(),
        source: Arc::new(source),
    };
    // Nobody is left to tell when the request has ended meanwhile.
    let _unheard = sender.blocking_send(Err(error));
    false
}

fn read_chunks(
    path: &Path,
    offset: u64,
    length: u64,
    sender: &mpsc::Sender<Result<Bytes, ReadSourceError>>,
) -> io::Result<()> {
    let mut file = source::open(path)?;
    file.seek(SeekFrom::Start(offset))?;
    let mut remaining = length;
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
