//! The HTTP-level cases that a client must pass to be trusted, by the numbers of `docs/reference/reliability.md`.
//!
//! `cargo xtask reliability` runs the tests whose names begin with `case_` or `advisory_`, and fails when a case has none.

mod advisories;
mod authentication;
mod connections;
mod listing;
mod pacing;
mod pull_faults;
mod push_faults;
mod redaction;
mod redirects;
mod resume;
