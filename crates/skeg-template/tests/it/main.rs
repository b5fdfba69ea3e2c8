//! Integration tests of `skeg-template`.
