//! Uploading archives to ChartMuseum, which is the one server of classic repositories that takes them over HTTP.
//!
//! The requests are those of its plugin for helm, `cm-push` 0.10.4: a form by POST to `api/charts`. An answer that is lost
//! leaves open whether the chart is there: then the server is asked for the digest that it has.

mod form;
mod place;

use std::path::Path;

use bytes::Bytes;
use serde::Deserialize;
use skeg_oci::{Descriptor, Digest};
use skeg_oci_client::{FetchUrlError, RequestError, UploadAnswer, UrlUpload};

pub use self::place::server_context_path;

use self::form::form;
use self::place::api_url;
use crate::remote::Remote;
use crate::url::ResolveUrlError;

/// How many times an archive is sent of which nobody knows whether it arrived.
const MAX_TRIES: u32 = 3;

/// How large the answer about one version may be.
const VERSION_LIMIT: usize = 4 << 20;

/// An archive to upload.
#[derive(Clone, Copy, Debug)]
pub struct ChartUpload<'a> {
    /// The name of the chart.
    pub name: &'a str,
    /// Its version.
    pub version: &'a str,
    /// The archive.
    pub path: &'a Path,
    /// Its digest and size.
    pub archive: &'a Descriptor,
    /// Its provenance file.
    pub provenance: Option<&'a Bytes>,
    /// Replace a version that is there.
    pub force: bool,
}

/// Why an archive was not uploaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UploadError {
    /// The address cannot be made out.
    #[error(transparent)]
    Address(#[from] ResolveUrlError),
    /// It could not be sent, or there was no answer.
    #[error(transparent)]
    Send(#[from] FetchUrlError),
    /// The version is there already.
    #[error("{status}: {text}", status = 409)]
    Exists {
        /// What the server says.
        text: String,
        /// Whether the archive there is the same; nothing if the server does not tell.
        is_same: Option<bool>,
    },
    /// The server refused.
    #[error("{status}: {text}")]
    Refused {
        /// The status.
        status: u16,
        /// What the server says.
        text: String,
    },
    /// It is elsewhere.
    #[error("{status}: the server says that it is at `{location}`")]
    Moved {
        /// The status.
        status: u16,
        /// Where, redacted.
        location: String,
    },
    /// The answer is not that of a server that has stored a chart.
    #[error("{status}: the answer is not that of ChartMuseum")]
    NotStored {
        /// The status.
        status: u16,
    },
}

/// What ChartMuseum answers.
#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    saved: bool,
    #[serde(default)]
    error: Option<String>,
}

/// What ChartMuseum tells about a version.
#[derive(Deserialize)]
struct Version {
    digest: String,
}

impl ChartUpload<'_> {
    /// `NAME-VERSION.tgz`
    pub fn file_name(&self) -> String {
        format!("{}-{}.tgz", self.name, self.version)
    }
}

impl Remote {
    /// Uploads an archive. `context_path` is where on the server ChartMuseum is, if it is not at its root.
    ///
    /// # Errors
    /// See [`UploadError`].
    pub async fn upload_chart(
        &self,
        upload: &ChartUpload<'_>,
        context_path: &str,
    ) -> Result<(), UploadError> {
        let mut url = api_url(self.address(), context_path, &["charts"])?;
        if upload.force {
            url.set_query(Some("force"));
        }
        let form = form(upload);
        let request = UrlUpload {
            url: url.into(),
            login: self.own_login(),
            content_type: form.content_type,
            body: form.body,
            content: upload.archive.clone(),
        };
        let mut tries = 0;
        loop {
            tries += 1;
            let error = match self.client().upload_url(&request).await {
                Ok(answer) if !is_lost(answer.status.as_u16()) => {
                    let judged = judge(&answer);
                    let Err(UploadError::Exists { text, .. }) = judged else {
                        return judged;
                    };
                    let is_same = self.has_same(upload, context_path).await;
                    let is_done = is_same == Some(true) && (tries > 1 || answer.attempts > 1);
                    return if is_done {
                        Ok(())
                    } else {
                        Err(UploadError::Exists { text, is_same })
                    };
                }
                Ok(answer) => refused(&answer),
                Err(error) if is_answer_lost(&error) => error.into(),
                Err(error) => return Err(error.into()),
            };
            if self.has_same(upload, context_path).await == Some(true) {
                return Ok(());
            }
            if tries == MAX_TRIES {
                return Err(error);
            }
        }
    }

