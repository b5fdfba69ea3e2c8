//! Integration tests of `skeg-oci`.
