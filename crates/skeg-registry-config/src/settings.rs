//! What can be set for a registry.

use std::num::NonZeroU32;
use std::path::PathBuf;

use crate::place::Place;

/// What is set for one prefix; what is not set is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Where the content really is: the prefix is another name for this place.
    pub location: Option<Place>,
    /// Places to read from before the location itself, in this order.
    pub mirrors: Option<Vec<Mirror>>,
    /// Speak plain HTTP.
    pub plain_http: Option<bool>,
    /// Accept any certificate, and plain HTTP where no TLS is spoken.
    pub insecure: Option<bool>,
    /// Certificate authorities to trust besides the system's.
    pub ca_file: Option<PathBuf>,
    /// The client certificate.
    pub client_certificate: Option<PathBuf>,
    /// Its key.
    pub client_key: Option<PathBuf>,
    /// The `docker-credential-*` program to ask, without that prefix.
    pub credential_helper: Option<String>,
    /// Requests in a second at most.
    pub requests_per_second: Option<NonZeroU32>,
    /// Requests side by side at most.
    pub concurrency: Option<NonZeroU32>,
    /// Nothing may be read from it or written to it.
    pub blocked: Option<bool>,
}

/// A place that has copies of what is below a prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mirror {
    /// Where the copies are.
    pub place: Place,
    /// Whether only what is asked for by its digest may come from there.
    pub digests_only: bool,
    /// Whether only what is asked for by a tag may come from there.
    pub tags_only: bool,
}