    /// Whether the server has this very archive; nothing if it does not tell.
    async fn has_same(&self, upload: &ChartUpload<'_>, context_path: &str) -> Option<bool> {
        let url = api_url(
            self.address(),
            context_path,
            &["charts", upload.name, upload.version],
        )
        .ok()?;
        let login = self.own_login();
        let fetched = self
            .client()
            .fetch_url_as(url.as_str(), login.as_ref(), VERSION_LIMIT);
        let version: Version = serde_json::from_slice(&fetched.await.ok()?).ok()?;
        let digest = Digest::parse(&format!("sha256:{}", version.digest)).ok()?;
        Some(digest == upload.archive.digest)
    }
}

fn judge(answer: &UploadAnswer) -> Result<(), UploadError> {
    let status = answer.status.as_u16();
    let is_saved = || serde_json::from_slice(&answer.body).is_ok_and(|answer: Answer| answer.saved);
    match status {
        201 | 202 => Ok(()),
        200..=299 if is_saved() => Ok(()),
        200..=299 => Err(UploadError::NotStored { status }),
        300..=399 => Err(UploadError::Moved {
            status,
            location: answer.location.clone().unwrap_or_default(),
        }),
        409 => Err(UploadError::Exists {
            text: words(answer),
            is_same: None,
        }),
        _ => Err(refused(answer)),
    }
}

fn refused(answer: &UploadAnswer) -> UploadError {
    UploadError::Refused {
        status: answer.status.as_u16(),
        text: words(answer),
    }
}

/// What the server says, or what its status means.
fn words(answer: &UploadAnswer) -> String {
    let text = serde_json::from_slice(&answer.body)
        .ok()
        .and_then(|answer: Answer| answer.error);
    let text = text.unwrap_or_default();
    let text: String = text.chars().filter(|c| !c.is_control()).take(300).collect();
    if !text.trim().is_empty() {
        return text;
    }
    let reason = answer.status.canonical_reason();
    reason.unwrap_or("no reason given").to_owned()
}

/// Statuses of proxies that do not know what became of a request.
fn is_lost(status: u16) -> bool {
    matches!(status, 408 | 499 | 502 | 504 | 522)
}

fn is_answer_lost(error: &FetchUrlError) -> bool {
    matches!(
        error,
        FetchUrlError::Request(
            RequestError::Broken { .. } | RequestError::Timeout { .. } | RequestError::Malformed { .. }
        )
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(status: u16, body: &str, expected: &str) {
        let answer = UploadAnswer {
            status: status.try_into().unwrap(),
            location: Some("https://a/b".to_owned()),
            body: Bytes::copy_from_slice(body.as_bytes()),
            attempts: 1,
        };
        let judged = judge(&answer).map_or_else(|error| error.to_string(), |()| "stored".to_owned());
        assert_eq!(judged, expected);
    }

    #[test]
    fn only_what_says_so_is_stored() {
        check(201, "{\"saved\":true}", "stored");
        check(202, "", "stored");
        check(200, "{\"saved\":true}", "stored");
        check(200, "<html>", "200: the answer is not that of ChartMuseum");
        check(
            200,
            "{\"saved\":false}",
            "200: the answer is not that of ChartMuseum",
        );
        check(204, "", "204: the answer is not that of ChartMuseum");
        check(
            409,
            "{\"error\":\"chart already exists\"}",
            "409: chart already exists",
        );
        check(413, "request too large", "413: Payload Too Large");
        check(401, "{\"error\":\"unauthorized\"}", "401: unauthorized");
        check(500, "{\"error\":\"\\u001b[1m\"}", "500: [1m");
        check(599, "{\"error\":7}", "599: no reason given");
        check(301, "", "301: the server says that it is at `https://a/b`");
    }
}
