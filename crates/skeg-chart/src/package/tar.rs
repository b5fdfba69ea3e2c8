//! A tar writer for regular files that leaves no trace of the machine it ran on.
//!
//! Every entry has mode 0644, user and group 0 without names, and the one modification time that
//! the caller gives. Names are written as ustar has them; a name that ustar cannot express (not
//! ASCII, or too long to be split) gets a pax record, which Go, GNU tar and libarchive read
//! (POSIX.1-2017, pax interchange format).

use std::io::{self, Read, Write};

/// Tar's unit: headers are one block, contents are filled up to whole blocks.
const BLOCK: usize = 512;

/// How much of a file is in memory at a time.
const COPY_BUFFER: usize = 64 * 1024;

/// The largest number an eleven-digit octal field holds.
const LARGEST_OCTAL: u64 = 0o777_7777_7777;

/// Why an entry could not be appended.
#[derive(Debug)]
pub(super) enum AppendError {
    /// Its content cannot be read.
    Read(io::Error),
    /// Its content is shorter or longer than announced.
    SizeChanged,
    /// The archive cannot be written.
    Write(io::Error),
}

/// A tar archive being written.
#[must_use = "the archive is complete only after `finish`"]
pub(super) struct TarWriter<W> {
    inner: W,
    modified: u64,
    buffer: Box<[u8]>,
}

impl<W: Write> TarWriter<W> {
    /// Starts an archive whose entries all carry `modified`, in seconds since 1970.
    ///
    /// A time that tar's header cannot hold becomes the nearest one that it can.
    pub(super) fn new(inner: W, modified: i64) -> Self {
        Self {
            inner,
            modified: u64::try_from(modified).unwrap_or(0).min(LARGEST_OCTAL),
            buffer: vec![0; COPY_BUFFER].into_boxed_slice(),
        }
    }

    /// Appends a file of `size` bytes, read from `content`.
    pub(super) fn append(&mut self, path: &str, size: u64, content: impl Read) -> Result<(), AppendError> {
        self.write_headers(path, size).map_err(AppendError::Write)?;
        self.copy(size, content)?;
        self.pad(size).map_err(AppendError::Write)
    }

    /// Writes the end of the archive and gives the inner writer back.
    pub(super) fn finish(mut self) -> io::Result<W> {
        self.inner.write_all(&[0; 2 * BLOCK])?;
        Ok(self.inner)
    }

    fn write_headers(&mut self, path: &str, size: u64) -> io::Result<()> {
        let name = UstarName::split(path);
        let mut records = String::new();
        if name.is_none() {
            push_record(&mut records, "path", path);
        }
        if size > LARGEST_OCTAL {
            push_record(&mut records, "size", &size.to_string());
        }
        if !records.is_empty() {
            self.write_records(&records, path)?;
        }
        let stand_in = ascii_stand_in(path);
        let name = name.unwrap_or(UstarName {
            prefix: "",
            name: &stand_in,
        });
        let size = if size > LARGEST_OCTAL { 0 } else { size };
        self.inner.write_all(&header(&name, size, self.modified, b'0'))
    }

    /// Writes the pax header that describes the entry after it. Readers ignore its own name.
    fn write_records(&mut self, records: &str, path: &str) -> io::Result<()> {
        let base = path.rsplit_once('/').map_or(path, |(_, base)| base);
        let name = ascii_stand_in(&format!("PaxHeaders/{base}"));
        let name = UstarName {
            prefix: "",
            name: &name,
        };
        let size = records.len() as u64;
        self.inner.write_all(&header(&name, size, self.modified, b'x'))?;
        self.inner.write_all(records.as_bytes())?;
        self.pad(size)
    }

    fn copy(&mut self, size: u64, mut content: impl Read) -> Result<(), AppendError> {
        let mut left = size;
        loop {
            let count = match content.read(&mut self.buffer) {
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(AppendError::Read(error)),
            };
            if count == 0 {
                break;
            }
            left = left.checked_sub(count as u64).ok_or(AppendError::SizeChanged)?;
            self.inner
                .write_all(&self.buffer[..count])
                .map_err(AppendError::Write)?;
        }
        if left > 0 {
            Err(AppendError::SizeChanged)
        } else {
            Ok(())
        }
    }

    fn pad(&mut self, size: u64) -> io::Result<()> {
        let over = usize::try_from(size % BLOCK as u64).expect("because it is less than a block");
        let fill = if over == 0 { 0 } else { BLOCK - over };
        self.inner.write_all(&[0; BLOCK][..fill])
    }
}

/// A name as the two fields of a ustar header hold it.
struct UstarName<'path> {
    prefix: &'path str,
    name: &'path str,
}

impl<'path> UstarName<'path> {
    const NAME: usize = 100;
    const PREFIX: usize = 155;

