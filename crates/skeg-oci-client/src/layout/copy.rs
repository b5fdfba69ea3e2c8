//! Copying and checking content: blocking, in bounded memory.

use std::io::{self, Read, Write};

use skeg_oci::{Descriptor, Digest, Digester};

use bytes::{Buf, Bytes};

use crate::blob::stream::Pieces;
use crate::blob::{BlobSource, source};
use crate::reporter::Transfer;

/// How much is copied at once.
const CHUNK_SIZE: usize = 256 * 1024;

/// Which side of a copy failed, or what is wrong with the content.
#[derive(Debug)]
pub(crate) enum CopyError {
    Read(io::Error),
    Write(io::Error),
    /// It has so many bytes, or at least so many.
    Size(u64),
    Digest(Digest),
}

/// Copies content that must be that of `blob`.
pub(crate) fn copy(
    blob: &Descriptor,
    mut from: impl Read,
    mut to: impl Write,
    on_progress: impl Fn(u64),
) -> Result<(), CopyError> {
    let mut digester = Digester::new(blob.digest.algorithm());
    let mut chunk = vec![0; CHUNK_SIZE];
    loop {
        let length = match from.read(&mut chunk) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(CopyError::Read(error)),
        };
        digester.update(&chunk[..length]);
        if digester.count() > blob.size {
            return Err(CopyError::Size(digester.count()));
        }
        to.write_all(&chunk[..length]).map_err(CopyError::Write)?;
        on_progress(digester.count());
    }
    if digester.count() != blob.size {
        return Err(CopyError::Size(digester.count()));
    }
    let digest = digester.finish();
    if digest != blob.digest {
        return Err(CopyError::Digest(digest));
    }
    Ok(())
}

/// Copies the source of a push.
pub(crate) fn copy_source(
    blob: &Descriptor,
    from: &BlobSource,
    to: impl Write,
    transfer: &Transfer,
) -> Result<(), CopyError> {
    let on_progress = |bytes| transfer.progress(bytes);
    match from {
        BlobSource::Bytes(bytes) => copy(blob, bytes.as_ref(), to, on_progress),
        BlobSource::File { path, size } => {
            let file = source::open(path).map_err(CopyError::Read)?;
            copy(blob, file.take(*size), to, on_progress)
        }
        BlobSource::Stream(stream) => {
            let pieces = PieceReader::new(stream.open(0, blob.size));
            copy(blob, pieces, to, on_progress)
        }
    }
}

/// Reads what another task sends, on a thread that may wait for it.
struct PieceReader {
    pieces: Pieces,
    current: Bytes,
}

impl PieceReader {
    fn new(pieces: Pieces) -> Self {
        Self {
            pieces,
            current: Bytes::new(),
        }
    }
}

impl Read for PieceReader {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while !self.current.has_remaining() {
            match self.pieces.blocking_recv() {
                Some(Ok(piece)) => self.current = piece,
                Some(Err(error)) => return Err(io::Error::other(error)),
                None => return Ok(0),
            }
        }
        let length = to.len().min(self.current.len());
        self.current.copy_to_slice(&mut to[..length]);
        Ok(length)
    }
}

/// Reads all of something; `None` when it has more than `limit` bytes.
pub(crate) fn read_limited(from: impl Read, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut content = Vec::new();
    from.take(limit.saturating_add(1)).read_to_end(&mut content)?;
    Ok(Some(content).filter(|content| content.len() as u64 <= limit))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use skeg_oci::MediaType;

    use super::*;

    fn check(promised: &[u8], given: &[u8]) -> Result<Vec<u8>, CopyError> {
        let blob = Descriptor::of(MediaType::EMPTY_JSON, promised);
        let mut to = Vec::new();
        let reported = Cell::new(0);
        copy(&blob, given, &mut to, |bytes| reported.set(bytes))?;
        assert_eq!(reported.get(), given.len() as u64);
        Ok(to)
    }

    #[test]
    fn content_is_checked_on_the_way() {
        let large = vec![7; 3 * CHUNK_SIZE + 1];
        assert_eq!(check(&large, &large).unwrap(), large);
        assert_eq!(check(b"", b"").unwrap(), b"");
        assert!(matches!(check(b"abc", b"abcd"), Err(CopyError::Size(4))));
        assert!(matches!(check(b"abc", b"ab"), Err(CopyError::Size(2))));
        assert!(matches!(check(b"abc", b"abx"), Err(CopyError::Digest(_))));
    }

    #[test]
    fn reading_is_limited() {
        assert_eq!(
            read_limited(&b"abc"[..], 3).unwrap().as_deref(),
            Some(&b"abc"[..])
        );
        assert_eq!(read_limited(&b"abcd"[..], 3).unwrap(), None);
    }
}
