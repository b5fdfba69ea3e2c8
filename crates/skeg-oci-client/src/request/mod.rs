//! The requests of the distribution specification as values: what to send where, and with which permission. No IO.

use http::Method;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_RANGE, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, IF_MATCH, RANGE,
};
use skeg_oci::{Digest, MediaType, RawManifest, RegistryHost, RepositoryName, TagOrDigest};
use url::Url;

use crate::auth::Scopes;
use crate::transport::RequestBody;

/// Every kind of manifest that can be read, the plain ones first.
const ACCEPTED_MANIFESTS: &str = "application/vnd.oci.image.manifest.v1+json, \
     application/vnd.docker.distribution.manifest.v2+json, \
     application/vnd.oci.image.index.v1+json, \
     application/vnd.docker.distribution.manifest.list.v2+json";

/// One request to a registry, which can be sent any number of times.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) address: Address,
    pub(crate) headers: HeaderMap,
    pub(crate) body: RequestBody,
    /// What a token must permit for it.
    pub(crate) scopes: Scopes,
    pub(crate) access: Access,
    pub(crate) retries: Retries,
}

/// Where a request goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Address {
    /// A path of the registry's host, with the query.
    Path(String),
    /// A URL that the registry gave.
    Url(Url),
}

/// Whether a request reads or writes. Reading may go on without a credential that was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

/// Who sends a failed request again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retries {
    /// The transport, unchanged.
    Transport,
    /// The caller, who must look first what the failed one did.
    Caller,
}

impl Call {
    fn read(method: Method, path: String, scopes: Scopes) -> Self {
        Self {
            method,
            address: Address::Path(path),
            headers: HeaderMap::new(),
            body: RequestBody::Empty,
            scopes,
            access: Access::Read,
            retries: Retries::Transport,
        }
    }

    fn write(method: Method, path: String, name: &RepositoryName) -> Self {
        Self {
            access: Access::Write,
            ..Self::read(method, path, Scopes::push(name))
        }
    }

    fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// `GET /v2/`: does the registry speak the protocol, and does it know us? Never goes on without a refused credential.
    pub(crate) fn ping() -> Self {
        Self {
            access: Access::Write,
            ..Self::read(Method::GET, "/v2/".to_owned(), Scopes::none())
        }
    }

    /// `HEAD /v2/<name>/manifests/<reference>`
    pub(crate) fn head_manifest(name: &RepositoryName, target: &TagOrDigest) -> Self {
        Self {
            method: Method::HEAD,
            ..Self::get_manifest(name, target)
        }
    }

    /// `GET /v2/<name>/manifests/<reference>`
    pub(crate) fn get_manifest(name: &RepositoryName, target: &TagOrDigest) -> Self {
        let path = format!("/v2/{name}/manifests/{target}");
        Self::read(Method::GET, path, Scopes::pull(name))
            .header(ACCEPT, HeaderValue::from_static(ACCEPTED_MANIFESTS))
    }

    /// `PUT /v2/<name>/manifests/<reference>`
    pub(crate) fn put_manifest(name: &RepositoryName, target: &TagOrDigest, manifest: &RawManifest) -> Self {
        let path = format!("/v2/{name}/manifests/{target}");
        let mut call = Self::write(Method::PUT, path, name);
        call.body = RequestBody::Bytes(manifest.bytes().to_vec().into());
        match HeaderValue::from_str(manifest.media_type().as_str()) {
            Ok(media_type) => call.header(CONTENT_TYPE, media_type),
            Err(_) => call,
        }
    }

    /// `DELETE /v2/<name>/manifests/<reference>`
    pub(crate) fn delete_manifest(name: &RepositoryName, target: &TagOrDigest) -> Self {
        let path = format!("/v2/{name}/manifests/{target}");
        Self {
            scopes: Scopes::delete(name),
            ..Self::write(Method::DELETE, path, name)
        }
    }

    /// The same PUT, done only where the state of this version is still there.
    pub(crate) fn only_over(self, version: HeaderValue) -> Self {
        self.header(IF_MATCH, version)
    }

    /// `HEAD /v2/<name>/blobs/<digest>`
    pub(crate) fn head_blob(name: &RepositoryName, digest: &Digest) -> Self {
        let path = format!("/v2/{name}/blobs/{digest}");
        Self::read(Method::HEAD, path, Scopes::pull(name))
    }

