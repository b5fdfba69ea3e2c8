//! A chart archive, entry by entry, with nothing held in memory but names.

use std::collections::HashSet;
use std::io::{self, Read, Write};

use super::gzip::{GzipStream, Opened};
use super::header::{BLOCK, Extension, HeaderBlock, Kind, until_zero};
use super::path::{path_as_helm, path_in_chart};
use crate::error::ArchiveError;
use crate::load::UTF8_BYTE_ORDER_MARK;
use crate::load::content_type::detect_content_type;
use crate::load::limits::Limits;

/// Bytes read at a time when content is copied, collected or passed over.
const BUFFER: usize = 64 * 1024;

/// The bytes of a gzip header.
const GZIP_HEADER: usize = 10;

/// The longest record of the kinds that only describe another entry; Go's reader has the same limit.
const LONGEST_RECORD: u64 = 1024 * 1024;

/// The most that may follow the end-of-archive mark, where tar writers fill up their last record.
const LONGEST_PADDING: u64 = 1024 * 1024;

/// A streaming reader over a chart's `.tgz`.
///
/// Only regular files come out; directories are passed over, everything else is an error. Every name
/// has been made safe and unique, and every limit checked, before an entry is handed out. When
/// [`next_entry`](Self::next_entry) returns `None` the archive was read and verified to its last byte.
/// Without [`Limits::strict`] names are safe but may come twice, and nothing behind the end is looked at.
///
/// ```
/// use std::io::Read;
/// use skeg_chart::{ArchiveError, ArchiveReader, Limits};
///
/// fn names(archive: impl Read) -> Result<Vec<String>, ArchiveError> {
///     let mut names = Vec::new();
///     let mut reader = ArchiveReader::new(archive, &Limits::default())?;
///     while let Some(entry) = reader.next_entry()? {
///         names.push(entry.path().to_owned());
///     }
///     Ok(names)
/// }
///
/// let error = names("apiVersion: v2".as_bytes()).unwrap_err();
/// assert!(matches!(error, ArchiveError::NotGzip { .. }));
/// ```
pub struct ArchiveReader<R: Read> {
    stream: GzipStream<R>,
    limits: Limits,
    /// Bytes that files and records may still take.
    allowance: u64,
    entries: usize,
    seen: HashSet<String>,
    /// The entry whose content is being read.
    current: Content,
    scratch: Box<[u8]>,
}

/// How far the content of the current entry has been read.
#[derive(Default)]
struct Content {
    name: String,
    unread: u64,
    padding: u64,
}

/// A regular file of an archive; reading it gives its content without a UTF-8 byte-order mark.
pub struct ArchiveEntry<'archive, R: Read> {
    archive: &'archive mut ArchiveReader<R>,
    path: String,
    size: u64,
    modified: i64,
    /// Content read ahead to look for a byte-order mark.
    ahead: Vec<u8>,
    is_started: bool,
}

/// Why the content of an entry could not be copied.
pub(crate) enum CopyError {
    /// It cannot be read.
    Archive(ArchiveError),
    /// It cannot be written.
    Write(io::Error),
}

impl<R: Read> ArchiveReader<R> {
    /// Starts reading; fails if `source` does not begin like a gzip file.
    pub fn new(source: R, limits: &Limits) -> Result<Self, ArchiveError> {
        match GzipStream::open(source).map_err(ArchiveError::Read)? {
            Opened::Gzip(stream) => Ok(Self {
                stream,
                limits: *limits,
                allowance: limits.total,
                entries: 0,
                seen: HashSet::new(),
                current: Content::default(),
                scratch: vec![0; BUFFER].into_boxed_slice(),
            }),
            Opened::Other(start) => Err(ArchiveError::NotGzip {
                content_type: detect_content_type(&start),
                gzip: match start.len() {
                    0 => "EOF",
                    1..GZIP_HEADER => "unexpected EOF",
                    _ => "gzip: invalid header",
                },
            }),
        }
    }

