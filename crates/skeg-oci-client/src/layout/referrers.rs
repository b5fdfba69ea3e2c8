//! The manifests of a layout that have a certain subject.

use std::collections::HashSet;

use skeg_oci::{Descriptor, Digest, Manifest, RawManifest};

use crate::layout::LayoutError;
use crate::layout::directory::Directory;
use crate::manifest::sniff;
use crate::referrers::referrer;

/// How many manifests may lead to one.
const DEPTH: usize = 16;

/// Looks at every manifest that the layout's index lists, at what indexes among these list, and at an index of the tag
/// schema. One that is damaged or not there is passed over: it cannot be fetched either.
pub(super) fn find(directory: &Directory, subject: &Digest) -> Result<Vec<Descriptor>, LayoutError> {
    let Some(index) = directory.read_index()? else {
        return Ok(Vec::new());
    };
    let mut search = Search {
        directory,
        subject,
        seen: HashSet::new(),
        found: Vec::new(),
    };
    for entry in index.manifests {
        search.look_at(&entry.digest, 0);
    }
    Ok(search.found)
}

struct Search<'search> {
    directory: &'search Directory,
    subject: &'search Digest,
    seen: HashSet<Digest>,
    found: Vec<Descriptor>,
}

impl Search<'_> {
    fn look_at(&mut self, digest: &Digest, depth: usize) {
        if depth > DEPTH || !self.seen.insert(digest.clone()) {
            return;
        }
        let Some(manifest) = self.read(digest) else {
            return;
        };
        self.found.extend(referrer(&manifest, self.subject));
        if let Ok(Manifest::Index(index)) = manifest.parse() {
            for child in index.manifests {
                self.look_at(&child.digest, depth + 1);
            }
        }
    }

    fn read(&self, digest: &Digest) -> Option<RawManifest> {
        let bytes = self.directory.read_manifest_file(digest).ok()??;
        let manifest = RawManifest::new(sniff(&bytes)?, bytes);
        digest.matches(manifest.bytes()).then_some(manifest)
    }
}
