//! The environment of a test run: the only module of this package that reads it.

/// A variable that is set and not empty.
#[expect(
    clippy::disallowed_methods,
    reason = "a live run is told by variables where its registry is; this is the one place"
)]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
