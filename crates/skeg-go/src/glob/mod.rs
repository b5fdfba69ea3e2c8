//! The patterns of `gobwas/glob` 0.2.3 for paths with slashes: `*.yaml`, `**`, `?`, `[a-z]`, `[!ab]`, `{a,b}`.
//!
//! `*` and `?` stop at slashes, `**` and brackets do not. Matching takes time in proportion to the path.

mod error;
mod parse;

use regex_automata::Input;
use regex_automata::meta::{self, Regex};

use crate::regexp::Haystack;

pub use error::ParseGlobError;

/// Patterns may grow machines of this size.
const MAX_MACHINE_SIZE: usize = 64 << 20;

/// A compiled pattern.
#[derive(Debug)]
pub struct Glob(Regex);

impl Glob {
    /// Compiles a pattern.
    pub fn compile(pattern: &[u8]) -> Result<Self, ParseGlobError> {
        let hir = parse::parse(pattern)?;
        let config = meta::Config::new().nfa_size_limit(Some(MAX_MACHINE_SIZE));
        meta::Builder::new()
            .configure(config)
            .build_from_hir(&hir)
            .map(Self)
            .map_err(|_| ParseGlobError::TooLarge)
    }

    /// Whether all of the path has the form of the pattern.
    pub fn is_match(&self, path: &[u8]) -> bool {
        self.0.is_match(Input::new(Haystack::new(path).text()))
    }
}
