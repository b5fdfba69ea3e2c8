//! Where the bytes of a fetched blob go: memory, or a file that a thread of its own writes.
//!
//! Both hash what they take, and can begin again.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};

use bytes::Bytes;
use skeg_oci::{Algorithm, Digest, Digester};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// How many pieces may wait for the disk.
const PIECES_AHEAD: usize = 8;

/// Takes the bytes of a blob in order.
pub(crate) trait Sink {
    /// What is left in the end.
    type Output;

    /// Takes the next piece.
    fn write(&mut self, piece: Bytes) -> impl Future<Output = io::Result<()>> + Send;

    /// Forgets everything taken so far.
    fn restart(&mut self) -> impl Future<Output = io::Result<()>> + Send;

    /// Ends the blob and returns its digest.
    fn finish(self) -> impl Future<Output = io::Result<(Self::Output, Digest)>> + Send;
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

    async fn finish(self) -> io::Result<(Bytes, Digest)> {
        Ok((self.bytes.into(), self.digester.finish()))
    }
}

/// Writes a blob to a file, hashing on the same thread, beside the one that reads the network.
pub(crate) struct FileSink {
    sender: mpsc::Sender<Message>,
    writer: JoinHandle<io::Result<(File, Digest)>>,
}

enum Message {
    Piece(Bytes),
    Restart,
}

impl FileSink {
    pub(crate) fn new(file: File, algorithm: Algorithm) -> Self {
        let (sender, receiver) = mpsc::channel(PIECES_AHEAD);
        let writer = tokio::task::spawn_blocking(move || write_all(file, algorithm, receiver));
        Self { sender, writer }
    }

    /// Hands a message over. When the writer has gone, its error says why.
    async fn send(&mut self, message: Message) -> io::Result<()> {
        if self.sender.send(message).await.is_ok() {
            return Ok(());
        }
        match (&mut self.writer).await {
            Ok(Err(error)) => Err(error),
            Ok(Ok(_)) | Err(_) => Err(io::Error::other("the writing thread ended early")),
        }
    }
}

impl Sink for FileSink {
    type Output = File;

    async fn write(&mut self, piece: Bytes) -> io::Result<()> {
        self.send(Message::Piece(piece)).await
    }

    async fn restart(&mut self) -> io::Result<()> {
        self.send(Message::Restart).await
    }

    async fn finish(self) -> io::Result<(File, Digest)> {
        drop(self.sender);
        self.writer.await.map_err(io::Error::other)?
    }
}

fn write_all(
    mut file: File,
    algorithm: Algorithm,
    mut messages: mpsc::Receiver<Message>,
) -> io::Result<(File, Digest)> {
    let mut digester = Digester::new(algorithm);
    file.seek(SeekFrom::Start(0))?;
    while let Some(message) = messages.blocking_recv() {
        match message {
            Message::Piece(piece) => {
                file.write_all(&piece)?;
                digester.update(&piece);
            }
            Message::Restart => {
                file.seek(SeekFrom::Start(0))?;
                digester = Digester::new(algorithm);
            }
        }
    }
    file.set_len(digester.count())?;
    Ok((file, digester.finish()))
}
