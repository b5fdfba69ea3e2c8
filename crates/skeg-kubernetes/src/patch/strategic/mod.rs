//! Strategic merge patches of three objects: what the client side of `kubectl apply` and of Helm sends.
//!
//! Source: apimachinery 0.37.1, `util/strategicpatch`, `CreateThreeWayMergePatch` with `overwrite`. What changes is the
//! difference from the live object to the manifest, without deletions; what is deleted is the difference from the old
//! manifest to the new. Both are patches, merged into one. Applying patches is the server's.

mod diff;
mod lists;
mod merge;
mod scalar;

use serde_json::{Map, Value};

use crate::patch::PatchError;
use crate::patch::schema::Node;

use diff::{Wanted, diff_maps};

/// In a map: delete, replace or merge it.
const PATCH: &str = "$patch";
/// In a map: all members that stay.
const RETAIN_KEYS: &str = "$retainKeys";
/// Beside a list of scalars: what goes.
const DELETE_FROM: &str = "$deleteFromPrimitiveList";
/// Beside a list: which order it gets.
const SET_ORDER: &str = "$setElementOrder";

type Object = Map<String, Value>;

/// The patch that takes `current`, the live object, to what `modified` wants, where `original` is what was wanted before.
pub(super) fn three_way(
    original: &Object,
    modified: &Object,
    current: &Object,
    root: Node,
) -> Result<Object, PatchError> {
    let changes = diff_maps(current, modified, root, Wanted::Changes, false)?;
    let deletions = diff_maps(original, modified, root, Wanted::Deletions, false)?;
    merge::merge_maps(deletions, changes, root)
}

#[cfg(test)]
mod tests;
