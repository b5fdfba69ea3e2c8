//! The manifests of a layout that have a certain subject.

use skeg_oci::{Descriptor, Digest, Manifest, RawManifest, TagOrDigest};

use crate::layout::LayoutError;
use crate::layout::directory::Directory;
use crate::manifest::sniff;
use crate::referrers::{referrer, referrers_tag};

/// Looks at every manifest that the layout's index lists, and at those of an index of the tag schema. One that is damaged
/// or not there is passed over: it cannot be fetched either.
pub(super) fn find(directory: &Directory, subject: &Digest) -> Result<Vec<Descriptor>, LayoutError> {
    let Some(index) = directory.read_index()? else {
        return Ok(Vec::new());
    };
    let listed = index.manifests.into_iter().map(|entry| entry.digest);
    let tag = TagOrDigest::Tag(referrers_tag(subject));
    let by_tag = directory.read_manifest(&tag).ok().flatten();
    let candidates = listed.chain(by_tag.iter().flat_map(children));
    let found = candidates.filter_map(|digest| {
        let bytes = directory.read_manifest_file(&digest).ok()??;
        let manifest = RawManifest::new(sniff(&bytes)?, bytes);
        referrer(&manifest, subject).filter(|_| digest.matches(manifest.bytes()))
    });
    Ok(found.collect())
}

fn children(manifest: &RawManifest) -> Vec<Digest> {
    match manifest.parse() {
        Ok(Manifest::Index(index)) => index.manifests.into_iter().map(|entry| entry.digest).collect(),
        _ => Vec::new(),
    }
}
