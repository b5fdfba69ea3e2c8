//! Archives to read, good and bad, put together block by block.

use std::io::Write;
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;

/// A `Chart.yaml` that is valid.
pub(crate) const CHART_YAML: &str = "apiVersion: v2\nname: demo\nversion: 1.0.0\n";

/// The bytes of a tar archive in the making.
#[derive(Clone, Default)]
pub(crate) struct Tarball {
    bytes: Vec<u8>,
}

impl Tarball {
    /// An archive that begins with a valid `demo/Chart.yaml`.
    pub(crate) fn chart() -> Self {
        Self::default().file("demo/Chart.yaml", CHART_YAML)
    }

    pub(crate) fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        self.entry(b'0', name, content)
    }

    pub(crate) fn entry(self, kind: u8, name: &str, content: impl AsRef<[u8]>) -> Self {
        let content = content.as_ref();
        let size = format!("{:011o}\0", content.len());
        self.raw_entry(kind, name.as_bytes(), size.as_bytes(), content)
    }

    /// Pax records for the next entry.
    pub(crate) fn pax(self, records: &[(&str, &str)]) -> Self {
        let record = |(key, value): &(&str, &str)| {
            let rest = key.len() + value.len() + 3;
            let length = (rest..rest + 10).find(|length| length.to_string().len() + rest == *length);
            format!("{} {key}={value}\n", length.expect("because some length fits"))
        };
        let records: String = records.iter().map(record).collect();
        self.entry(b'x', "pax", records)
    }

    /// An entry whose size field may be anything.
    pub(crate) fn raw_entry(mut self, kind: u8, name: &[u8], size: &[u8], content: &[u8]) -> Self {
        let mut header = [0; 512];
        header[..name.len()].copy_from_slice(name);
        header[100..108].copy_from_slice(b"0000644\0");
        header[124..136].copy_from_slice(size);
        header[136..148].copy_from_slice(b"00000001750\0");
        header[148..156].copy_from_slice(b"        ");
        header[156] = kind;
        header[257..265].copy_from_slice(b"ustar\x0000");
        let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        self.bytes.extend_from_slice(&header);
        self.bytes.extend_from_slice(content);
        self.bytes.resize(self.bytes.len().next_multiple_of(512), 0);
        self
    }

    /// Bytes that are no entry.
    pub(crate) fn raw(mut self, bytes: &[u8]) -> Self {
        self.bytes.extend_from_slice(bytes);
        self
    }

    /// The mark at the end of an archive.
    pub(crate) fn end(self) -> Self {
        self.raw(&[0; 1024])
    }

    /// The archive as it is, compressed.
    pub(crate) fn gzip(&self) -> Vec<u8> {
        gzip(&self.bytes)
    }

    /// The archive with its end, compressed.
    pub(crate) fn tgz(&self) -> Vec<u8> {
        self.clone().end().gzip()
    }
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("a vector takes everything");
    encoder.finish().expect("a vector takes everything")
}

/// A directory with a file in it.
pub(crate) fn save(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().expect("there is room");
    let path = directory.path().join(name);
    fs_err::write(&path, bytes).expect("is writable");
    (directory, path)
}

/// An error with its causes, as the command line shows it.
pub(crate) fn message(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
