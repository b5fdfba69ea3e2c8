//! Integration tests of `skeg-engine`.
