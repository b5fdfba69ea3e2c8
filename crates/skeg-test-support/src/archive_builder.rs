//! Archives byte by byte: a plain tar and gzip writer that also writes what no honest tool does.
//!
//! It shares no code with the workspace's own archive reader and writer, which it judges.

use std::io::{self, Read, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use fs_err as fs;

use crate::random::RandomBytes;

const BLOCK: usize = 512;

/// Collects entries and writes them as a gzip-compressed tar archive.
///
/// ```
/// use skeg_test_support::ArchiveBuilder;
///
/// let evil = ArchiveBuilder::new()
///     .file("demo/Chart.yaml", "apiVersion: v2\nname: demo\nversion: 1.0.0\n")
///     .symlink("demo/values.yaml", "/etc/passwd")
///     .file("../escape", "x")
///     .bytes();
/// assert_eq!(evil[..2], [0x1f, 0x8b]);
/// ```
#[derive(Debug, Clone)]
#[must_use = "an archive is nothing until its bytes are taken or written"]
pub struct ArchiveBuilder {
    entries: Vec<Entry>,
    modified: u64,
    mode: u32,
    keep: Option<usize>,
    trailing: Vec<u8>,
    end_marker: bool,
    uncompressed: bool,
}

#[derive(Debug, Clone)]
struct Entry {
    name: String,
    kind: u8,
    link: String,
    content: Content,
    /// The size in the header where it is not the content's.
    claimed_size: Option<u64>,
}

#[derive(Debug, Clone)]
enum Content {
    Bytes(Vec<u8>),
    Zeros(u64),
    Random { size: u64, seed: u64 },
}

impl Content {
    fn size(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Zeros(size) | Self::Random { size, .. } => *size,
        }
    }

    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Bytes(bytes) => out.write_all(bytes),
            Self::Zeros(size) => io::copy(&mut io::repeat(0).take(*size), out).map(drop),
            Self::Random { size, seed } => io::copy(&mut RandomBytes::new(*seed).take(*size), out).map(drop),
        }
    }
}

impl Default for ArchiveBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl ArchiveBuilder {
    /// An empty archive whose entries are of 2024-01-02 03:04:05 UTC and of mode 0644.
    pub fn new() -> Self {
        Self {
            entries: Vec::new(),
            modified: 1_704_164_645,
            mode: 0o644,
            keep: None,
            trailing: Vec::new(),
            end_marker: true,
            uncompressed: false,
        }
    }

    fn entry(mut self, name: &str, kind: u8, content: Content) -> Self {
        self.entries.push(Entry {
            name: name.to_owned(),
            kind,
            link: String::new(),
            content,
            claimed_size: None,
        });
        self
    }

    fn linked(mut self, name: &str, kind: u8, target: &str) -> Self {
        self.entries.push(Entry {
            name: name.to_owned(),
            kind,
            link: target.to_owned(),
            content: Content::Bytes(Vec::new()),
            claimed_size: None,
        });
        self
    }

    /// Adds a file under any name: absolute, with `..`, with backslashes, twice the same.
    pub fn file(self, name: &str, content: impl Into<Vec<u8>>) -> Self {
        self.entry(name, b'0', Content::Bytes(content.into()))
    }

    /// Adds a directory.
    pub fn directory(self, name: &str) -> Self {
        self.entry(name, b'5', Content::Bytes(Vec::new()))
    }

    /// Adds a symbolic link.
    pub fn symlink(self, name: &str, target: &str) -> Self {
        self.linked(name, b'2', target)
    }

    /// Adds a hard link.
    pub fn hard_link(self, name: &str, target: &str) -> Self {
        self.linked(name, b'1', target)
    }

    /// Adds a character device.
    pub fn device(self, name: &str) -> Self {
        self.entry(name, b'3', Content::Bytes(Vec::new()))
    }

    /// Adds a named pipe.
    pub fn fifo(self, name: &str) -> Self {
        self.entry(name, b'6', Content::Bytes(Vec::new()))
    }

    /// Adds an entry of any type.
    pub fn special(self, name: &str, kind: u8, content: impl Into<Vec<u8>>) -> Self {
        self.entry(name, kind, Content::Bytes(content.into()))
    }

    /// Adds a file of zeros, which shrink to a thousandth: the filling of a bomb.
    pub fn zeros(self, name: &str, size: u64) -> Self {
        self.entry(name, b'0', Content::Zeros(size))
    }

    /// Adds a file of pseudo-random bytes, which do not shrink; they are not held in memory.
    pub fn random(self, name: &str, size: u64, seed: u64) -> Self {
        self.entry(name, b'0', Content::Random { size, seed })
    }

    /// Adds a file whose header claims another size than the content has.
    pub fn lying_file(self, name: &str, claimed: u64, content: impl Into<Vec<u8>>) -> Self {
        let mut builder = self.file(name, content);
        if let Some(entry) = builder.entries.last_mut() {
            entry.claimed_size = Some(claimed);
        }
        builder
    }

    /// Adds a file whose name, of any length, is in a pax header.
    pub fn pax_file(self, name: &str, content: impl Into<Vec<u8>>) -> Self {
        let record = pax_record("path", name);
        self.special("PaxHeaders.0/file", b'x', record)
            .file(&shortened(name), content)
    }

