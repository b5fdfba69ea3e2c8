//! One block of a deflate stream, compressed by itself.
//!
//! What a block becomes depends on its bytes, the 32 KiB before it and the level, and on nothing
//! else: every block gets a new compressor, is handed over in one call and ends on a byte
//! boundary. Blocks can therefore be compressed in any order, on any thread, and joined.
//! (RFC 1951; the joining is that of pigz.)

use std::io::{self, Write};

use flate2::{Compress, Compression, Crc, FlushCompress, Status};

use super::probe::looks_compressible;

/// How far back a deflate stream may refer, and so how much of the previous block is useful.
pub(super) const WINDOW: usize = 32 * 1024;

/// The longest stored block the format has (RFC 1951, 3.2.4).
const LONGEST_STORED: usize = 65_535;

/// Where in the stream a block stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    /// More blocks follow.
    Inner,
    /// This block ends the stream.
    Last,
}

/// A block on its way through the compressor, with the buffers it takes along.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// The end of the previous block, then the block.
    bytes: Vec<u8>,
    /// How many of `bytes` belong to the previous block.
    preceding: usize,
    /// The block's piece of the deflate stream, when that is the shorter form.
    deflated: Vec<u8>,
}

impl Block {
    /// The bytes of the block itself.
    pub(super) fn data(&self) -> &[u8] {
        &self.bytes[self.preceding..]
    }

    /// Adds bytes to the end.
    pub(super) fn extend(&mut self, data: &[u8]) {
        self.bytes.extend_from_slice(data);
    }

    /// The empty block that follows this one, made of the buffers of `recycled`.
    pub(super) fn successor(&self, mut recycled: Self, capacity: usize) -> Self {
        let tail = self.bytes.len().saturating_sub(WINDOW);
        recycled.bytes.clear();
        recycled.bytes.reserve_exact(WINDOW + capacity);
        recycled.bytes.extend_from_slice(&self.bytes[tail..]);
        recycled.preceding = recycled.bytes.len();
        recycled
    }
}

/// A block after compression.
#[derive(Debug)]
pub(super) struct Compressed {
    pub(super) block: Block,
    pub(super) crc: Crc,
    position: Position,
    form: Form,
}

/// How a block is written.
#[derive(Debug, Clone, Copy)]
enum Form {
    /// As the compressor's output.
    Deflated,
    /// As it is, in stored blocks.
    Stored,
}

/// Compresses `block`, or leaves it as it is when that would not make it smaller.
pub(super) fn compress(mut block: Block, level: Compression, position: Position) -> Compressed {
    let mut crc = Crc::new();
    crc.update(block.data());
    let form = if looks_compressible(&block.bytes, block.preceding) {
        deflate(&mut block, level, position)
    } else {
        Form::Stored
    };
    Compressed {
        block,
        crc,
        position,
        form,
    }
}

/// Fills `block.deflated`.
///
/// The compressor is a new one each time: one that is reset keeps old bytes in its window, and
/// the hashes of a dictionary's last strings are taken over them.
fn deflate(block: &mut Block, level: Compression, position: Position) -> Form {
    let (preceding, data) = block.bytes.split_at(block.preceding);
    let flush = match position {
        Position::Inner => FlushCompress::Sync,
        Position::Last => FlushCompress::Finish,
    };
    let mut compressor = Compress::new(level, false);
    if !preceding.is_empty() {
        compressor
            .set_dictionary(preceding)
            .expect("because a new raw deflate stream takes a dictionary");
    }
    // Room for the largest result, so that one call suffices.
    block.deflated.clear();
    block.deflated.reserve_exact(data.len() + data.len() / 128 + 1024);
    let status = compressor.compress_vec(data, &mut block.deflated, flush);
    let complete = matches!(status, Ok(Status::Ok | Status::StreamEnd))
        && compressor.total_in() == data.len() as u64
        && block.deflated.len() < block.deflated.capacity();
    if complete && block.deflated.len() < stored_length(data.len()) {
        Form::Deflated
    } else {
        Form::Stored
    }
}

/// Length of `count` bytes written as stored blocks.
fn stored_length(count: usize) -> usize {
    count + 5 * count.div_ceil(LONGEST_STORED).max(1)
}

impl Compressed {
    /// Writes the block's piece of the deflate stream.
    pub(super) fn write_to(&self, writer: &mut impl Write) -> io::Result<()> {
        match self.form {
            Form::Deflated => writer.write_all(&self.block.deflated),
            Form::Stored => write_stored(self.block.data(), self.position, writer),
        }
    }
}

fn write_stored(data: &[u8], position: Position, writer: &mut impl Write) -> io::Result<()> {
    let mut chunks = data.chunks(LONGEST_STORED).peekable();
    while let Some(chunk) = chunks.next() {
        let last = position == Position::Last && chunks.peek().is_none();
        let length = u16::try_from(chunk.len()).expect("because chunks have at most 65535 bytes");
        let [low, high] = length.to_le_bytes();
        writer.write_all(&[u8::from(last), low, high, !low, !high])?;
        writer.write_all(chunk)?;
    }
    Ok(())
}
