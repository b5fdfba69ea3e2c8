//! What is in a registry or an image layout, read without any code of skeg's.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;

use serde_json::Value;

use crate::failure::{Context, Failure, Result};
use crate::http::Head;

/// All that manifests may be, so that the registry converts nothing.
const ACCEPT: &str = "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json";

/// Stands among tags for what an image layout lists without one.
pub(super) const UNTAGGED: &str = "(untagged)";

/// What each tag names: one digest, or for a list of referrers the digests in it.
pub(super) type Tags = BTreeMap<String, BTreeSet<String>>;

/// A repository or a layout.
pub(super) trait Content {
    /// All tags. One whose manifest cannot be read names nothing.
    fn tags(&self) -> Result<Tags>;
    /// The bytes of a manifest.
    fn manifest(&self, digest: &str) -> Result<Option<Vec<u8>>>;
    /// The bytes of a blob.
    fn blob(&self, digest: &str) -> Result<Option<Vec<u8>>>;
}

/// A repository of a registry that asks for no login.
#[derive(Debug, Clone)]
pub(super) struct Remote {
    pub(super) address: String,
    pub(super) repository: String,
}

/// An image layout.
#[derive(Debug, Clone)]
pub(super) struct Layout(pub(super) PathBuf);

/// The digest of bytes.
pub(super) fn digest_of(bytes: &[u8]) -> String {
    let hash = ring::digest::digest(&ring::digest::SHA256, bytes);
    let mut text = String::from("sha256:");
    for byte in hash.as_ref() {
        for half in [byte >> 4, byte & 15] {
            text.push(char::from(b"0123456789abcdef"[usize::from(half)]));
        }
    }
    text
}

/// Tells whether a tag stands for a list that grows, and not for one artifact.
pub(super) fn is_list(tag: &str) -> bool {
    tag == UNTAGGED || tag.starts_with("sha256-")
}

/// The digests of the descriptors in a field of a manifest that is a list.
pub(super) fn digests(manifest: &Value, field: &str) -> BTreeSet<String> {
    let entries = manifest[field].as_array().into_iter().flatten();
    entries
        .filter_map(|entry| entry["digest"].as_str().map(str::to_owned))
        .collect()
}

impl Remote {
    fn get(&self, path: &str) -> Result<Option<Vec<u8>>> {
        let path = format!("/v2/{}/{path}", self.repository);
        let mut connection = TcpStream::connect(&self.address)?;
        // Version 1.0, so that the body ends with the connection and comes in no chunks.
        write!(
            connection,
            "GET {path} HTTP/1.0\r\nHost: {}\r\nAccept: {ACCEPT}\r\n\r\n",
            self.address
        )?;
        let mut reader = BufReader::new(connection);
        let head = Head::read(&mut reader)?.context(format!("no answer to {path}"))?;
        let mut body = Vec::new();
        reader.read_to_end(&mut body)?;
        match head.word(1) {
            "200" => Ok(Some(body)),
            "404" => Ok(None),
            status => Err(Failure::new(format!("{path}: status {status}"))),
        }
    }
}

impl Content for Remote {
    fn tags(&self) -> Result<Tags> {
        let Some(list) = self.get("tags/list")? else {
            return Ok(Tags::new());
        };
        let list: Value = serde_json::from_slice(&list)?;
        let mut tags = Tags::new();
        for tag in list["tags"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            let manifest = self.get(&format!("manifests/{tag}"))?;
            let named = match manifest {
                None => BTreeSet::new(),
                Some(bytes) if is_list(tag) => digests(&serde_json::from_slice(&bytes)?, "manifests"),
                Some(bytes) => BTreeSet::from([digest_of(&bytes)]),
            };
            tags.insert(tag.to_owned(), named);
        }
        Ok(tags)
    }

    fn manifest(&self, digest: &str) -> Result<Option<Vec<u8>>> {
        self.get(&format!("manifests/{digest}"))
    }

    fn blob(&self, digest: &str) -> Result<Option<Vec<u8>>> {
        self.get(&format!("blobs/{digest}"))
    }
}

impl Content for Layout {
    fn tags(&self) -> Result<Tags> {
        let path = self.0.join("index.json");
        if !path.exists() {
            return Ok(Tags::new());
        }
        let index: Value = serde_json::from_slice(&fs_err::read(&path)?).context(path.display())?;
        let mut tags = Tags::new();
        for entry in index["manifests"].as_array().into_iter().flatten() {
            let name = entry["annotations"]["org.opencontainers.image.ref.name"].as_str();
            let digest = entry["digest"].as_str().context("an entry without a digest")?;
            let named = tags.entry(name.unwrap_or(UNTAGGED).to_owned()).or_default();
            named.insert(digest.to_owned());
        }
        Ok(tags)
    }

    fn manifest(&self, digest: &str) -> Result<Option<Vec<u8>>> {
        self.blob(digest)
    }

    fn blob(&self, digest: &str) -> Result<Option<Vec<u8>>> {
        let path = self.0.join("blobs").join(digest.replacen(':', "/", 1));
        Ok(path.exists().then(|| fs_err::read(path)).transpose()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_everybody() {
        let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(digest_of(b""), empty);
    }

    #[test]
    fn layouts_are_read() {
        let directory = tempfile::tempdir().unwrap();
        let layout = Layout(directory.path().to_owned());
        assert!(layout.tags().unwrap().is_empty());
        let index = r#"{"manifests": [{"digest": "sha256:a",
            "annotations": {"org.opencontainers.image.ref.name": "1.0.0"}}, {"digest": "sha256:b"}]}"#;
        fs_err::write(directory.path().join("index.json"), index).unwrap();
        let tags = layout.tags().unwrap();
        assert_eq!(tags["1.0.0"], BTreeSet::from(["sha256:a".to_owned()]));
        assert_eq!(tags[UNTAGGED], BTreeSet::from(["sha256:b".to_owned()]));
        assert_eq!(layout.blob("sha256:a").unwrap(), None);
        fs_err::write(directory.path().join("index.json"), &index[..40]).unwrap();
        assert!(layout.tags().is_err());
    }
}
