//! Which charts a chart depends on: what `Chart.yaml` requires, what a lock file says, which versions are chosen.
//!
//! Where charts come from is a [`Source`], a small trait of three functions; everything else here is pure. A chart's
//! dependencies become [`Requirement`]s, [`resolve`] finds a version for each of them and asks every repository once,
//! all of them at the same time, and [`LockFile`] is `Chart.lock`: readable by Helm, with the digests that Helm lacks.
//!
//! ```
//! use skeg_chart::Metadata;
//! use skeg_resolve::{DependencyRepository, Requirement};
//!
//! let chart = "{apiVersion: v2, name: shop, version: 1.0.0, dependencies: [{name: db, version: ^1.2, repository: 'oci://h/charts'}]}";
//! let metadata = Metadata::parse(chart.as_bytes())?;
//! let requirements = Requirement::all(metadata.dependencies())?;
//! assert_eq!(requirements[0].place().repository, DependencyRepository::Registry("oci://h/charts".into()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Invariants: the choice among given versions is that of Helm 4.3.1; the digest of a lock file is Helm's over the same
//! input; no input makes a panic. Knows no network, no files and no registry.

mod currency;
mod hash;
mod lock;
mod repository;
mod requirement;
mod resolve;
mod source;

pub use crate::currency::{Currency, compare};
pub use crate::hash::{helm_2_digest, lock_digest};
pub use crate::lock::{LockFile, LockedDependency, ParseLockError, Pin};
pub use crate::repository::DependencyRepository;
pub use crate::requirement::{Requirement, RequirementError};
pub use crate::resolve::{
    Before, MissingVersion, MissingVersionsError, Resolution, ResolveError, Resolved, VendoredError, resolve,
};
pub use crate::source::{Found, Place, Source};
