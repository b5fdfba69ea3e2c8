//! Sending one request, and what becomes of the answer.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri};
use http_body_util::BodyExt as _;
use kube::client::Body;
use serde_json::Value;

use super::go_words;
use super::retry::Attempts;
use crate::cluster::WarningSink;
use crate::error::{ClusterError, Status, generic_status};

/// What is asked of the server.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) method: Method,
    /// With the query.
    pub(crate) path: String,
    pub(crate) accept: &'static str,
    /// The media type, and the content.
    pub(crate) body: Option<(&'static str, Bytes)>,
    pub(crate) if_none_match: Option<String>,
}

/// JSON, and nothing else.
pub(crate) const JSON: &str = "application/json";

impl Call {
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    pub(crate) fn new(method: Method, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            accept: JSON,
            body: None,
            if_none_match: None,
        }
    }

    pub(crate) fn accept(mut self, accept: &'static str) -> Self {
        self.accept = accept;
        self
    }

    pub(crate) fn body(mut self, media_type: &'static str, content: impl Into<Bytes>) -> Self {
        self.body = Some((media_type, content.into()));
        self
    }
}

/// The whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    path: String,
}

impl Answer {
    /// The body as an object.
    pub(crate) fn json(&self) -> Result<Value, ClusterError> {
        self.decode()
    }

    /// The body as what it should be.
    pub(crate) fn decode<'body, T: serde::Deserialize<'body>>(&'body self) -> Result<T, ClusterError> {
        serde_json::from_slice(&self.body).map_err(|error| ClusterError::Answer {
            url: self.path.clone(),
            reason: format!("the server's answer cannot be read: {error}"),
        })
    }
}

/// Sends requests, again where that is safe and the server asks for it.
#[derive(Clone)]
pub(crate) struct Requester {
    client: kube::Client,
    server: Uri,
    user_agent: HeaderValue,
    warnings: Arc<dyn WarningSink>,
}

impl fmt::Debug for Requester {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Requester")
            .field("server", &self.server)
            .finish_non_exhaustive()
    }
}

impl Requester {
    pub(crate) fn new(
        client: kube::Client,
        server: Uri,
        user_agent: &str,
        warnings: Arc<dyn WarningSink>,
    ) -> Self {
        let user_agent = HeaderValue::from_str(user_agent);
        Self {
            client,
            server,
            user_agent: user_agent.unwrap_or(HeaderValue::from_static("skeg")),
            warnings,
        }
    }

    pub(crate) fn server(&self) -> &Uri {
        &self.server
    }

    /// Sends the request and takes the whole answer; a refusal is an error.
    pub(crate) async fn send(&self, call: &Call) -> Result<Answer, ClusterError> {
        let mut attempts = Attempts::default();
        loop {
            let response = self.respond(call, &mut attempts).await?;
            let (parts, body) = response.into_parts();
            match body.collect().await {
                Ok(collected) => {
                    return Ok(Answer {
                        status: parts.status,
                        headers: parts.headers,
                        body: collected.to_bytes(),
                        path: call.path.clone(),
                    });
                }
                Err(error) => match attempts.after_loss(&call.method, true) {
                    Some(pause) => tokio::time::sleep(pause).await,
                    None => return Err(self.lost(call, &error)),
                },
            }
        }
    }

    /// Sends the request and returns the answer while its body is still on its way; a refusal is an error.
    pub(crate) async fn open(&self, call: &Call) -> Result<Response<Body>, ClusterError> {
        self.respond(call, &mut Attempts::default()).await
    }

