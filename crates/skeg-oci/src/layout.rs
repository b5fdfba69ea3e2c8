//! OCI image layouts: the names and documents of a directory that holds artifacts.
//!
//! Only the model: paths within the directory and the contents of its two documents. Reading, writing and locking
//! belong to the client.
//!
//! Spec: image-spec v1.1, "OCI Image Layout Specification".

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::{Annotations, Descriptor, Digest, ImageIndex, Tag, TagOrDigest};

/// The file that marks a directory as an image layout.
pub const MARKER_FILE: &str = "oci-layout";

/// The bytes of the marker file.
pub const MARKER_CONTENT: &str = r#"{"imageLayoutVersion":"1.0.0"}"#;

/// The file that lists the manifests of the layout.
pub const INDEX_FILE: &str = "index.json";

/// The directory of all content.
pub const BLOBS_DIRECTORY: &str = "blobs";

/// The path of a blob within the layout: `blobs/sha256/<hex>`.
pub fn blob_path(digest: &Digest) -> PathBuf {
    Path::new(BLOBS_DIRECTORY)
        .join(digest.algorithm().as_str())
        .join(digest.hex())
}

/// Finds the manifest that a tag names in the index of a layout.
pub fn find_tag<'index>(index: &'index ImageIndex, tag: &Tag) -> Option<&'index Descriptor> {
    index
        .manifests
        .iter()
        .find(|entry| entry.annotation(Annotations::REF_NAME) == Some(tag.as_str()))
}

/// Lists the tags in the index of a layout, in its order. Names that are no tags are left out.
pub fn tags(index: &ImageIndex) -> Vec<Tag> {
    let names = index
        .manifests
        .iter()
        .filter_map(|entry| entry.annotation(Annotations::REF_NAME));
    names.filter_map(|name| Tag::parse(name).ok()).collect()
}

/// Lets `tag` name the manifest of `descriptor`; an entry that had the tag or was the same untagged manifest goes.
pub fn set_tag(index: &mut ImageIndex, tag: &Tag, mut descriptor: Descriptor) {
    let is_replaced = |entry: &Descriptor| match entry.annotation(Annotations::REF_NAME) {
        Some(name) => name == tag.as_str(),
        None => entry.digest == descriptor.digest,
    };
    index.manifests.retain(|entry| !is_replaced(entry));
    descriptor
        .annotations
        .get_or_insert_default()
        .insert(Annotations::REF_NAME, tag.as_str());
    index.manifests.push(descriptor);
}

/// Adds a manifest that no tag names, unless the index has it already.
pub fn add_untagged(index: &mut ImageIndex, descriptor: Descriptor) {
    if index
        .manifests
        .iter()
        .all(|entry| entry.digest != descriptor.digest)
    {
        index.manifests.push(descriptor);
    }
}

/// Takes the entries without a tag out that `parent`, an index of its own, lists: they are reachable through that one.
pub fn unlist_children(index: &mut ImageIndex, parent: &ImageIndex) {
    let children: HashSet<&Digest> = parent.manifests.iter().map(|child| &child.digest).collect();
    index.manifests.retain(|entry| {
        entry.annotation(Annotations::REF_NAME).is_some() || !children.contains(&entry.digest)
    });
}

/// Takes a tag away, or a manifest with all its tags; tells whether it was there. A manifest whose last tag goes stays in
/// the index without one.
pub fn remove(index: &mut ImageIndex, target: &TagOrDigest) -> bool {
    let before = index.manifests.len();
    match target {
        TagOrDigest::Digest(digest) => index.manifests.retain(|entry| entry.digest != *digest),
        TagOrDigest::Tag(tag) => {
            let Some(mut named) = find_tag(index, tag).cloned() else {
                return false;
            };
            let is_named = |entry: &Descriptor| entry.annotation(Annotations::REF_NAME) == Some(tag.as_str());
            index.manifests.retain(|entry| !is_named(entry));
            if let Some(annotations) = &mut named.annotations {
                annotations.remove(Annotations::REF_NAME);
            }
            named.annotations = named.annotations.filter(|annotations| !annotations.is_empty());
            add_untagged(index, named);
            return true;
        }
    }
    index.manifests.len() < before
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MediaType;

    fn descriptor(content: &[u8]) -> Descriptor {
        Descriptor::of(MediaType::OCI_MANIFEST, content)
    }

    #[test]
    fn a_tag_moves_and_an_untagged_entry_gets_its_tag() {
        let mut index = ImageIndex::empty();
        let (one, two) = (Tag::parse("1.0.0").unwrap(), Tag::parse("2.0.0").unwrap());
        add_untagged(&mut index, descriptor(b"a"));
        add_untagged(&mut index, descriptor(b"a"));
        set_tag(&mut index, &one, descriptor(b"a"));
        set_tag(&mut index, &two, descriptor(b"a"));
        set_tag(&mut index, &one, descriptor(b"b"));
        assert_eq!(tags(&index), [two.clone(), one.clone()]);
        assert_eq!(find_tag(&index, &one).unwrap().digest, Digest::sha256_of(b"b"));
        assert_eq!(find_tag(&index, &two).unwrap().digest, Digest::sha256_of(b"a"));
        assert_eq!(index.manifests.len(), 2);
    }

    #[test]
    fn what_an_index_lists_needs_no_entry_of_its_own() {
        let mut index = ImageIndex::empty();
        for content in [b"a", b"b", b"c"] {
            add_untagged(&mut index, descriptor(content));
        }
        set_tag(&mut index, &Tag::parse("1.0.0").unwrap(), descriptor(b"b"));
        let parent = ImageIndex {
            manifests: vec![descriptor(b"a"), descriptor(b"b")],
            ..ImageIndex::empty()
        };
        unlist_children(&mut index, &parent);
        let left: Vec<_> = index.manifests.iter().map(|entry| &entry.digest).collect();
        assert_eq!(left, [&Digest::sha256_of(b"c"), &Digest::sha256_of(b"b")]);
    }

    #[test]
    fn tags_and_manifests_go() {
        let mut index = ImageIndex::empty();
        let (one, two) = (Tag::parse("1.0.0").unwrap(), Tag::parse("2.0.0").unwrap());
        set_tag(&mut index, &one, descriptor(b"a"));
        set_tag(&mut index, &two, descriptor(b"a"));
        assert!(remove(&mut index, &one.clone().into()) && !remove(&mut index, &one.into()));
        assert_eq!(tags(&index), std::slice::from_ref(&two));
        assert!(remove(&mut index, &two.into()));
        assert_eq!(index.manifests, [descriptor(b"a")]);
        let digest = TagOrDigest::Digest(Digest::sha256_of(b"a"));
        assert!(remove(&mut index, &digest) && !remove(&mut index, &digest));
    }

    #[test]
    fn blobs_lie_under_their_algorithm() {
        let path = blob_path(&Digest::sha256_of(b""));
        assert!(path.starts_with("blobs/sha256") && path.ends_with(Digest::sha256_of(b"").hex()));
    }
}
