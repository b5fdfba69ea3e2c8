//! What differs from host to host.

use std::num::NonZeroU32;

use skeg_oci::{RegistryHost, RepositoryName};

use crate::client::TlsOptions;

/// What differs for one host from the options of the client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostOptions {
    /// Takes the place of the client's.
    pub tls: Option<TlsOptions>,
    /// Use plain HTTP.
    pub plain_http: bool,
    /// Use plain HTTP if the host does not speak TLS, as for hosts on a loopback address.
    pub may_be_plain_http: bool,
    /// How many requests may wait for an answer at the same time.
    pub requests: Option<NonZeroU32>,
    /// How many requests may go out in a second.
    pub requests_per_second: Option<NonZeroU32>,
}

/// Knows what differs for which host.
pub trait HostConfiguration: Send + Sync {
    /// What differs for `host`, which is named as in a URL: `registry-1.docker.io`, not `docker.io`.
    fn options(&self, host: &RegistryHost) -> HostOptions;

    /// Where it is written that nothing may be asked of the registry, or of this repository in it.
    fn blocked(&self, host: &RegistryHost, repository: Option<&RepositoryName>) -> Option<String> {
        let _ = (host, repository);
        None
    }
}

/// All hosts are the same.
#[derive(Clone, Copy, Debug, Default)]
pub struct SameForAll;

impl HostConfiguration for SameForAll {
    fn options(&self, _host: &RegistryHost) -> HostOptions {
        HostOptions::default()
    }
}
