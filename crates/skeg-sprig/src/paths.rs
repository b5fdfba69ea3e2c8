//! Paths with slashes, and with the system's separators.

use skeg_go::GoFunction;

/// The functions of this group.
pub(crate) const FUNCTIONS: &[GoFunction] = &[];
