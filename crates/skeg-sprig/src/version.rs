//! Semantic versions.

use skeg_go::GoFunction;

/// The functions of this group.
pub(crate) const FUNCTIONS: &[GoFunction] = &[];
