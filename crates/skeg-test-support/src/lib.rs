//! Test harness of the workspace: servers, commands, charts and archives to test against.
//!
//! Here is what several crates' tests need: [`FakeRegistry`], an OCI registry with faults and a
//! request log; [`PlainServer`] and [`ProxyServer`] beside it; [`TestContext`] and
//! [`skeg_snapshot!`], which run a program in isolation and compare what it prints;
//! [`ApiClient`] and [`ApiProxy`] talk to a real Kubernetes API server and stand before it;
//! [`ChartBuilder`] and [`ArchiveBuilder`], which write charts, honest and not. What tests one
//! crate only stays in that crate. It depends on no other crate of the workspace, so that it can
//! judge them all.
//!
//! ```
//! use skeg_test_support::{FakeRegistry, Fault};
//!
//! let registry = FakeRegistry::builder()
//!     .basic_auth("ada", "secret")
//!     .fault(Fault::status(503).once().on("PUT", "/blobs/"))
//!     .start();
//! let digest = registry.put_blob("charts/demo", "content");
//! assert!(registry.blob("charts/demo", &digest).is_some());
//! assert!(registry.requests().is_empty());
//! ```
//!
//! It panics where a library would return an error: a harness that cannot start is a failed test.
//! Everything listens on loopback and on free ports; nothing outlives the value that started it.

mod archive_builder;
mod chart_builder;
mod command;
mod context;
mod filters;
mod forgotten;
#[cfg(unix)]
mod helper;
mod kubernetes;
mod macros;
mod output;
mod random;
mod registry;
#[cfg(target_os = "linux")]
mod terminal;
mod tls;

pub use archive_builder::ArchiveBuilder;
pub use chart_builder::ChartBuilder;
pub use command::{RunningCommand, TestCommand};
pub use context::TestContext;
pub use filters::Filters;
pub use forgotten::no_forgotten_files;
#[cfg(unix)]
pub use helper::{CredentialHelper, InstalledHelper};
pub use kubernetes::{ApiAnswer, ApiClient, ApiProxy, ApiProxyBuilder, Kubeconfig};
pub use macros::IntoOutput;
pub use output::CommandOutput;
pub use random::random_bytes;
pub use registry::{
    Authorization, FakeRegistry, FakeRegistryBuilder, Fault, LocationStyle, Origin, PlainReply, PlainRequest,
    PlainServer, ProxyServer, ProxyServerBuilder, RequestLog, RequestRecord, TokenServer, sha256_digest,
};
pub use tls::{PemIdentity, TestCertificates};

// `skeg_snapshot!` expands to insta's macro in the crate of its caller.
#[doc(hidden)]
pub use insta;
