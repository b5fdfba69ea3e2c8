//! What holds for one repository in the end.

use std::num::NonZeroU32;
use std::path::PathBuf;

use crate::origin::Origin;
use crate::place::Place;
use crate::settings::Mirror;

/// A setting and where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sourced<T> {
    /// What is set.
    pub value: T,
    /// Where.
    pub origin: Origin,
}

/// What holds for a registry or a repository of it; the fields are those of [`crate::Settings`], with places made whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effective {
    /// Where the content really is.
    pub location: Option<Sourced<Place>>,
    /// Where else to read it, in this order.
    pub mirrors: Vec<Sourced<Mirror>>,
    /// Speak plain HTTP.
    pub plain_http: Option<Sourced<bool>>,
    /// Accept any certificate, and plain HTTP where no TLS is spoken.
    pub insecure: Option<Sourced<bool>>,
    /// Certificate authorities to trust besides the system's.
    pub ca_file: Option<Sourced<PathBuf>>,
    /// The client certificate.
    pub client_certificate: Option<Sourced<PathBuf>>,
    /// Its key.
    pub client_key: Option<Sourced<PathBuf>>,
    /// The helper program to ask for credentials.
    pub credential_helper: Option<Sourced<String>>,
    /// Requests in a second at most.
    pub requests_per_second: Option<Sourced<NonZeroU32>>,
    /// Requests side by side at most.
    pub concurrency: Option<Sourced<NonZeroU32>>,
    /// Nothing may be read or written.
    pub blocked: Option<Sourced<bool>>,
}
