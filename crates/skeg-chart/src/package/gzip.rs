//! A gzip writer that compresses blocks side by side and always writes the same bytes.
//!
//! The input is cut every [`BLOCK`] bytes. A block is compressed with the 32 KiB before it as
//! dictionary and the pieces are written in order, so the output is one ordinary gzip member that
//! depends on the input and the level alone: not on the number of threads, their timing, or how
//! the input was cut into `write` calls. Memory is bounded by the number of threads.
//!
//! The header holds no name, time or comment (RFC 1952). Helm's writer adds an extra field and
//! the comment `Helm`; Helm 4.3.1 reads archives without them.

use std::io::{self, Write};
use std::num::NonZeroUsize;

use flate2::{Compression, Crc};

use super::crew::Crew;
use super::deflate::{Block, Compressed, Position, compress};

/// Input bytes in a block. Measured: smaller blocks lose size at their borders, larger ones gain
/// less than a thousandth and cost memory for each thread.
pub(super) const BLOCK: usize = 128 * 1024;

/// Magic, deflate, no flags, no time, no hint about the level, unknown operating system.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// A gzip stream being written.
///
/// Dropping it without [`GzipWriter::finish`] leaves a truncated stream behind.
#[must_use = "the stream is complete only after `finish`"]
pub(super) struct GzipWriter<W> {
    inner: W,
    level: Compression,
    threads: NonZeroUsize,
    block: Block,
    crew: Option<Crew>,
    crc: Crc,
}

impl<W: Write> GzipWriter<W> {
    /// Starts a stream on `inner`, compressed on at most `threads` threads.
    pub(super) fn new(mut inner: W, level: Compression, threads: NonZeroUsize) -> io::Result<Self> {
        inner.write_all(&HEADER)?;
        Ok(Self {
            inner,
            level,
            threads,
            block: Block::default(),
            crew: None,
            crc: Crc::new(),
        })
    }

    /// Writes what is outstanding and the trailer, and gives the inner writer back.
    pub(super) fn finish(mut self) -> io::Result<W> {
        let block = std::mem::take(&mut self.block);
        match self.crew.take() {
            None => self.write_block(&compress(block, self.level, Position::Last))?,
            Some(mut crew) => {
                crew.submit(block, Position::Last)?;
                while let Some(done) = crew.collect()? {
                    self.write_block(&done)?;
                }
                crew.dismiss()?;
            }
        }
        self.inner.write_all(&self.crc.sum().to_le_bytes())?;
        self.inner.write_all(&self.crc.amount().to_le_bytes())?;
        Ok(self.inner)
    }

    /// Hands the full block to a thread, writing finished ones when too many are under way.
    fn dispatch(&mut self) -> io::Result<()> {
        let mut crew = match self.crew.take() {
            Some(crew) => crew,
            None => Crew::start(self.threads, self.level)?,
        };
        let mut recycled = Block::default();
        if crew.is_busy()
            && let Some(done) = crew.collect()?
        {
            self.write_block(&done)?;
            recycled = done.block;
        }
        let next = self.block.successor(recycled, BLOCK);
        crew.submit(std::mem::replace(&mut self.block, next), Position::Inner)?;
        self.crew = Some(crew);
        Ok(())
    }

    fn write_block(&mut self, done: &Compressed) -> io::Result<()> {
        self.crc.combine(&done.crc);
        done.write_to(&mut self.inner)
    }
}

impl<W: Write> Write for GzipWriter<W> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        if self.block.data().len() == BLOCK {
            self.dispatch()?;
        }
        let count = data.len().min(BLOCK - self.block.data().len());
        self.block.extend(&data[..count]);
        Ok(count)
    }

    /// Flushes the inner writer. Blocks under way stay there: a flush must not change the output.
    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
