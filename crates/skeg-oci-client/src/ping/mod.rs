//! What a registry says of itself, asked by requests that change nothing.

mod uploads;

use std::time::Duration;

use http::header::{ALLOW, HeaderMap, SERVER};
use http::{Method, Version};
use skeg_oci::{Digest, RepositoryName, TagOrDigest};
use tokio::time::Instant;

pub use self::uploads::UploadSupport;
use crate::error::{ListRepositoriesError, RequestError};
use crate::referrers::{ListReferrers, ReferrersSource};
use crate::registry::Registry;
use crate::repository::Repository;
use crate::request::Call;
use crate::transport::Response;

/// The answer to [`Registry::ping`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ping {
    /// The value of `Docker-Distribution-API-Version`, such as `registry/2.0`.
    pub api_version: Option<String>,
    /// The value of `Server`.
    pub server: Option<String>,
    /// The version of HTTP, such as `HTTP/1.1`.
    pub http_version: &'static str,
    /// Whether the connection is secured by TLS.
    pub is_tls: bool,
    /// How many requests are left.
    pub rate_limit: Option<RateLimit>,
    /// How long the answer took, with the connection and the login.
    pub elapsed: Duration,
}

/// How many requests a registry allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// In one window.
    pub limit: Option<u64>,
    /// In the rest of this one.
    pub remaining: Option<u64>,
    /// How long a window is.
    pub window: Option<Duration>,
}

/// Whether a registry can do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// It can.
    Yes,
    /// It cannot, or not for us.
    No,
    /// It does not say, and finding out would change something.
    Unknown,
}

/// What a registry can do, as far as it tells.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capabilities {
    /// It lists its repositories.
    pub catalog: Support,
    /// It has the referrers API.
    pub referrers: Support,
    /// It deletes manifests.
    pub delete: Support,
    /// It takes over blobs from other repositories.
    pub mount: Support,
    /// How many requests for manifests are left.
    pub rate_limit: Option<RateLimit>,
    /// The repository that was asked about, if there was one to ask about.
    pub repository: Option<RepositoryName>,
}

impl Registry {
    /// Asks the registry whether it speaks the protocol, with the credential that the client finds for it when it demands
    /// one.
    ///
    /// Spec: distribution-spec v1.1, "Determining Support".
    pub async fn ping(&self) -> Result<Ping, RequestError> {
        let started = Instant::now();
        let response = self.call(&Call::ping()).await?;
        Ok(Ping {
            api_version: text(&response.headers, "docker-distribution-api-version"),
            server: text(&response.headers, SERVER.as_str()),
            http_version: http_version(response.version),
            is_tls: response.url.scheme() == "https",
            rate_limit: rate_limit(&response.headers),
            elapsed: started.elapsed(),
        })
    }

    /// The warnings that the registry has sent to this client so far, each once.
    pub fn warnings(&self) -> Vec<String> {
        self.heard_warnings()
    }

    /// Finds out what the registry can do, by requests that change nothing and count little. Much of it can only be asked
    /// of a repository: the one given, or else the first that the registry lists.
    pub async fn capabilities(
        &self,
        repository: Option<&RepositoryName>,
    ) -> Result<Capabilities, RequestError> {
        let (catalog, first) = match self.catalog().next().await {
            Ok(names) => (Support::Yes, names.and_then(|names| names.into_iter().next())),
            Err(ListRepositoriesError::Request(error)) => return Err(error),
            Err(_) => (Support::No, None),
        };
        let mut capabilities = Capabilities {
            catalog,
            referrers: Support::Unknown,
            delete: Support::Unknown,
            mount: Support::Unknown,
            rate_limit: None,
            repository: repository.cloned().or(first),
        };
        if let Some(name) = capabilities.repository.clone() {
            self.repository(name).ask(&mut capabilities).await;
        }
        Ok(capabilities)
    }
}

