//! Integration tests of `skeg`.