    /// Adds a file whose name, of any length, is in a GNU long-name entry.
    pub fn gnu_long_file(self, name: &str, content: impl Into<Vec<u8>>) -> Self {
        let terminated = [name.as_bytes(), b"\0"].concat();
        self.special("././@LongLink", b'L', terminated)
            .file(&shortened(name), content)
    }

    /// Adds a global pax header.
    pub fn pax_global(self, key: &str, value: &str) -> Self {
        self.special("pax_global_header", b'g', pax_record(key, value))
    }

    /// Sets the time of all entries, in seconds since 1970.
    pub fn modified(mut self, seconds: u64) -> Self {
        self.modified = seconds;
        self
    }

    /// Sets the mode of all entries.
    pub fn mode(mut self, mode: u32) -> Self {
        self.mode = mode;
        self
    }

    /// Keeps the first `bytes` of the compressed archive only.
    pub fn truncated(mut self, bytes: usize) -> Self {
        self.keep = Some(bytes);
        self
    }

    /// Appends bytes after the compressed archive.
    pub fn trailing(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.trailing = bytes.into();
        self
    }

    /// Leaves out the two empty blocks that end a tar archive.
    pub fn without_end_marker(mut self) -> Self {
        self.end_marker = false;
        self
    }

    /// Writes tar without gzip.
    pub fn uncompressed(mut self) -> Self {
        self.uncompressed = true;
        self
    }

    /// The archive's bytes.
    ///
    /// # Panics
    ///
    /// Panics where a name is too long for its header (use `pax_file`).
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = self
            .written_to(Vec::new())
            .expect("because memory can be written");
        bytes.truncate(self.keep.unwrap_or(usize::MAX));
        bytes.extend_from_slice(&self.trailing);
        bytes
    }

    /// Writes the archive to `path`; an archive that is neither truncated nor appended to is
    /// never held in memory.
    ///
    /// # Panics
    ///
    /// Panics where the file cannot be written.
    pub fn write(&self, path: impl AsRef<Path>) {
        let path = path.as_ref();
        if self.keep.is_some() || !self.trailing.is_empty() {
            fs::write(path, self.bytes()).expect("because the test owns the directory");
            return;
        }
        let file = fs::File::create(path).expect("because the test owns the directory");
        let written = self.written_to(io::BufWriter::new(file));
        written
            .and_then(|mut file| file.flush())
            .expect("because the test owns the directory");
    }

    fn written_to<W: Write>(&self, mut out: W) -> io::Result<W> {
        if self.uncompressed {
            self.write_tar(&mut out)?;
            return Ok(out);
        }
        let mut encoder = GzEncoder::new(out, Compression::fast());
        self.write_tar(&mut encoder)?;
        encoder.finish()
    }

    fn write_tar(&self, out: &mut impl Write) -> io::Result<()> {
        for entry in &self.entries {
            out.write_all(&self.header(entry))?;
            entry.content.write(out)?;
            let rest = entry.content.size() % BLOCK as u64;
            if rest > 0 {
                io::copy(&mut io::repeat(0).take(BLOCK as u64 - rest), out)?;
            }
        }
        if self.end_marker {
            out.write_all(&[0; 2 * BLOCK])?;
        }
        Ok(())
    }

    /// The ustar header of an entry (POSIX.1-2017, pax, "ustar Interchange Format").
    fn header(&self, entry: &Entry) -> [u8; BLOCK] {
        let mut header = [0; BLOCK];
        let size = entry.claimed_size.unwrap_or(entry.content.size());
        put(&mut header[0..100], entry.name.as_bytes());
        put(&mut header[100..108], octal(u64::from(self.mode), 7).as_bytes());
        put(&mut header[108..116], b"0000000");
        put(&mut header[116..124], b"0000000");
        put(&mut header[124..136], octal(size, 11).as_bytes());
        put(&mut header[136..148], octal(self.modified, 11).as_bytes());
        put(&mut header[148..156], b"        ");
        header[156] = entry.kind;
        put(&mut header[157..257], entry.link.as_bytes());
        put(&mut header[257..265], b"ustar\x0000");
        let sum: u64 = header.iter().map(|byte| u64::from(*byte)).sum();
        put(&mut header[148..156], format!("{sum:06o}\0 ").as_bytes());
        header
    }
}

fn octal(value: u64, digits: usize) -> String {
    format!("{value:0digits$o}")
}

fn put(field: &mut [u8], value: &[u8]) {
    assert!(
        value.len() <= field.len(),
        "`{}` does not fit into a field of {} bytes",
        String::from_utf8_lossy(value),
        field.len()
    );
    field[..value.len()].copy_from_slice(value);
}

/// One `LENGTH KEY=VALUE` line; the length counts itself.
fn pax_record(key: &str, value: &str) -> Vec<u8> {
    let rest = format!(" {key}={value}\n");
    let mut length = rest.len();
    while length != rest.len() + length.to_string().len() {
        length = rest.len() + length.to_string().len();
    }
    format!("{length}{rest}").into_bytes()
}

/// What an old reader sees of a long name.
fn shortened(name: &str) -> String {
    name.chars().filter(char::is_ascii).take(100).collect()
}
