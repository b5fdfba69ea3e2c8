//! The OCI model: digests, references, descriptors, manifests and image layouts, without any IO.
