//! Integration tests of `skeg-lint`.
