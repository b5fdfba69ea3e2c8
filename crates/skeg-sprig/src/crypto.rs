//! Hashes, keys, certificates and random text.

use skeg_template::Function;

use crate::Surroundings;

/// The functions of this group.
pub(crate) fn functions(_surroundings: &Surroundings) -> Vec<Function> {
    Vec::new()
}
