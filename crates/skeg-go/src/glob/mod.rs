//! The patterns of `gobwas/glob` 0.2.3 for paths with slashes: `*.yaml`, `**`, `?`, `[a-z]`, `[!ab]`, `{a,b}`.
//!
//! `*` and `?` stop at slashes, `**` and brackets do not; beyond that see the notes on what is odd about them.
//! Time is bounded by the square of the path's length for each part of the pattern.

mod build;
mod error;
mod matcher;
mod parse;

use matcher::{Matcher, Run};

pub use error::ParseGlobError;

/// A compiled pattern.
#[derive(Clone, Debug)]
pub struct Glob(Matcher);

impl Glob {
    /// Compiles a pattern.
    pub fn compile(pattern: &[u8]) -> Result<Self, ParseGlobError> {
        let nodes = parse::parse(pattern)?;
        Ok(Self(build::sequence(&nodes)))
    }

    /// Whether all of the path has the form of the pattern.
    pub fn is_match(&self, path: &[u8]) -> bool {
        self.0.matches(&Run::new(path), 0..path.len())
    }
}