    /// `HEAD /v2/<name>/blobs/<digest>`, on the way to writing that blob.
    pub(crate) fn head_blob_to_push(name: &RepositoryName, digest: &Digest) -> Self {
        Self::write(Method::HEAD, format!("/v2/{name}/blobs/{digest}"), name)
    }

    /// `GET /v2/<name>/blobs/<digest>`, from byte `offset` on. The caller resumes it.
    pub(crate) fn get_blob(name: &RepositoryName, digest: &Digest, offset: u64) -> Self {
        let path = format!("/v2/{name}/blobs/{digest}");
        let mut call = Self::read(Method::GET, path, Scopes::pull(name))
            .header(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        call.retries = Retries::Caller;
        if offset == 0 {
            return call;
        }
        match HeaderValue::from_str(&format!("bytes={offset}-")) {
            Ok(range) => call.header(RANGE, range),
            Err(_) => call,
        }
    }

    /// `POST /v2/<name>/blobs/uploads/`: begin an upload.
    pub(crate) fn start_upload(name: &RepositoryName) -> Self {
        let call = Self::write(Method::POST, format!("/v2/{name}/blobs/uploads/"), name);
        Self {
            retries: Retries::Caller,
            ..call
        }
    }

    /// `POST /v2/<name>/blobs/uploads/?mount=<digest>&from=<source>`: take over a blob, or else begin an upload.
    pub(crate) fn mount(name: &RepositoryName, digest: &Digest, from: &RepositoryName) -> Self {
        let path = format!("/v2/{name}/blobs/uploads/?mount={digest}&from={from}");
        let call = Self::write(Method::POST, path, name);
        Self {
            retries: Retries::Caller,
            scopes: Scopes::push(name).with(&format!("repository:{from}:pull")),
            ..call
        }
    }

    /// `PUT <location>`: the whole blob, which ends the upload. Sending it again needs a new upload.
    pub(crate) fn finish_upload(name: &RepositoryName, location: Url, body: RequestBody) -> Self {
        let call = Self::write(Method::PUT, String::new(), name);
        Self {
            address: Address::Url(location),
            body,
            retries: Retries::Caller,
            ..call
        }
        .header(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"))
    }

    /// `PATCH <location>`: one part of the blob, from `offset` on.
    pub(crate) fn upload_part(name: &RepositoryName, location: Url, offset: u64, body: RequestBody) -> Self {
        let last = (offset + body.size()).saturating_sub(1);
        let range = HeaderValue::from_str(&format!("{offset}-{last}"));
        let mut call = Self {
            method: Method::PATCH,
            ..Self::finish_upload(name, location, body)
        };
        if let Ok(range) = range {
            call.headers.insert(CONTENT_RANGE, range);
        }
        call
    }

    /// `GET <location>`: how much of the blob the registry has.
    pub(crate) fn upload_status(name: &RepositoryName, location: Url) -> Self {
        Self {
            address: Address::Url(location),
            ..Self::write(Method::GET, String::new(), name)
        }
    }

    /// `DELETE <location>`: give an upload up.
    pub(crate) fn cancel_upload(name: &RepositoryName, location: Url) -> Self {
        Self {
            method: Method::DELETE,
            ..Self::upload_status(name, location)
        }
    }

    /// `GET /v2/<name>/tags/list`
    pub(crate) fn list_tags(name: &RepositoryName) -> Self {
        Self::read(Method::GET, format!("/v2/{name}/tags/list"), Scopes::pull(name))
    }

    /// `GET /v2/<name>/referrers/<digest>`, of one artifact type if one is given.
    pub(crate) fn list_referrers(
        name: &RepositoryName,
        subject: &Digest,
        artifact_type: Option<&MediaType>,
    ) -> Self {
        let mut path = format!("/v2/{name}/referrers/{subject}");
        if let Some(artifact_type) = artifact_type {
            path.push_str("?artifactType=");
            path.extend(url::form_urlencoded::byte_serialize(
                artifact_type.as_str().as_bytes(),
            ));
        }
        Self::read(Method::GET, path, Scopes::pull(name)).header(
            ACCEPT,
            HeaderValue::from_static("application/vnd.oci.image.index.v1+json"),
        )
    }

    /// `GET /v2/_catalog`
    pub(crate) fn catalog() -> Self {
        let scopes = Scopes::none().with("registry:catalog:*");
        Self::read(Method::GET, "/v2/_catalog".to_owned(), scopes)
    }

    /// The next page of a list, at an address that the registry gave.
    pub(crate) fn next_page(mut self, url: Url) -> Self {
        self.address = Address::Url(url);
        self
    }
}

/// Adds the digest to an upload's location, whose own query stays as it is, byte for byte.
pub(crate) fn with_digest(location: &Url, digest: &Digest) -> Url {
    let query = match location.query() {
        Some(query) if !query.is_empty() => format!("{query}&digest={digest}"),
        _ => format!("digest={digest}"),
    };
    let mut url = location.clone();
    url.set_query(Some(&query));
    url
}

/// The URL of a path of the registry.
pub(crate) fn base_url(scheme: &str, host: &RegistryHost) -> Result<Url, url::ParseError> {
    Url::parse(&format!("{scheme}://{}/", host.api_host()))
}

/// Reads the media type of a `Content-Type`, without its parameters, in lower case.
pub(crate) fn media_type(headers: &HeaderMap) -> Option<MediaType> {
    let text = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let essence = text.split(';').next()?.trim().to_ascii_lowercase();
    (!essence.is_empty()).then(|| MediaType::new(&essence))
}

/// Reads the number in `Content-Length`.
pub(crate) fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers
        .get(http::header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()
}

/// Reads `Docker-Content-Digest`, if it is a digest.
pub(crate) fn content_digest(headers: &HeaderMap) -> Option<Digest> {
    Digest::parse(headers.get("docker-content-digest")?.to_str().ok()?.trim()).ok()
}

/// Reads from the answer to a part how many bytes the registry has: `Range: 0-<last>`, of which `bytes=` may be in front.
pub(crate) fn uploaded(headers: &HeaderMap) -> Option<u64> {
    let text = headers.get(RANGE)?.to_str().ok()?.trim();
    let (first, last) = text.strip_prefix("bytes=").unwrap_or(text).split_once('-')?;
    let last: u64 = last.parse().ok()?;
    (first == "0").then(|| last.saturating_add(1))
}

/// Reads `OCI-Chunk-Min-Length`.
pub(crate) fn minimum_part(headers: &HeaderMap) -> Option<u64> {
    headers
        .get("oci-chunk-min-length")?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()
}

/// The range of a 206 response: `Content-Range: bytes <first>-<last>/<total>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ContentRange {
    pub(crate) first: u64,
    pub(crate) total: Option<u64>,
}

/// Reads `Content-Range`.
pub(crate) fn content_range(headers: &HeaderMap) -> Option<ContentRange> {
    let text = headers.get(http::header::CONTENT_RANGE)?.to_str().ok()?;
    let (range, total) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, _last) = range.split_once('-')?;
    Some(ContentRange {
        first: first.trim().parse().ok()?,
        total: total.trim().parse().ok(),
    })
}

