//! Integration tests of the crate: charts on disk, and what is found in them.

mod places;
