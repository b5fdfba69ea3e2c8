//! Changes of objects as they happen.

use bytes::BytesMut;
use http_body_util::BodyExt as _;
use kube::client::Body;
use serde::Deserialize;
use serde_json::Value;
use url::form_urlencoded::Serializer;

use crate::cluster::Cluster;
use crate::error::{ClusterError, Status};
use crate::lists::{ListOptions, append_selectors};
use crate::resource::ResourceType;
use crate::transport::Call;

/// The longest line that an event may be.
const LONGEST_EVENT: usize = 16 << 20;

/// A change.
#[derive(Clone, Debug)]
pub enum WatchEvent {
    /// The object is there, new or changed.
    Applied(Value),
    /// The object is gone; this is how it was.
    Deleted(Value),
    /// Nothing changed up to here; a later watch may go on from this version.
    Bookmark(String),
}

/// Changes as they happen.
pub struct Watch {
    body: Body,
    buffer: BytesMut,
    path: String,
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Watch")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Line {
    r#type: String,
    object: Value,
}

impl Cluster {
    /// Watches objects from a moment on, which a list names.
    ///
    /// # Errors
    /// The server cannot be asked, or refuses.
    pub async fn watch(
        &self,
        resource: &ResourceType,
        namespace: Option<&str>,
        options: &ListOptions,
        resource_version: &str,
    ) -> Result<Watch, ClusterError> {
        let mut query = Serializer::new(String::new());
        append_selectors(&mut query, options);
        query.append_pair("watch", "true");
        query.append_pair("allowWatchBookmarks", "true");
        query.append_pair("resourceVersion", resource_version);
        let path = format!("{}?{}", resource.path(namespace), query.finish());
        let response = self.requester().open(&Call::get(path.clone())).await?;
        Ok(Watch {
            body: response.into_body(),
            buffer: BytesMut::new(),
            path,
        })
    }
}

impl Watch {
    /// The next change; none when the server ends the watch, which it does now and then.
    ///
    /// # Errors
    /// The connection broke, or the version is too old (status 410): list again.
    pub async fn next(&mut self) -> Result<Option<WatchEvent>, ClusterError> {
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let line = self.buffer.split_to(end + 1);
                return self.event(&line).map(Some);
            }
            if self.buffer.len() > LONGEST_EVENT {
                return Err(self.broken("an event is longer than 16 MiB"));
            }
            match self.body.frame().await {
                None => return Ok(None),
                Some(Ok(frame)) => {
                    if let Some(data) = frame.data_ref() {
                        self.buffer.extend_from_slice(data);
                    }
                }
                Some(Err(error)) => return Err(self.broken(&error.to_string())),
            }
        }
    }

    fn event(&self, line: &[u8]) -> Result<WatchEvent, ClusterError> {
        let line: Line = serde_json::from_slice(line).map_err(|error| self.broken(&error.to_string()))?;
        match line.r#type.as_str() {
            "ADDED" | "MODIFIED" => Ok(WatchEvent::Applied(line.object)),
            "DELETED" => Ok(WatchEvent::Deleted(line.object)),
            "BOOKMARK" => {
                let version = line.object.pointer("/metadata/resourceVersion");
                let version = version.and_then(Value::as_str).unwrap_or_default();
                Ok(WatchEvent::Bookmark(version.to_owned()))
            }
            "ERROR" => {
                let status: Status = serde_json::from_value(line.object).unwrap_or_default();
                Err(ClusterError::Status(Box::new(status)))
            }
            other => Err(self.broken(&format!("unknown event {other:?}"))),
        }
    }

    fn broken(&self, reason: &str) -> ClusterError {
        ClusterError::Answer {
            url: self.path.clone(),
            reason: reason.to_owned(),
        }
    }
}