impl Repository {
    async fn ask(&self, capabilities: &mut Capabilities) {
        let nothing = Digest::sha256_of(b"skeg asks what this registry can do");
        let target = TagOrDigest::Digest(nothing.clone());
        if let Ok(referrers) = self.list_referrers(&nothing, None).await {
            capabilities.referrers = match referrers.source {
                ReferrersSource::Api => Support::Yes,
                _ => Support::No,
            };
        }
        let options = Call {
            method: Method::OPTIONS,
            ..Call::head_manifest(self.name(), &target)
        };
        if let Ok(response) = self.call(&options).await
            && let Some(allowed) = allowed(&response)
        {
            capabilities.delete = allowed;
        }
        // Docker Hub tells its limit with manifests only, and does not count HEAD.
        let tag = self.some_tags().await.into_iter().next();
        let tag = tag.unwrap_or_else(|| "latest".parse().expect("because `latest` is a tag"));
        let target = TagOrDigest::Tag(tag);
        if let Ok(response) = self.call(&Call::head_manifest(self.name(), &target)).await {
            capabilities.rate_limit = rate_limit(&response.headers);
        }
    }
}

/// What `Allow` says of deletion. That it is not offered is certain; that it is may still be forbidden.
fn allowed(response: &Response) -> Option<Support> {
    let allow = response.headers.get(ALLOW)?.to_str().ok()?;
    let offers = |wanted: &str| {
        allow
            .split(',')
            .any(|method| method.trim().eq_ignore_ascii_case(wanted))
    };
    match (offers("GET"), offers("DELETE")) {
        (true, true) => Some(Support::Yes),
        (true, false) => Some(Support::No),
        (false, _) => None,
    }
}

fn http_version(version: Version) -> &'static str {
    match version {
        Version::HTTP_2 => "HTTP/2",
        Version::HTTP_10 => "HTTP/1.0",
        _ => "HTTP/1.1",
    }
}

/// The beginning of a header's value, without control characters.
fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    let value: String = value.chars().filter(|c| !c.is_control()).take(200).collect();
    (!value.trim().is_empty()).then(|| value.trim().to_owned())
}

/// Reads `RateLimit-Limit: 100;w=21600`, `RateLimit-Remaining`, and the older names with `X-`.
fn rate_limit(headers: &HeaderMap) -> Option<RateLimit> {
    let header = |name: &str| text(headers, name).or_else(|| text(headers, &format!("x-{name}")));
    let number = |text: &str| text.split([';', ',']).next()?.trim().parse().ok();
    let limit = header("ratelimit-limit");
    let remaining = header("ratelimit-remaining");
    let window = [&limit, &remaining].into_iter().flatten().find_map(|text| {
        let window = text
            .split([';', ','])
            .find_map(|part| part.trim().strip_prefix("w="))?;
        window.parse().ok().map(Duration::from_secs)
    });
    let found = RateLimit {
        limit: limit.as_deref().and_then(number),
        remaining: remaining.as_deref().and_then(number),
        window,
    };
    (found.limit.is_some() || found.remaining.is_some()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(lines: &[(&'static str, &str)], expected: Option<(Option<u64>, Option<u64>, Option<u64>)>) {
        let headers: HeaderMap = lines
            .iter()
            .map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap()))
            .collect();
        let found = rate_limit(&headers);
        let found = found.map(|found| (found.limit, found.remaining, found.window.map(|w| w.as_secs())));
        assert_eq!(found, expected);
    }

    #[test]
    fn limits_in_every_form() {
        let limit = ("ratelimit-limit", "100;w=21600");
        check(
            &[limit, ("ratelimit-remaining", "76;w=21600")],
            Some((Some(100), Some(76), Some(21600))),
        );
        check(
            &[("x-ratelimit-limit", "5000"), ("x-ratelimit-remaining", "4999")],
            Some((Some(5000), Some(4999), None)),
        );
        check(&[("ratelimit-remaining", "0")], Some((None, Some(0), None)));
        check(&[("ratelimit-limit", "many")], None);
        check(&[], None);
    }
}
