//! Responses before they are shaped by faults: status, headers and a whole body.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, LOCATION};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::json;

/// A response that has not been sent.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The `Content-Length` of a `HEAD` answer, whose body stays empty.
    pub(crate) head_length: Option<u64>,
}

impl Reply {
    pub(crate) fn new(status: u16) -> Self {
        Self {
            status: StatusCode::from_u16(status).expect("because callers give valid codes"),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            head_length: None,
        }
    }

    /// An error in the format of the distribution specification.
    pub(crate) fn error(status: u16, code: &str, message: &str) -> Self {
        Self::new(status)
            .header("content-type", "application/json")
            .body(error_body(code, message))
    }

    pub(crate) fn json(value: &serde_json::Value) -> Self {
        Self::new(200)
            .header("content-type", "application/json")
            .body(value.to_string())
    }

    pub(crate) fn redirect(location: &str) -> Self {
        Self::new(307).header(LOCATION.as_str(), location)
    }

    /// Adds a header; an invalid value is a mistake of the test and panics.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.append(header_name(name), header_value(value));
        self
    }

    pub(crate) fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Turns the answer to a `GET` into the one to the same `HEAD`.
    pub(crate) fn without_body(mut self) -> Self {
        self.head_length = Some(self.body.len() as u64);
        self.body = Bytes::new();
        self
    }

    pub(crate) fn content_type(self, media_type: &str) -> Self {
        self.header(CONTENT_TYPE.as_str(), media_type)
    }
}

/// The distribution-spec error body with one entry.
pub(crate) fn error_body(code: &str, message: &str) -> String {
    json!({"errors": [{"code": code, "message": message, "detail": null}]}).to_string()
}

pub(crate) fn header_name(name: &str) -> HeaderName {
    HeaderName::from_bytes(name.as_bytes()).expect("because tests name valid headers")
}

pub(crate) fn header_value(value: &str) -> HeaderValue {
    HeaderValue::from_bytes(value.as_bytes()).expect("because tests give valid header values")
}