/// A `Link` header that cannot be read: whether there is a next page is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MalformedLink;

/// Finds the target of `rel="next"` among the `Link` headers.
///
/// Spec: RFC 8288; distribution-spec v1.1, "Listing Tags".
pub(crate) fn next_link(headers: &HeaderMap) -> Result<Option<String>, MalformedLink> {
    let mut is_malformed = false;
    for line in headers.get_all(http::header::LINK) {
        let line = line.to_str().unwrap_or("?");
        if let Some(next) = split_links(line).find_map(next_target) {
            return Ok(Some(next));
        }
        let is_link = line.trim_start().starts_with('<') && line.contains('>');
        is_malformed |= !is_link && !line.trim().is_empty();
    }
    if is_malformed {
        Err(MalformedLink)
    } else {
        Ok(None)
    }
}

/// Splits a line at the commas before a `<`: targets may hold commas too.
fn split_links(line: &str) -> impl Iterator<Item = &str> {
    let starts = line.match_indices('<').map(|(at, _)| at);
    let ends = line
        .match_indices('<')
        .map(|(at, _)| at)
        .skip(1)
        .chain([line.len()]);
    starts.zip(ends).map(|(start, end)| &line[start..end])
}

fn next_target(link: &str) -> Option<String> {
    let (target, parameters) = link.strip_prefix('<')?.split_once('>')?;
    let is_next = parameters.split([';', ',']).any(|parameter| {
        let Some((name, value)) = parameter.split_once('=') else {
            return false;
        };
        let mut relations = value.trim().trim_matches('"').split_ascii_whitespace();
        name.trim().eq_ignore_ascii_case("rel")
            && relations.any(|relation| relation.eq_ignore_ascii_case("next"))
    });
    is_next.then(|| target.to_owned())
}

#[cfg(test)]
mod tests;
