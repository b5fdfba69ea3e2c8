//! A blob of one registry as the source of an upload to another place: it is passed through in bounded memory.
//!
//! A small blob is fetched whole and checked before any of it is sent, and kept for another try. A large one is sent
//! while it comes: it is resumed where it was cut off, and its last piece is held back until the whole was checked.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex as StdMutex};

use bytes::Bytes;
use skeg_oci::{Descriptor, Digest, Digester};
use tokio::sync::{Mutex, OnceCell, mpsc};
use tokio::task::JoinHandle;

use crate::blob::fetch;
use crate::blob::sink::Sink;
use crate::error::FetchBlobError;
use crate::repository::Repository;
use crate::transport::ReadSourceError;

/// Up to this size a blob is fetched whole before it is sent.
const SMALL: u64 = 1024 * 1024;

/// How many pieces may wait between the two connections.
const PIECES_AHEAD: usize = 4;

/// What a body is made of.
pub(crate) type Pieces = mpsc::Receiver<Result<Bytes, ReadSourceError>>;

/// A blob of a registry that can be sent elsewhere, from its beginning any number of times.
#[derive(Clone)]
pub struct BlobStream {
    shared: Arc<Shared>,
}

struct Shared {
    repository: Repository,
    blob: Descriptor,
    small: OnceCell<Bytes>,
    running: Mutex<Option<Running>>,
    failure: StdMutex<Option<FetchBlobError>>,
}

impl BlobStream {
    pub(crate) fn new(repository: Repository, blob: Descriptor) -> Self {
        Self {
            shared: Arc::new(Shared {
                repository,
                blob,
                small: OnceCell::new(),
                running: Mutex::new(None),
                failure: StdMutex::new(None),
            }),
        }
    }

    /// The blob.
    pub fn descriptor(&self) -> &Descriptor {
        &self.shared.blob
    }

    /// Why the blob could not be fetched, if that is what a transfer failed of.
    pub(crate) fn take_failure(&self) -> Option<FetchBlobError> {
        self.shared.failure().take()
    }

    /// Fetches what is to be at hand before an upload waits for it.
    pub(crate) async fn prepare(&self) -> Result<(), ReadSourceError> {
        if self.shared.blob.size > SMALL {
            return Ok(());
        }
        self.shared.small().await.map(drop)
    }

    /// Gives `length` bytes from `offset` on, which is the beginning or where the last call ended.
    pub(crate) fn open(&self, offset: u64, length: u64) -> Pieces {
        let (sender, receiver) = mpsc::channel(1);
        let shared = Arc::clone(&self.shared);
        tokio::spawn(async move {
            tokio::select! {
                () = sender.closed() => {}
                () = shared.pump(offset, length, &sender) => {}
            }
        });
        receiver
    }
}

impl fmt::Debug for BlobStream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "BlobStream({:?}@{})",
            self.shared.repository, self.shared.blob.digest
        )
    }
}

impl Shared {
    fn failure(&self) -> std::sync::MutexGuard<'_, Option<FetchBlobError>> {
        self.failure
            .lock()
            .expect("because nothing panics while it holds the lock")
    }

    fn failed(&self, error: FetchBlobError) -> ReadSourceError {
        let text = error.to_string();
        *self.failure() = Some(error);
        self.broken(text)
    }

    fn broken(&self, text: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> ReadSourceError {
        ReadSourceError {
            path: PathBuf::from(self.blob.digest.to_string()),
            source: Arc::new(io::Error::other(text)),
        }
    }

    async fn small(&self) -> Result<&Bytes, ReadSourceError> {
        let fetched = self
            .small
            .get_or_try_init(|| fetch::to_memory(&self.repository, &self.blob, SMALL));
        fetched.await.map_err(|error| self.failed(error))
    }

    /// Sends the bytes asked for, as long as somebody takes them.
    async fn pump(
        self: &Arc<Self>,
        offset: u64,
        length: u64,
        to: &mpsc::Sender<Result<Bytes, ReadSourceError>>,
    ) {
        if self.blob.size <= SMALL {
            let part = self.small().await.map(|bytes| part(bytes, offset, length));
            // Whoever has gone does not miss it.
            drop(to.send(part).await);
            return;
        }
        let mut running = self.running.lock().await;
        if offset == 0 {
            *running = Some(Running::start(self));
        }
        let mut left = length;
        while left > 0 {
            let next = match running
                .as_mut()
                .filter(|run| run.position == offset + length - left)
            {
                Some(run) => run.next(left).await,
                None => None,
            };
            let next = next.unwrap_or_else(|| Err(self.broken("the transfer has not got so far")));
            let is_error = next.is_err();
            left -= next.as_ref().map_or(0, |piece| piece.len() as u64).min(left);
            if to.send(next).await.is_err() || is_error {
                *running = None;
                return;
            }
        }
    }
}

