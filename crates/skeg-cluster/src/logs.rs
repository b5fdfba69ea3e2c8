//! What containers print.

use http_body_util::BodyExt as _;
use url::form_urlencoded::Serializer;

use crate::cluster::Cluster;
use crate::error::ClusterError;
use crate::resource::{ObjectLocation, ResourceType};
use crate::transport::Call;

/// Which part of the output of a container.
#[derive(Clone, Debug, Default)]
pub struct LogOptions {
    /// The container; empty if there is one only.
    pub container: String,
    /// Only so many of the last lines.
    pub tail_lines: Option<u32>,
    /// That of the container before it was started again.
    pub previous: bool,
}

impl Cluster {
    /// What a container of a pod printed, handed over piece by piece as it comes.
    ///
    /// # Errors
    /// The server cannot be asked, or refuses, such as while the container waits to be started.
    pub async fn logs(
        &self,
        namespace: &str,
        pod: &str,
        options: &LogOptions,
        mut take: impl FnMut(&[u8]),
    ) -> Result<(), ClusterError> {
        let pods = ResourceType::core("Pod", "pods");
        let location = ObjectLocation {
            resource: &pods,
            namespace,
            name: pod,
        };
        let mut query = Serializer::new(String::new());
        if !options.container.is_empty() {
            query.append_pair("container", &options.container);
        }
        if let Some(lines) = options.tail_lines {
            query.append_pair("tailLines", &lines.to_string());
        }
        if options.previous {
            query.append_pair("previous", "true");
        }
        let path = format!("{}/log?{}", location.path(), query.finish());
        let response = self
            .requester()
            .open(&Call::get(path.clone()).accept("*/*"))
            .await?;
        let mut body = response.into_body();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| ClusterError::Answer {
                url: path.clone(),
                reason: error.to_string(),
            })?;
            if let Some(data) = frame.data_ref() {
                take(data);
            }
        }
        Ok(())
    }
}
