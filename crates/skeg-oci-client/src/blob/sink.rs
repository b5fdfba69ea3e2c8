//! Where the bytes of a fetched blob go: memory, or a file that a thread of its own writes.
//!
//! Both hash what they take, and can begin again. A file goes on where an earlier transfer into it stopped.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use bytes::Bytes;
use skeg_oci::{Algorithm, Descriptor, Digest, Digester};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

/// How many pieces may wait for the disk.
const PIECES_AHEAD: usize = 8;

/// How much of what a file holds already is read at once.
const READ_SIZE: usize = 256 * 1024;

/// Takes the bytes of a blob in order.
pub(crate) trait Sink {
    /// What is left in the end.
    type Output;

    /// Takes the next piece.
    fn write(&mut self, piece: Bytes) -> impl Future<Output = io::Result<()>> + Send;

    /// Forgets everything taken so far.
    fn restart(&mut self) -> impl Future<Output = io::Result<()>> + Send;

    /// The digest of everything taken so far, which is then where it belongs.
    fn digest(&mut self) -> impl Future<Output = io::Result<Digest>> + Send;

    /// Ends the blob.
    fn finish(self) -> impl Future<Output = io::Result<Self::Output>> + Send;
}

/// Keeps a blob in memory.
pub(crate) struct MemorySink {
    algorithm: Algorithm,
    digester: Digester,
    bytes: Vec<u8>,
}

impl MemorySink {
    pub(crate) fn new(algorithm: Algorithm) -> Self {
        Self {
            algorithm,
            digester: Digester::new(algorithm),
            bytes: Vec::new(),
        }
    }
}

impl Sink for MemorySink {
    type Output = Bytes;

    async fn write(&mut self, piece: Bytes) -> io::Result<()> {
        self.digester.update(&piece);
        self.bytes.extend_from_slice(&piece);
        Ok(())
    }

    async fn restart(&mut self) -> io::Result<()> {
        *self = Self::new(self.algorithm);
        Ok(())
    }

    async fn digest(&mut self) -> io::Result<Digest> {
        Ok(self.digester.clone().finish())
    }

    async fn finish(self) -> io::Result<Bytes> {
        Ok(self.bytes.into())
    }
}

/// Writes a blob to a file, hashing on the same thread, beside the one that reads the network.
pub(crate) struct FileSink {
    sender: mpsc::Sender<Message>,
    /// None when its end was heard of.
    writer: Option<JoinHandle<io::Result<File>>>,
}

enum Message {
    Piece(Bytes),
    Restart,
    Digest(oneshot::Sender<Digest>),
}

impl FileSink {
    /// Takes up a file: what it holds is the beginning of the blob, unless it is longer than that. Returns how much it
    /// holds too.
    pub(crate) async fn take_up(file: File, blob: &Descriptor) -> io::Result<(Self, u64)> {
        let (algorithm, size) = (blob.digest.algorithm(), blob.size);
        let taken_up = tokio::task::spawn_blocking(move || take_up(file, algorithm, size)).await;
        let (file, digester) = taken_up.map_err(io::Error::other)??;
        let held = digester.count();
        let (sender, receiver) = mpsc::channel(PIECES_AHEAD);
        let writer = tokio::task::spawn_blocking(move || write_all(file, algorithm, digester, receiver));
        let writer = Some(writer);
        Ok((Self { sender, writer }, held))
    }

    /// Hands a message over. When the writer has gone, its error says why.
    async fn send(&mut self, message: Message) -> io::Result<()> {
        if self.sender.send(message).await.is_ok() {
            return Ok(());
        }
        Err(self.writer_error().await)
    }

    /// Why the writer has gone.
    async fn writer_error(&mut self) -> io::Error {
        let Some(writer) = self.writer.take() else {
            return ended_early();
        };
        match writer.await {
            Ok(Err(error)) => error,
            Ok(Ok(_)) | Err(_) => ended_early(),
        }
    }
}

fn ended_early() -> io::Error {
    io::Error::other("the writing thread ended early")
}

impl Sink for FileSink {
    type Output = File;

    async fn write(&mut self, piece: Bytes) -> io::Result<()> {
        self.send(Message::Piece(piece)).await
    }

    async fn restart(&mut self) -> io::Result<()> {
        self.send(Message::Restart).await
    }

    async fn digest(&mut self) -> io::Result<Digest> {
        let (sender, receiver) = oneshot::channel();
        self.send(Message::Digest(sender)).await?;
        match receiver.await {
            Ok(digest) => Ok(digest),
            Err(_) => Err(self.writer_error().await),
        }
    }

    async fn finish(mut self) -> io::Result<File> {
        let writer = self.writer.take().ok_or_else(ended_early)?;
        drop(self.sender);
        writer.await.map_err(io::Error::other)?
    }
}

/// Hashes what a file holds. A file that is longer than the blob, or cannot be read, is emptied.
fn take_up(mut file: File, algorithm: Algorithm, size: u64) -> io::Result<(File, Digester)> {
    let length = file.metadata()?.len();
    let mut digester = Digester::new(algorithm);
    if length == 0 {
        return Ok((file, digester));
    }
    if length > size || hash(&mut file, &mut digester).is_err() || digester.count() > size {
        empty(&mut file)?;
        digester = Digester::new(algorithm);
    }
    Ok((file, digester))
}

fn hash(file: &mut File, digester: &mut Digester) -> io::Result<()> {
    file.rewind()?;
    let mut chunk = vec![0; READ_SIZE];
    loop {
        match file.read(&mut chunk) {
            Ok(0) => return Ok(()),
            Ok(length) => digester.update(&chunk[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn empty(file: &mut File) -> io::Result<()> {
    file.rewind()?;
    file.set_len(0)
}

/// Whenever it ends, the file holds what was taken and nothing else.
fn write_all(
    mut file: File,
    algorithm: Algorithm,
    mut digester: Digester,
    mut messages: mpsc::Receiver<Message>,
) -> io::Result<File> {
    file.seek(SeekFrom::Start(digester.count()))?;
    while let Some(message) = messages.blocking_recv() {
        match message {
            Message::Piece(piece) => {
                file.write_all(&piece)?;
                digester.update(&piece);
            }
            Message::Restart => {
                empty(&mut file)?;
                digester = Digester::new(algorithm);
            }
            // Nobody waits for the answer when the transfer was dropped meanwhile.
            Message::Digest(answer) => drop(answer.send(digester.clone().finish())),
        }
    }
    Ok(file)
}
