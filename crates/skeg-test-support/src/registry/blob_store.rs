//! The object store a registry redirects to: signed URLs, and no patience with credentials.

use std::sync::Arc;

use http::header::{AUTHORIZATION, COOKIE, RANGE};

use super::response::Reply;
use super::routes::ranged;
use super::server::{Handler, Inbound};
use super::state::SharedContents;

/// Serves the registry's blobs under the same paths.
#[derive(Debug)]
pub(crate) struct BlobStore {
    pub(crate) contents: Arc<SharedContents>,
}

impl Handler for BlobStore {
    fn respond(&self, request: &Inbound) -> Reply {
        let headers = &request.head.headers;
        if headers.contains_key(AUTHORIZATION) || headers.contains_key(COOKIE) {
            return Reply::new(400).body("only one authentication mechanism is allowed");
        }
        if request.head.uri.query() != Some("signature=secret") {
            return Reply::new(403).body("the signature does not match");
        }
        let path = request.head.uri.path().strip_prefix("/v2/");
        let found = path
            .and_then(|path| path.rsplit_once("/blobs/"))
            .and_then(|(repository, digest)| self.contents.lock().blob(repository, digest));
        let Some(bytes) = found else {
            return Reply::new(404).body("no such key");
        };
        let range = headers.get(RANGE).and_then(|value| value.to_str().ok());
        ranged(bytes, range).content_type("application/octet-stream")
    }
}
