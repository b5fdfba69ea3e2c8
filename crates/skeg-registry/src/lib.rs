//! Helm charts as OCI artifacts: references to charts, the manifest that holds one, pushing, resolving and pulling.
//!
//! The crate knows what Helm puts into a registry and how Helm's users name it. How bytes get there is the business of
//! `skeg-oci-client`: every operation here is generic over its traits and so works on a registry, on an image layout
//! and in memory alike. What is inside a chart archive is the business of `skeg-chart`.
//!
//! Start with [`ChartReference`] (what a person writes), [`ChartArchive`] (an archive that can be pushed), [`push`],
//! [`resolve`] and [`pull_archive`].
//!
//! ```
//! use skeg_registry::ChartReference;
//!
//! let reference = ChartReference::parse("oci://ghcr.io/example/charts/demo:1.2.4+build.5")?;
//! assert_eq!(reference.chart_name(), "demo");
//! assert_eq!(reference.to_string(), "oci://ghcr.io/example/charts/demo:1.2.4_build.5");
//! # Ok::<(), skeg_registry::ParseChartReferenceError>(())
//! ```
//!
//! Invariants: the same archive always gives the same manifest digest, whatever the clock and the time zone; what is
//! pulled is what the resolved manifest names, checked by size and digest.

mod archive;
mod artifact;
mod attach;
mod copy;
mod locate;
mod location;
mod pull;
mod push;
mod reference;
mod resolve;
mod version;
mod versions;

pub use crate::archive::{ChartArchive, ReadArchiveError};
pub use crate::artifact::{ArtifactContent, ChartArtifact, NotAChartError};
pub use crate::attach::{AttachError, AttachedFile, Attachment};
pub use crate::copy::{
    CopiedArtifact, Copier, CopyDestination, CopyError, CopyOptions, CopySide, CopySource, CopyTotals,
    TransferLimit, is_referrers_tag,
};
pub use crate::locate::{LocateError, LocatedArtifact, locate};
pub use crate::location::RepositoryLocation;
pub use crate::pull::{PullError, PulledFile, fetch_config, pull_archive, pull_provenance};
pub use crate::push::{ExistingTag, PushError, PushOptions, PushOutcome, TagState, push};
pub use crate::reference::{ChartReference, ParseChartReferenceError, PushTarget};
pub use crate::resolve::{ChartRequest, ResolveChartError, ResolvedChart, resolve};
pub use crate::version::{InvalidVersionError, TagChoice, VersionRequest, in_order_of_choice};
pub use crate::versions::{ListedTag, VersionFilter, sort_newest_first};
