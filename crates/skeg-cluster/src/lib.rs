//! A Kubernetes cluster as the configuration of `kubectl` names it: what it has, and its objects, which are JSON.
//!
//! [`Cluster::connect`] reads the configuration and makes a client; nothing is sent before the first question. What
//! the API server has is found out once and kept on disk ([`Freshness`]). Errors are in the words of Kubernetes' own
//! client, on which scripts rely.
//!
//! The HTTP stack and the credentials are those of the `kube` crate. None of its types appear here.

mod cluster;
mod configuration;
mod discovery;
mod error;
mod lists;
mod logs;
mod objects;
mod resource;
mod settings;
mod transport;
mod watch;

pub use cluster::{Cluster, ServerVersion, WarningSink};
pub use configuration::ConfigurationError;
pub use discovery::{Discovery, Freshness};
pub use error::{ClusterError, Status, StatusDetails};
pub use lists::{Form, List, ListOptions, ListPage};
pub use logs::LogOptions;
pub use objects::{
    Applied, ApplyOptions, DeleteOptions, FIELD_MANAGER, PatchKind, Propagation, WriteOptions,
};
pub use resource::{ObjectLocation, ResourceType};
pub use settings::{ClusterSettings, InCluster, KubeconfigFiles, Proxies};
pub use watch::{Watch, WatchEvent};
