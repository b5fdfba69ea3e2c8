//! Unit tests of the ignore rules.
