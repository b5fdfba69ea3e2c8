//! Integration tests of `skeg-sprig`.

mod crypto;
