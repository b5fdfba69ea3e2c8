//! Integration tests of `skeg-go`.
