//! Integration tests of `skeg-libyaml`.
