//! A client of the API server that blocks: what a test asks for is there when the call returns.

use std::io;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Method, Request};
use http_body_util::{BodyExt as _, Full};
use serde_json::Value;
use tokio::runtime::Runtime;

use super::kubeconfig::Kubeconfig;
use super::upstream::Upstream;

/// A client with the rights of one user. It can be used by several threads at once.
pub struct ApiClient {
    runtime: Runtime,
    upstream: Upstream,
    token: String,
}

/// An answer of the server.
#[derive(Debug, Clone)]
pub struct ApiAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Bytes,
}

impl ApiAnswer {
    /// The body as JSON; `null` where it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Whether the status is one of success.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

impl ApiClient {
    /// A client for the current user of a kubeconfig.
    ///
    /// # Panics
    ///
    /// Panics where the kubeconfig is not one of a test cluster, or threads cannot be started.
    #[must_use]
    pub fn new(kubeconfig: &Kubeconfig) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("api-client")
            .enable_all()
            .build()
            .expect("because a test process can start threads");
        Self {
            runtime,
            upstream: Upstream::of(kubeconfig),
            token: kubeconfig.token().to_owned(),
        }
    }

    /// Sends a request. `body` has its media type before it.
    pub fn send(&self, method: &str, path: &str, body: Option<(&str, &str)>) -> io::Result<ApiAnswer> {
        let mut request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).map_err(io::Error::other)?)
            .uri(path)
            .header(AUTHORIZATION, format!("Bearer {}", self.token));
        if let Some((media_type, _)) = body {
            request = request.header(CONTENT_TYPE, media_type);
        }
        let bytes = Bytes::from(body.map(|(_, text)| text.to_owned()).unwrap_or_default());
        let body = Full::new(bytes).map_err(|never| match never {}).boxed_unsync();
        let request = request.body(body).map_err(io::Error::other)?;
        self.runtime.block_on(async {
            let (head, body) = self.upstream.send(request).await?.into_parts();
            match body.collect().await {
                Ok(body) => Ok(ApiAnswer {
                    status: head.status.as_u16(),
                    body: body.to_bytes(),
                }),
                Err(error) => {
                    self.upstream.forget_connection().await;
                    Err(io::Error::other(error))
                }
            }
        })
    }

    /// Reads an object or a list; `None` where there is none.
    ///
    /// # Panics
    ///
    /// Panics where the server answers anything else than that or does not answer.
    #[must_use]
    #[track_caller]
    pub fn get(&self, path: &str) -> Option<Value> {
        let answer = self.answer("GET", path, None);
        if answer.status == 404 {
            return None;
        }
        Some(checked(&answer, path).json())
    }

    /// Creates an object in the collection at `path`.
    ///
    /// # Panics
    ///
    /// Panics where the server refuses or does not answer.
    #[track_caller]
    pub fn create(&self, path: &str, object: &Value) -> Value {
        let answer = self.answer("POST", path, Some(("application/json", &object.to_string())));
        checked(&answer, path).json()
    }

    /// Changes the object at `path`, or its `/status`, by a JSON merge patch.
    ///
    /// # Panics
    ///
    /// Panics where the server refuses or does not answer.
    #[track_caller]
    pub fn patch(&self, path: &str, change: &Value) -> Value {
        let body = Some(("application/merge-patch+json", &*change.to_string()));
        checked(&self.answer("PATCH", path, body), path).json()
    }

    /// Deletes the object at `path`; one that is not there is fine.
    ///
    /// # Panics
    ///
    /// Panics where the server refuses or does not answer.
    #[track_caller]
    pub fn delete(&self, path: &str) {
        let answer = self.answer("DELETE", path, None);
        assert!(answer.is_success() || answer.status == 404, "{path}: {answer:?}");
    }

    /// Creates a namespace.
    ///
    /// # Panics
    ///
    /// Panics where the server refuses or does not answer.
    #[track_caller]
    pub fn create_namespace(&self, name: &str) {
        let object = serde_json::json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}});
        self.create("/api/v1/namespaces", &object);
    }

    #[track_caller]
    fn answer(&self, method: &str, path: &str, body: Option<(&str, &str)>) -> ApiAnswer {
        self.send(method, path, body)
            .unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }
}

#[track_caller]
fn checked<'a>(answer: &'a ApiAnswer, path: &str) -> &'a ApiAnswer {
    assert!(answer.is_success(), "{path}: {answer:?}");
    answer
}

impl std::fmt::Debug for ApiClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApiClient").finish_non_exhaustive()
    }
}
