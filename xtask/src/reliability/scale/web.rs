//! Requests of the runs themselves, to put things into registries and to look at what is there: HTTP/1.1 on one
//! connection, nothing of the client that is tested.

use std::io::{BufReader, Read, Write};
use std::net::TcpStream;

use serde_json::Value;

use crate::failure::{Failure, Result};
use crate::http::{Framing, Head, copy_body};

/// What is accepted as a manifest.
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// A connection to a registry.
pub(super) struct Web {
    host: String,
    stream: BufReader<TcpStream>,
}

/// An answer that was read whole.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
}

impl Web {
    pub(super) fn connect(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self {
            host: address.to_owned(),
            stream: BufReader::new(stream),
        })
    }

    /// The bytes of a manifest.
    pub(super) fn manifest(&mut self, repository: &str, reference: &str) -> Result<Vec<u8>> {
        let path = format!("/v2/{repository}/manifests/{reference}");
        let answer = self.request("GET", &path, &[])?;
        if answer.status == 200 {
            return Ok(answer.body);
        }
        Err(Failure::new(format!("GET {path}: {}", answer.status)))
    }

    /// Puts a manifest under a tag.
    pub(super) fn tag(&mut self, repository: &str, tag: &str, manifest: &[u8]) -> Result<()> {
        let path = format!("/v2/{repository}/manifests/{tag}");
        match self.request("PUT", &path, manifest)?.status {
            201 => Ok(()),
            status => Err(Failure::new(format!("PUT {path}: {status}"))),
        }
    }

    /// The bytes of a blob.
    pub(super) fn blob(&mut self, repository: &str, digest: &str) -> Result<Vec<u8>> {
        let path = format!("/v2/{repository}/blobs/{digest}");
        let answer = self.request("GET", &path, &[])?;
        if answer.status == 200 {
            return Ok(answer.body);
        }
        Err(Failure::new(format!("GET {path}: {}", answer.status)))
    }

    /// Fails unless a repository has all blobs of a manifest.
    pub(super) fn require_blobs(&mut self, repository: &str, manifest: &[u8]) -> Result<()> {
        let manifest: Value = serde_json::from_slice(manifest)?;
        let layers = manifest["layers"].as_array().into_iter().flatten();
        for descriptor in layers.chain([&manifest["config"]]) {
            let digest = descriptor["digest"].as_str().unwrap_or_default();
            let path = format!("/v2/{repository}/blobs/{digest}");
            let status = self.request("HEAD", &path, &[])?.status;
            if status != 200 {
                return Err(Failure::new(format!("HEAD {path}: {status}")));
            }
        }
        Ok(())
    }

    fn request(&mut self, method: &str, path: &str, body: &[u8]) -> Result<Answer> {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAccept: {MANIFEST}\r\nContent-Type: {MANIFEST}\r\nContent-Length: {}\r\n\r\n",
            self.host,
            body.len()
        );
        self.stream
            .get_mut()
            .write_all(&[head.as_bytes(), body].concat())?;
        let closed = || Failure::new(format!("{method} {path}: the connection was closed"));
        let head = Head::read(&mut self.stream)?.ok_or_else(closed)?;
        let mut body = Vec::new();
        match head.response_framing(method) {
            Framing::Length(length) => _ = self.stream.by_ref().take(length).read_to_end(&mut body)?,
            framing => _ = copy_body(&mut self.stream, &mut body, framing)?,
        }
        let status = head.word(1).parse().map_err(|_| closed())?;
        Ok(Answer { status, body })
    }
}
