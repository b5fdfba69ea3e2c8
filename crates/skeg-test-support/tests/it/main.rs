//! Integration tests of `skeg-test-support`.
