//! Integration tests of `skeg-oci-client`.
