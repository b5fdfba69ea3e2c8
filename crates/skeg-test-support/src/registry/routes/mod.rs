//! The distribution-spec v1.1 endpoints as functions from a request to a reply.

mod blobs;
mod manifests;
mod tags;
mod uploads;

use std::sync::Arc;

use http::Method;

use super::options::Quirks;
use super::response::Reply;
use super::server::Inbound;
use super::state::SharedContents;

pub(crate) use self::blobs::ranged;

/// What every endpoint needs.
#[derive(Debug)]
pub(crate) struct Backend {
    pub(crate) contents: Arc<SharedContents>,
    pub(crate) quirks: Quirks,
    /// `http://127.0.0.1:PORT`.
    pub(crate) base_url: String,
}

impl Backend {
    /// Answers a request that was let in.
    pub(crate) fn respond(&self, request: &Inbound) -> Reply {
        let reply = self.dispatch(request);
        if request.head.method == Method::HEAD {
            reply.without_body()
        } else {
            reply
        }
    }

    fn dispatch(&self, request: &Inbound) -> Reply {
        let path = request.head.uri.path();
        if path == "/v2" || path == "/v2/" {
            return Reply::json(&serde_json::json!({}))
                .header("docker-distribution-api-version", "registry/2.0");
        }
        if path == "/v2/_catalog" {
            return tags::catalog(self, request.head.uri.query().unwrap_or(""));
        }
        let Some(endpoint) = Endpoint::parse(path) else {
            return Reply::error(404, "NOT_FOUND", "no such endpoint");
        };
        if !is_repository_name(endpoint.repository) {
            return Reply::error(400, "NAME_INVALID", "invalid repository name");
        }
        let writes = !matches!(request.head.method, Method::GET | Method::HEAD);
        if writes && self.quirks.read_only {
            return Reply::error(405, "UNSUPPORTED", "the registry is read-only");
        }
        let call = Call {
            backend: self,
            request,
            repository: endpoint.repository,
        };
        match endpoint.kind {
            Kind::Manifest(reference) => manifests::handle(&call, reference),
            Kind::Blob(digest) => blobs::handle(&call, digest),
            Kind::Upload(id) => uploads::handle(&call, id),
            Kind::Tags => tags::list(&call),
            Kind::Referrers(digest) => manifests::referrers(&call, digest),
        }
    }
}

/// One request to an endpoint of a repository.
pub(crate) struct Call<'a> {
    pub(crate) backend: &'a Backend,
    pub(crate) request: &'a Inbound,
    pub(crate) repository: &'a str,
}

impl Call<'_> {
    pub(crate) fn method(&self) -> &Method {
        &self.request.head.method
    }

    /// The request's header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.request.head.headers.get(name)?.to_str().ok()
    }

    /// The decoded value of a query parameter.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        query_values(self.request.head.uri.query().unwrap_or(""), name)
            .into_iter()
            .next()
    }

    /// `/v2/REPOSITORY/rest`.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/v2/{}/{rest}", self.repository)
    }
}

/// The answer to a method an endpoint does not have.
pub(crate) fn method_not_allowed() -> Reply {
    Reply::error(405, "UNSUPPORTED", "the operation is unsupported")
}

/// The decoded values of the query parameter `name`.
pub(crate) fn query_values(query: &str, name: &str) -> Vec<String> {
    query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .filter(|(key, _)| *key == name)
        .map(|(_, value)| percent_decode(value))
        .collect()
}

/// Decodes `%XX` and `+`; what is no escape stays.
pub(crate) fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while index < bytes.len() {
        let escape = text
            .get(index + 1..index + 3)
            .filter(|_| bytes[index] == b'%')
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let (byte, length) = match (escape, bytes[index]) {
            (Some(byte), _) => (byte, 3),
            (None, b'+') => (b' ', 1),
            (None, byte) => (byte, 1),
        };
        decoded.push(byte);
        index += length;
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

struct Endpoint<'a> {
    repository: &'a str,
    kind: Kind<'a>,
}

enum Kind<'a> {
    Manifest(&'a str),
    Blob(&'a str),
    Upload(&'a str),
    Tags,
    Referrers(&'a str),
}

impl<'a> Endpoint<'a> {
    fn parse(path: &'a str) -> Option<Self> {
        let rest = path.strip_prefix("/v2/")?;
        if let Some(repository) = rest.strip_suffix("/tags/list") {
            let kind = Kind::Tags;
            return Some(Self { repository, kind });
        }
        if let Some((repository, id)) = rest.rsplit_once("/blobs/uploads") {
            let kind = Kind::Upload(id.strip_prefix('/').unwrap_or(id));
            return Some(Self { repository, kind });
        }
        let (head, last) = rest.rsplit_once('/')?;
        let (repository, collection) = head.rsplit_once('/')?;
        let kind = match collection {
            "manifests" => Kind::Manifest(last),
            "blobs" => Kind::Blob(last),
            "referrers" => Kind::Referrers(last),
            _ => return None,
        };
        Some(Self { repository, kind })
    }
}

/// The specification's grammar of repository names.
fn is_repository_name(name: &str) -> bool {
    name.len() <= 255 && name.split('/').all(is_name_component)
}

fn is_name_component(component: &str) -> bool {
    let is_alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let separators_valid = component
        .split(is_alphanumeric)
        .filter(|separator| !separator.is_empty())
        .all(|separator| matches!(separator, "." | "_" | "__") || separator.bytes().all(|byte| byte == b'-'));
    component.starts_with(is_alphanumeric) && component.ends_with(is_alphanumeric) && separators_valid
}
