//! The OCI model: digests, references, descriptors, manifests and image layouts.
//!
//! This crate is pure: it parses, checks and prints what the OCI image specification and the distribution
//! specification define, and what Helm adds to them (media types, the tag form of a version). It opens no file
//! and no connection; `skeg-oci-client` does that.
//!
//! Start with [`Reference`] (where an artifact is), [`Digest`] (what its bytes are) and [`RawManifest`] (a
//! manifest as the exact bytes that its digest names).
//!
//! ```
//! use skeg_oci::{Reference, Tag};
//!
//! let reference = Reference::parse("registry.example:5000/charts/demo:1.2.3_build.5")?;
//! assert_eq!(reference.host().as_str(), "registry.example:5000");
//! assert_eq!(reference.repository().as_str(), "charts/demo");
//! assert_eq!(reference.tag().map(Tag::to_version).as_deref(), Some("1.2.3+build.5"));
//! # Ok::<(), skeg_oci::ParseReferenceError>(())
//! ```
//!
//! Invariants: a value of [`Digest`], [`RegistryHost`], [`RepositoryName`] or [`Tag`] is valid by its grammar, since
//! only parsing makes one; [`RawManifest`] never re-serialises, so its digest is that of the bytes that came.

mod annotations;
mod descriptor;
mod digest;
mod error_body;
mod host;
mod json;
pub mod layout;
mod manifest;
mod media_type;
mod reference;
mod repository;
mod tag;

pub use crate::annotations::Annotations;
pub use crate::descriptor::{Descriptor, Platform};
pub use crate::digest::{Algorithm, Digest, Digester, ParseDigestError};
pub use crate::error_body::{ErrorBody, ErrorCode, ErrorEntry};
pub use crate::host::{ParseHostError, RegistryHost};
pub use crate::manifest::{ImageIndex, ImageManifest, Manifest, ManifestError, RawManifest};
pub use crate::media_type::MediaType;
pub use crate::reference::{ParseReferenceError, Reference, TagOrDigest};
pub use crate::repository::{ParseRepositoryError, RepositoryName};
pub use crate::tag::{ParseTagError, Tag};
