//! Integration tests of `skeg-chart`.
