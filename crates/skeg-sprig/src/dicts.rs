//! Dictionaries: `dict`, `set`, `merge` and their kin.

use skeg_go::GoFunction;

/// The functions of this group.
pub(crate) const FUNCTIONS: &[GoFunction] = &[];