    async fn respond(&self, call: &Call, attempts: &mut Attempts) -> Result<Response<Body>, ClusterError> {
        loop {
            tracing::debug!("{} {}", call.method, call.path);
            let sent = self.client.send(self.request(call)?).await;
            let response = match sent {
                Ok(response) => response,
                Err(error) => match attempts.after_loss(&call.method, was_sent(&error)) {
                    Some(pause) => {
                        tokio::time::sleep(pause).await;
                        continue;
                    }
                    None => return Err(self.lost(call, &error)),
                },
            };
            self.warn(response.headers());
            let status = response.status();
            if status.is_success() || status == StatusCode::NOT_MODIFIED {
                return Ok(response);
            }
            let (refusal, headers) = refusal(call, response).await;
            tracing::debug!(
                "{} {}: {} {}",
                call.method,
                call.path,
                refusal.code,
                refusal.message
            );
            match attempts.after_refusal(&refusal, &headers) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return Err(ClusterError::Status(Box::new(refusal))),
            }
        }
    }

    fn request(&self, call: &Call) -> Result<Request<Body>, ClusterError> {
        let builder = Request::builder()
            .method(call.method.clone())
            .uri(&call.path)
            .header(http::header::ACCEPT, call.accept)
            .header(http::header::USER_AGENT, self.user_agent.clone());
        let builder = match &call.if_none_match {
            Some(tag) => builder.header(http::header::IF_NONE_MATCH, tag),
            None => builder,
        };
        let request = match &call.body {
            Some((media_type, content)) => builder
                .header(http::header::CONTENT_TYPE, *media_type)
                .body(Body::from(content.clone())),
            None => builder.body(Body::empty()),
        };
        request.map_err(|error| ClusterError::Answer {
            url: call.path.clone(),
            reason: format!("this is no path of a request: {error}"),
        })
    }

    fn lost(&self, call: &Call, error: &kube::Error) -> ClusterError {
        if let kube::Error::Auth(error) = error {
            return ClusterError::Credentials {
                reason: go_words::chain(error),
            };
        }
        let base = self.server.to_string();
        ClusterError::Unreachable {
            verb: go_words::verb(&call.method),
            url: format!("{}{}", base.trim_end_matches('/'), call.path),
            reason: go_words::reason(error, &self.server),
        }
    }

    /// Hands on what the server warns of.
    fn warn(&self, headers: &HeaderMap) {
        for value in headers.get_all(http::header::WARNING) {
            if let Some(text) = value.to_str().ok().and_then(warning_text) {
                self.warnings.warn(&text);
            }
        }
    }
}

/// Whether the connection was there, so that the request may have been on its way.
fn was_sent(error: &kube::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<hyper_util::client::legacy::Error>() {
            return !error.is_connect();
        }
        cause = error.source();
    }
    false
}

/// What the server says with its refusal, and when it may be asked again.
async fn refusal(call: &Call, response: Response<Body>) -> (Status, HeaderMap) {
    let (parts, body) = response.into_parts();
    let body = body.collect().await.map(http_body_util::Collected::to_bytes);
    let body = body.unwrap_or_default();
    let said = serde_json::from_slice::<Status>(&body).ok();
    // What has no kind of `Status` is about the whole server; Kubernetes' client keeps to its own words there.
    let is_raw = call.path.starts_with("/version");
    let code = parts.status.as_u16();
    let said = said.filter(|status| !is_raw && !status.message.is_empty());
    let in_own_words = || {
        let text = if is_raw {
            "".into()
        } else {
            String::from_utf8_lossy(&body)
        };
        generic_status(code, &call.method, &text)
    };
    let status = said.map_or_else(in_own_words, |status| Status { code, ..status });
    (status, parts.headers)
}

/// The text of a warning, `299 - "text"` (RFC 7234, section 5.5).
fn warning_text(value: &str) -> Option<String> {
    let (_, rest) = value.split_once('"')?;
    let mut text = String::new();
    let mut characters = rest.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => return Some(text),
            '\\' => text.extend(characters.next()),
            other => text.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_unquoted() {
        let text = warning_text("299 - \"unknown field \\\"bogus\\\"\"");
        assert_eq!(text.as_deref(), Some("unknown field \"bogus\""));
        assert_eq!(warning_text("299"), None);
    }
}