fn part(bytes: &Bytes, offset: u64, length: u64) -> Bytes {
    let index = |position: u64| usize::try_from(position).unwrap_or(usize::MAX).min(bytes.len());
    bytes.slice(index(offset)..index(offset.saturating_add(length)))
}

/// A fetch on its way.
struct Running {
    position: u64,
    left_over: Bytes,
    pieces: Pieces,
    task: JoinHandle<()>,
}

impl Running {
    fn start(shared: &Arc<Shared>) -> Self {
        let (sender, pieces) = mpsc::channel(PIECES_AHEAD);
        let shared = Arc::clone(shared);
        let task = tokio::spawn(async move {
            let sink = ChannelSink::new(&shared.blob, sender.clone());
            let fetched = fetch::to_sink(&shared.repository, &shared.blob, sink).await;
            if let Err(error) = fetched
                && !sender.is_closed()
            {
                let error = shared.failed(error);
                drop(sender.send(Err(error)).await);
            }
        });
        Self {
            position: 0,
            left_over: Bytes::new(),
            pieces,
            task,
        }
    }

    /// The next bytes, at most so many.
    async fn next(&mut self, most: u64) -> Option<Result<Bytes, ReadSourceError>> {
        if self.left_over.is_empty() {
            match self.pieces.recv().await? {
                Ok(piece) => self.left_over = piece,
                Err(error) => return Some(Err(error)),
            }
        }
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let piece = self.left_over.split_to(most.min(self.left_over.len()));
        self.position += piece.len() as u64;
        Some(Ok(piece))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Sends a blob on, each byte once, the last piece when all were checked.
struct ChannelSink {
    sender: mpsc::Sender<Result<Bytes, ReadSourceError>>,
    digester: Digester,
    held_back: Bytes,
    /// Where the fetch is, which may have begun again.
    position: u64,
    is_right: bool,
    expected: Digest,
}

impl ChannelSink {
    fn new(blob: &Descriptor, sender: mpsc::Sender<Result<Bytes, ReadSourceError>>) -> Self {
        Self {
            sender,
            digester: Digester::new(blob.digest.algorithm()),
            held_back: Bytes::new(),
            position: 0,
            is_right: false,
            expected: blob.digest.clone(),
        }
    }

    async fn send(&mut self, piece: Bytes) -> io::Result<()> {
        if piece.is_empty() {
            return Ok(());
        }
        let sent = self.sender.send(Ok(piece)).await;
        sent.map_err(|_| io::Error::other("nobody takes the blob any more"))
    }
}

impl Sink for ChannelSink {
    type Output = ();

    async fn write(&mut self, piece: Bytes) -> io::Result<()> {
        let known = self.digester.count().saturating_sub(self.position);
        self.position += piece.len() as u64;
        let known = usize::try_from(known).unwrap_or(usize::MAX).min(piece.len());
        let news = piece.slice(known..);
        if news.is_empty() {
            return Ok(());
        }
        self.digester.update(&news);
        let earlier = std::mem::replace(&mut self.held_back, news);
        self.send(earlier).await
    }

    /// What was sent cannot be taken back: it is passed over when it comes again.
    async fn restart(&mut self) -> io::Result<()> {
        self.position = 0;
        Ok(())
    }

    async fn digest(&mut self) -> io::Result<Digest> {
        let digest = self.digester.clone().finish();
        self.is_right = digest == self.expected;
        Ok(digest)
    }

    async fn finish(mut self) -> io::Result<()> {
        if !self.is_right {
            return Ok(());
        }
        let last = std::mem::take(&mut self.held_back);
        self.send(last).await
    }
}
