//! Helm charts in OCI registries, the whole way.
