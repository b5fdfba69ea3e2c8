//! Integration tests of `skeg-registry`.
