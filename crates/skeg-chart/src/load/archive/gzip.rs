//! The decompressed bytes of a gzip stream, to its very end.
//!
//! RFC 1952: a stream may have several members. Zero bytes after the last one are padding (tape
//! blocks, tools that round up); anything else there is an error, which Helm 4.3.1 does not notice.

use std::io::{self, BufRead, BufReader, Chain, Cursor, ErrorKind, Read};

use flate2::bufread::GzDecoder;

/// Compressed bytes taken from the source at a time.
const INPUT_BUFFER: usize = 128 * 1024;

/// As much of the start of a file as is looked at to tell what it is.
const SNIFFED: u64 = 512;

/// The first bytes of a gzip member whose method is deflate.
const MAGIC: [u8; 3] = [0x1f, 0x8b, 0x08];

/// The compressed source, with the bytes put back that were looked at first.
type Source<R> = BufReader<Chain<Cursor<Vec<u8>>, R>>;

/// A reader over the content of every member of a gzip stream.
pub(super) struct GzipStream<R: Read> {
    member: Option<Box<GzDecoder<Source<R>>>>,
    found_trailing_data: bool,
}

/// What a source turned out to hold.
pub(super) enum Opened<R: Read> {
    Gzip(GzipStream<R>),
    /// No gzip; these are its first bytes.
    Other(Vec<u8>),
}

impl<R: Read> GzipStream<R> {
    pub(super) fn open(mut source: R) -> io::Result<Opened<R>> {
        let mut start = Vec::new();
        source.by_ref().take(SNIFFED).read_to_end(&mut start)?;
        if !start.starts_with(&MAGIC) {
            return Ok(Opened::Other(start));
        }
        let source = BufReader::with_capacity(INPUT_BUFFER, Cursor::new(start).chain(source));
        Ok(Opened::Gzip(Self {
            member: Some(Box::new(GzDecoder::new(source))),
            found_trailing_data: false,
        }))
    }

    /// Whether reading stopped at bytes that are neither a further member nor padding.
    pub(super) fn found_trailing_data(&self) -> bool {
        self.found_trailing_data
    }

    /// Goes from the end of one member to the next, or to the end of the stream.
    fn next_member(&mut self) -> io::Result<()> {
        let Some(decoder) = self.member.take() else {
            return Ok(());
        };
        let mut source = decoder.into_inner();
        if source.fill_buf()?.first() == Some(&MAGIC[0]) {
            self.member = Some(Box::new(GzDecoder::new(source)));
            return Ok(());
        }
        loop {
            let rest = source.fill_buf()?;
            if rest.is_empty() {
                return Ok(());
            }
            if rest.iter().any(|&byte| byte != 0) {
                break;
            }
            let length = rest.len();
            source.consume(length);
        }
        self.found_trailing_data = true;
        Err(io::Error::new(
            ErrorKind::InvalidData,
            "data after the end of the compressed stream",
        ))
    }
}

impl<R: Read> Read for GzipStream<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while let Some(decoder) = &mut self.member {
            let count = decoder.read(buffer)?;
            if count > 0 {
                return Ok(count);
            }
            self.next_member()?;
        }
        Ok(0)
    }
}