    /// Splits `path` at a slash where that is needed; `None` when ustar cannot express it.
    fn split(path: &'path str) -> Option<Self> {
        if !path.is_ascii() {
            return None;
        }
        if path.len() <= Self::NAME {
            return Some(Self {
                prefix: "",
                name: path,
            });
        }
        let (longest_prefix, _) = path.as_bytes().split_at(path.len().min(Self::PREFIX + 1));
        let slash = longest_prefix.iter().rposition(|&byte| byte == b'/')?;
        let (prefix, name) = (&path[..slash], &path[slash + 1..]);
        let fits = !prefix.is_empty() && !name.is_empty() && name.len() <= Self::NAME;
        fits.then_some(Self { prefix, name })
    }
}

/// What readers without pax support see instead of `path`.
fn ascii_stand_in(path: &str) -> String {
    path.chars()
        .map(|character| if character.is_ascii() { character } else { '_' })
        .take(UstarName::NAME)
        .collect()
}

/// Appends `length key=value\n`, where the length counts itself.
fn push_record(records: &mut String, key: &str, value: &str) {
    let rest = key.len() + value.len() + " =\n".len();
    let mut length = rest + 1;
    while length != rest + length.to_string().len() {
        length = rest + length.to_string().len();
    }
    records.extend([&length.to_string(), " ", key, "=", value, "\n"]);
}

fn header(name: &UstarName<'_>, size: u64, modified: u64, kind: u8) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    let mut put = |offset: usize, bytes: &[u8]| {
        block[offset..offset + bytes.len()].copy_from_slice(bytes);
    };
    put(0, name.name.as_bytes());
    put(100, b"0000644\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{size:011o}\0").as_bytes());
    put(136, format!("{modified:011o}\0").as_bytes());
    put(148, b"        ");
    put(156, &[kind]);
    put(257, b"ustar\x0000");
    put(329, b"0000000\0");
    put(337, b"0000000\0");
    put(345, name.prefix.as_bytes());
    let sum: u32 = block.iter().copied().map(u32::from).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(files: &[(&str, &str)], modified: i64) -> Vec<u8> {
        let mut tar = TarWriter::new(Vec::new(), modified);
        for (path, content) in files {
            let size = content.len() as u64;
            tar.append(path, size, content.as_bytes())
                .expect("the entry is sound");
        }
        tar.finish().expect("a vector takes everything")
    }

    #[track_caller]
    fn check_split(path: &str, expected: Option<(&str, &str)>) {
        let split = UstarName::split(path).map(|split| (split.prefix, split.name));
        assert_eq!(split, expected, "{path}");
    }

    #[test]
    fn names_are_split_where_ustar_can() {
        let (a, b) = ("a".repeat(100), "b".repeat(155));
        check_split("x/y", Some(("", "x/y")));
        check_split(&a, Some(("", &a)));
        check_split(&format!("{b}/{a}"), Some((&b, &a)));
        check_split(&format!("{b}/{a}c"), None);
        check_split(&format!("{b}c/{a}"), None);
        check_split(&format!("x/{a}a"), None);
        check_split(&format!("{a}/y/z"), Some((&format!("{a}/y"), "z")));
        check_split(&format!("{a}c"), None);
        check_split("x/é", None);
    }

    #[test]
    fn records_count_their_own_length() {
        for (value, expected) in [("a", 9), ("abcdefghij", 19), (&"x".repeat(90), 99)] {
            let mut records = String::new();
            push_record(&mut records, "path", value);
            assert_eq!(records.len(), expected);
            assert!(records.starts_with(&format!("{expected} path=")));
        }
        let mut records = String::new();
        push_record(&mut records, "path", &"x".repeat(91));
        assert_eq!((records.len(), &records[..9]), (101, "101 path="));
    }

    #[test]
    fn a_header_is_as_go_writes_it() {
        let bytes = archive(&[("par/Chart.yaml", "abc")], 1_795_410_539);
        assert_eq!(&bytes[..14], b"par/Chart.yaml");
        assert_eq!(&bytes[100..108], b"0000644\0");
        assert_eq!(&bytes[124..148], b"00000000003\x0015300745153\0");
        assert_eq!(&bytes[257..265], b"ustar\x0000");
        assert_eq!(bytes.len(), 512 + 512 + 1024);
    }

    #[test]
    fn times_out_of_range_are_clamped() {
        for (modified, field) in [(-1, "00000000000"), (i64::MAX, "77777777777")] {
            assert_eq!(&archive(&[("a", "")], modified)[136..147], field.as_bytes());
        }
    }

    #[test]
    fn a_content_of_another_size_is_refused() {
        for size in [0, 2, 4, 600] {
            let error = TarWriter::new(Vec::new(), 0).append("a", size, &b"abc"[..]);
            assert!(matches!(error, Err(AppendError::SizeChanged)), "{size}");
        }
    }

    #[test]
    fn an_unreadable_content_is_told_from_an_unwritable_archive() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("gone"))
            }
        }
        let error = TarWriter::new(Vec::new(), 0).append("a", 1, Broken);
        assert!(matches!(error, Err(AppendError::Read(_))));
        let mut full = [0; 100];
        let error = TarWriter::new(&mut full[..], 0).append("a", 1, &b"x"[..]);
        assert!(matches!(error, Err(AppendError::Write(_))));
    }
}
