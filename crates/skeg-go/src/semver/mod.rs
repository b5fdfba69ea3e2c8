//! Semantic versions and constraints with the rules and the words of `Masterminds/semver` 3.5.0.
//!
//! These are Helm's rules for chart versions and dependency ranges. They differ from cargo's: versions may
//! be loose (`v1`, `1.2`), a bare `1.2` means `~1.2`, `||` joins alternatives, and a constraint without a
//! prerelease never accepts one.

mod constraint;
mod error;
mod version;

pub use constraint::VersionConstraint;
pub use error::{ParseConstraintError, ParseVersionError};
pub use version::Version;
