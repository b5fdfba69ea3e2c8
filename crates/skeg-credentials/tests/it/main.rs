//! Integration tests of `skeg-credentials`.
