//! A client for OCI registries and image layouts, for any kind of artifact.
