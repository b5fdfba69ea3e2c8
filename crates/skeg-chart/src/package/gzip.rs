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

/// Input bytes in a block. Measured on 60 MB of text: twice as much saves no space (the Huffman codes fit
/// smaller blocks better) and takes more memory for each thread.
pub(super) const BLOCK: usize = 128 * 1024;

/// The level archives are compressed with. Measured: 6 makes text half a hundredth smaller and takes a
/// quarter longer; with 5 one thread still needs less time than Helm 4.3.1, and less space.
pub(super) const LEVEL: u32 = 5;

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

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;

    use super::*;

    /// Numbered lines with a checksum: text that compresses, but never repeats itself.
    fn text(length: usize) -> Vec<u8> {
        let mut text = Vec::new();
        let mut number = 1_u32;
        while text.len() < length {
            number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            writeln!(text, "  key-{}: value {number:x}", text.len()).expect("a vector takes everything");
        }
        text.truncate(length);
        text
    }

    /// The high bytes of a linear congruential generator, which nothing compresses.
    fn noise(length: usize) -> Vec<u8> {
        let mut state = 1_u64;
        let next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            state.to_be_bytes()[0]
        };
        std::iter::repeat_with(next).take(length).collect()
    }

    fn compress(input: &[u8], threads: usize, piece: usize) -> Vec<u8> {
        let threads = NonZeroUsize::new(threads).expect("because the tests say so");
        let mut writer =
            GzipWriter::new(Vec::new(), Compression::new(LEVEL), threads).expect("a vector takes everything");
        for piece in input.chunks(piece) {
            writer.write_all(piece).expect("a vector takes everything");
        }
        writer.finish().expect("a vector takes everything")
    }

    fn decompress(archive: &[u8]) -> Vec<u8> {
        let mut output = Vec::new();
        GzDecoder::new(archive)
            .read_to_end(&mut output)
            .expect("the stream is sound");
        output
    }

    #[track_caller]
    fn check(input: &[u8]) {
        let expected = compress(input, 1, usize::MAX);
        assert_eq!(decompress(&expected), input);
        for (threads, piece) in [(2, 1000), (3, BLOCK), (8, BLOCK + 1)] {
            assert!(
                compress(input, threads, piece) == expected,
                "{threads} threads, pieces of {piece}"
            );
        }
    }

    #[test]
    fn the_output_depends_on_the_input_alone() {
        for length in [0, 1, 1000, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 9 * BLOCK + 17] {
            check(&text(length));
            check(&noise(length));
        }
    }

    #[test]
    fn text_and_noise_may_alternate_in_any_place() {
        let mixed = [
            text(100_000),
            noise(200_000),
            text(3),
            noise(BLOCK),
            text(BLOCK),
            noise(70_000),
        ];
        check(&mixed.concat());
    }

    #[test]
    fn noise_grows_by_no_more_than_the_frame() {
        let noise = noise(10 * BLOCK + 1);
        let stored_blocks = noise.len() / 65_535 + 11;
        assert!(compress(&noise, 2, 4096).len() <= noise.len() + 5 * stored_blocks + 18);
    }

    #[test]
    fn blocks_know_what_was_before_them() {
        // The second block repeats the end of the first, which a compressor of its own cannot see.
        let repeated = noise(20_000);
        let first = [text(BLOCK - repeated.len()), repeated.clone()].concat();
        let both = [first.as_slice(), repeated.as_slice()].concat();
        let growth = compress(&both, 2, 4096).len() - compress(&first, 2, 4096).len();
        assert!(growth < 1000, "{growth}");
    }

    #[test]
    fn the_bytes_are_the_same_on_every_machine() {
        let input = [text(3 * BLOCK), noise(BLOCK), text(BLOCK)].concat();
        let output = compress(&input, 2, 4096);
        let mut crc = Crc::new();
        crc.update(&output);
        assert_eq!((output.len(), crc.sum()), (298_147, 1_350_255_596));
    }

    #[test]
    fn the_header_tells_nothing() {
        let empty = compress(&[], 1, 1);
        assert_eq!(empty[..10], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
        assert_eq!(empty.len(), 20);
    }

    /// Takes a number of bytes and then fails.
    struct Full(usize);

    impl Write for Full {
        fn write(&mut self, data: &[u8]) -> io::Result<usize> {
            let left = self.0.checked_sub(data.len());
            self.0 = left.ok_or_else(|| io::Error::other("full"))?;
            Ok(data.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_writer_that_fails_ends_the_work() {
        let input = noise(20 * BLOCK);
        for room in [0, 5, 10, 100, 3 * BLOCK, 19 * BLOCK] {
            let result = GzipWriter::new(Full(room), Compression::new(LEVEL), NonZeroUsize::MIN)
                .and_then(|mut writer| writer.write_all(&input).map(|()| writer))
                .and_then(GzipWriter::finish);
            let error = result.map(|_| ()).expect_err("there is no room");
            assert_eq!(error.to_string(), "full");
        }
    }
}
