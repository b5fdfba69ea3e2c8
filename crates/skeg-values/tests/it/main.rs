//! Integration tests of `skeg-values`.