    /// Goes to the next regular file, passing over what is left of the one before.
    ///
    /// Returns `None` after the last one, once everything up to the end of the source was verified.
    pub fn next_entry(&mut self) -> Result<Option<ArchiveEntry<'_, R>>, ArchiveError> {
        let mut extension = Extension::default();
        loop {
            self.skip_content()?;
            let Some(header) = self.read_header()? else {
                return self.finish().map(|()| None);
            };
            self.count_entry()?;
            match header.kind() {
                Kind::Directory => extension = Extension::default(),
                Kind::File if name_of(&header, &extension).ends_with(b"/") => {
                    self.skip_directory_with_content(&header, &extension)?;
                    extension = Extension::default();
                }
                Kind::File => {
                    let size = self.size(&header, &extension)?;
                    return self.file(&header, &extension, size).map(Some);
                }
                Kind::Special(_) if !self.limits.strict => {
                    return self.file(&header, &extension, 0).map(Some);
                }
                Kind::Special(kind) | Kind::Other(kind) => {
                    let name = name_of(&header, &extension);
                    let entry = String::from_utf8_lossy(&name).into_owned();
                    return Err(ArchiveError::Unsupported { entry, kind });
                }
                Kind::PaxRecords => {
                    let records = self.record(&header)?;
                    extension
                        .add_pax_records(&records)
                        .ok_or_else(|| self.malformed("extended header"))?;
                }
                Kind::GnuLongName => {
                    extension.name = Some(until_zero(&self.record(&header)?).to_vec());
                }
                Kind::PaxGlobal | Kind::GnuLongLink => drop(self.record(&header)?),
            }
        }
    }

    /// How much of the total that the limits allow has been used.
    pub(crate) fn consumed(&self) -> u64 {
        self.limits.total - self.allowance
    }

    fn file(
        &mut self,
        header: &HeaderBlock,
        extension: &Extension,
        size: u64,
    ) -> Result<ArchiveEntry<'_, R>, ArchiveError> {
        let Ok(name) = String::from_utf8(name_of(header, extension)) else {
            return Err(self.malformed("file name (not UTF-8)"));
        };
        if extension.is_sparse {
            let kind = "a sparse file";
            return Err(ArchiveError::Unsupported { entry: name, kind });
        }
        let modified = extension.modified.or_else(|| header.modified());
        let modified = modified.ok_or_else(|| self.malformed("modification time"))?;

        let path = if self.limits.strict {
            path_in_chart(&name)
        } else {
            path_as_helm(&name)
        };
        let path = path.map_err(|reason| ArchiveError::UnsafeName {
            entry: name.clone(),
            reason,
        })?;
        self.check_size(&name, size)?;
        if !self.seen.insert(path.clone()) && self.limits.strict {
            return Err(ArchiveError::Duplicate { entry: name });
        }
        self.current = Content {
            name,
            unread: size,
            padding: padding_after(size),
        };
        Ok(ArchiveEntry {
            archive: self,
            path,
            size,
            modified,
            ahead: Vec::new(),
            is_started: false,
        })
    }

    fn size(&self, header: &HeaderBlock, extension: &Extension) -> Result<u64, ArchiveError> {
        extension
            .size
            .or_else(|| header.size())
            .ok_or_else(|| self.malformed("size"))
    }

    /// Takes the size of a file off the allowance. Helm too refuses a chart that just reaches it.
    fn check_size(&mut self, name: &str, size: u64) -> Result<(), ArchiveError> {
        if size > self.limits.file && self.limits.file < self.limits.total {
            return Err(ArchiveError::FileTooLarge {
                entry: name.to_owned(),
                limit: self.limits.file,
            });
        }
        self.take_allowance(size)
    }

    fn take_allowance(&mut self, size: u64) -> Result<(), ArchiveError> {
        match self.allowance.checked_sub(size) {
            None | Some(0) => Err(ArchiveError::TooLarge {
                limit: self.limits.total,
            }),
            Some(left) => {
                self.allowance = left;
                Ok(())
            }
        }
    }

    fn count_entry(&mut self) -> Result<(), ArchiveError> {
        self.entries += 1;
        if self.entries > self.limits.entries {
            return Err(ArchiveError::TooManyEntries {
                limit: self.limits.entries,
            });
        }
        Ok(())
    }

    /// Old archives mark a directory by the slash alone; it may claim content then.
    fn skip_directory_with_content(
        &mut self,
        header: &HeaderBlock,
        extension: &Extension,
    ) -> Result<(), ArchiveError> {
        let size = self.size(header, extension)?;
        self.take_allowance(size)?;
        self.current.unread = size;
        self.current.padding = padding_after(size);
        Ok(())
    }

    /// Reads the content of an entry that describes the next one.
    fn record(&mut self, header: &HeaderBlock) -> Result<Vec<u8>, ArchiveError> {
        let size = header.size().ok_or_else(|| self.malformed("size"))?;
        if size > LONGEST_RECORD {
            return Err(self.malformed("extended header (too long)"));
        }
        self.take_allowance(size)?;
        let padded = size + padding_after(size);
        let mut content = Vec::new();
        let outcome = (&mut self.stream).take(padded).read_to_end(&mut content);
        match outcome {
            Ok(count) if count as u64 == padded => {}
            Ok(_) => return Err(self.truncated()),
            Err(error) => return Err(self.read_error(error)),
        }
        content.truncate(usize::try_from(size).unwrap_or(usize::MAX));
        Ok(content)
    }

    /// Reads the next header; `None` at the end of the archive.
    fn read_header(&mut self) -> Result<Option<HeaderBlock>, ArchiveError> {
        let Some(header) = self.read_block()? else {
            return Ok(None);
        };
        if header.is_zero() {
            return match self.read_block()? {
                Some(second) if !second.is_zero() => Err(self.malformed("header")),
                _ => Ok(None),
            };
        }
        if !header.has_valid_checksum() {
            return Err(self.malformed("header"));
        }
        Ok(Some(header))
    }

    /// Reads one block; `None` if the archive ends before it.
    fn read_block(&mut self) -> Result<Option<HeaderBlock>, ArchiveError> {
        let mut block = [0; BLOCK];
        let mut filled = 0;
        while filled < BLOCK {
            match self.read_stream(&mut block[filled..])? {
                0 if filled == 0 => return Ok(None),
                0 => return Err(self.truncated()),
                count => filled += count,
            }
        }
        Ok(Some(HeaderBlock(block)))
    }

    fn skip_content(&mut self) -> Result<(), ArchiveError> {
        let mut left = self.current.unread + self.current.padding;
        let mut scratch = std::mem::take(&mut self.scratch);
        while left > 0 {
            let wanted = usize::try_from(left).unwrap_or(usize::MAX).min(scratch.len());
            match self.read_stream(&mut scratch[..wanted])? {
                0 => return Err(self.truncated()),
                count => left -= count as u64,
            }
        }
        self.scratch = scratch;
        self.current.unread = 0;
        self.current.padding = 0;
        Ok(())
    }

    /// Reads on to the end of the source, where only zeros may stand.
    fn finish(&mut self) -> Result<(), ArchiveError> {
        if self.limits.strict {
            self.check_rest()?;
        }
        if self.seen.is_empty() {
            return Err(ArchiveError::Empty);
        }
        Ok(())
    }

    fn check_rest(&mut self) -> Result<(), ArchiveError> {
        let mut block = [0; 4096];
        let mut total = 0;
        loop {
            let count = self.read_stream(&mut block)?;
            if count == 0 {
                break;
            }
            total += count as u64;
            if total > LONGEST_PADDING || block[..count].iter().any(|&byte| byte != 0) {
                return Err(ArchiveError::TrailingData);
            }
        }
        Ok(())
    }

    fn read_stream(&mut self, buffer: &mut [u8]) -> Result<usize, ArchiveError> {
        loop {
            match self.stream.read(buffer) {
                Ok(count) => return Ok(count),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.read_error(error)),
            }
        }
    }

    fn read_error(&self, error: io::Error) -> ArchiveError {
        match error.kind() {
            _ if self.stream.found_trailing_data() => ArchiveError::TrailingData,
            io::ErrorKind::UnexpectedEof => self.truncated(),
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => ArchiveError::Corrupt {
                place: self.place(),
                source: error,
            },
            _ => ArchiveError::Read(error),
        }
    }

    fn truncated(&self) -> ArchiveError {
        ArchiveError::Truncated { place: self.place() }
    }

    fn malformed(&self, part: &'static str) -> ArchiveError {
        ArchiveError::Malformed {
            part,
            place: self.place(),
        }
    }

    /// Where reading stands, in words.
    fn place(&self) -> String {
        match &self.current {
            Content { name, .. } if name.is_empty() => "at its start".to_owned(),
            Content { name, unread: 0, .. } => format!("after `{name}`"),
            Content { name, .. } => format!("in `{name}`"),
        }
    }
}

