//! Test harness of the workspace: servers, commands, charts and archives to test against.
//!
//! Here is what several crates' tests need: [`FakeRegistry`], an OCI registry with faults and a
//! request log. It depends on no other crate of the workspace, so that it can judge them all.
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

mod registry;
mod tls;

pub use registry::{
    Authorization, FakeRegistry, FakeRegistryBuilder, Fault, LocationStyle, Origin, RequestLog,
    RequestRecord, TokenServer, sha256_digest,
};
pub use tls::{PemIdentity, TestCertificates};
