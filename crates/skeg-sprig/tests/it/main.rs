//! Integration tests of `skeg-sprig`.