impl<R: Read> ArchiveEntry<'_, R> {
    /// The path inside the chart, with `/`, without the base directory: `templates/a.yaml`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The size that the archive states, a byte-order mark included.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The modification time that the archive states, in seconds since the Unix epoch.
    pub fn modified(&self) -> i64 {
        self.modified
    }

    /// Reads the whole content, of at most `limit` bytes.
    pub fn read_whole(mut self, limit: u64) -> Result<Vec<u8>, ArchiveError> {
        self.read_rest(limit)
    }

    /// Reads all that has not been read, of at most `limit` bytes.
    pub(crate) fn read_rest(&mut self, limit: u64) -> Result<Vec<u8>, ArchiveError> {
        if self.size > limit {
            return Err(ArchiveError::FileTooLarge {
                entry: self.archive.current.name.clone(),
                limit,
            });
        }
        let mut content = Vec::new();
        loop {
            let filled = content.len();
            content.resize(filled + BUFFER, 0);
            let count = self.read_content(&mut content[filled..])?;
            content.truncate(filled + count);
            if count == 0 {
                content.shrink_to_fit();
                return Ok(content);
            }
        }
    }

    /// Writes all that has not been read to `target` and returns how many bytes that is.
    pub(crate) fn copy_to(&mut self, target: &mut impl Write) -> Result<u64, CopyError> {
        let mut buffer = std::mem::take(&mut self.archive.scratch);
        let mut copied = 0;
        loop {
            let count = self.read_content(&mut buffer).map_err(CopyError::Archive)?;
            if count == 0 {
                break;
            }
            target.write_all(&buffer[..count]).map_err(CopyError::Write)?;
            copied += count as u64;
        }
        self.archive.scratch = buffer;
        Ok(copied)
    }

    /// Reads some of the content, with errors that name the entry; 0 at its end.
    pub fn read_content(&mut self, buffer: &mut [u8]) -> Result<usize, ArchiveError> {
        if !self.is_started {
            self.is_started = true;
            self.look_for_byte_order_mark()?;
        }
        if self.ahead.is_empty() {
            return self.read_raw(buffer);
        }
        let count = buffer.len().min(self.ahead.len());
        buffer[..count].copy_from_slice(&self.ahead[..count]);
        self.ahead.drain(..count);
        Ok(count)
    }

    fn look_for_byte_order_mark(&mut self) -> Result<(), ArchiveError> {
        let mut start = [0; UTF8_BYTE_ORDER_MARK.len()];
        let mut filled = 0;
        while filled < start.len() {
            match self.read_raw(&mut start[filled..])? {
                0 => break,
                count => filled += count,
            }
        }
        if &start != UTF8_BYTE_ORDER_MARK {
            self.ahead.extend_from_slice(&start[..filled]);
        }
        Ok(())
    }

    fn read_raw(&mut self, buffer: &mut [u8]) -> Result<usize, ArchiveError> {
        let unread = usize::try_from(self.archive.current.unread).unwrap_or(usize::MAX);
        let wanted = buffer.len().min(unread);
        if wanted == 0 {
            return Ok(0);
        }
        let count = self.archive.read_stream(&mut buffer[..wanted])?;
        if count == 0 {
            return Err(self.archive.truncated());
        }
        self.archive.current.unread -= count as u64;
        Ok(count)
    }
}

impl<R: Read> Read for ArchiveEntry<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.read_content(buffer).map_err(io::Error::other)
    }
}

/// The name of an entry, with its base directory, as bytes.
fn name_of(header: &HeaderBlock, extension: &Extension) -> Vec<u8> {
    extension.name.clone().unwrap_or_else(|| header.name())
}

/// The zeros that fill up the last block of content.
fn padding_after(size: u64) -> u64 {
    size.next_multiple_of(BLOCK as u64) - size
}
