//! Tests of the YAML side.
