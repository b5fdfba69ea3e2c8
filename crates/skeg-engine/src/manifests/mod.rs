//! Rendered files made into manifests and hooks, in the order of installation.

mod head;
mod hook;
mod kinds;
mod split;

pub use head::{ManifestError, ManifestHead};
pub use hook::Hook;
pub use kinds::compare_for_uninstall;
pub use split::split_manifests;
pub(crate) use split::trim;

use std::collections::BTreeMap;

use skeg_values::yaml;

use crate::context::is_partial;
use crate::log::Log;
use hook::Found;

/// A resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The path of the template that it comes from.
    pub name: String,
    /// The document.
    pub content: Vec<u8>,
    /// What Helm reads of it.
    pub head: ManifestHead,
}

/// A document that could not be read.
#[derive(Clone, Debug)]
pub(crate) struct Unreadable {
    pub(crate) file: String,
    pub(crate) document: Vec<u8>,
    pub(crate) error: ManifestError,
}

/// The documents of files: what is installed, and what is run as a hook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SortedManifests {
    /// The hooks.
    pub hooks: Vec<Hook>,
    /// The resources.
    pub manifests: Vec<Manifest>,
}

/// Splits all files into documents and sorts these by their kinds; equal ones stay in the order of the files.
pub(crate) fn sort_manifests(
    files: &BTreeMap<String, Vec<u8>>,
    log: &Log,
) -> Result<SortedManifests, Box<Unreadable>> {
    let mut sorted = SortedManifests::default();
    for (path, content) in files {
        if is_partial(path) {
            continue;
        }
        for document in split_manifests(content) {
            let head = yaml::head(document).map_err(|error| Unreadable {
                file: path.clone(),
                document: document.to_vec(),
                error: error.into(),
            })?;
            match Hook::find(path, document, &head) {
                Found::Hook(hook) => sorted.hooks.push(hook),
                Found::UnknownHook(types) => {
                    log.info("skipping unknown hooks", &[("hookTypes", &types)]);
                }
                Found::NoHook => sorted.manifests.push(Manifest {
                    name: path.clone(),
                    content: document.to_vec(),
                    head,
                }),
            }
        }
    }
    sorted
        .hooks
        .sort_by(|left, right| kinds::compare(&left.kind, &right.kind));
    sorted
        .manifests
        .sort_by(|left, right| kinds::compare(&left.head.kind, &right.head.kind));
    Ok(sorted)
}

/// Appends a document as `helm template` prints it.
pub fn write_manifest(out: &mut Vec<u8>, path: &str, content: &[u8]) {
    out.extend_from_slice(b"---\n# Source: ");
    out.extend_from_slice(path.as_bytes());
    out.push(b'\n');
    out.extend_from_slice(content);
    out.push(b'\n');
}
