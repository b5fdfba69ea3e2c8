//! Charts with dependencies, updated and built by helm and by skeg side by side: the same choice, lock file and `charts/`?
//!
//! [`Case`]s are made up by a seed ([`generate`]) or come from real charts ([`real`]), whose repositories are replaced by ones on
//! loopback ([`Universe`]) that have the charts and versions that are asked for, and some beside them. [`compare`] judges.

mod catalogue;
mod compare;
mod generate;
mod real;
mod universe;

pub use catalogue::Catalogue;
pub use compare::{Comparison, compare};
pub use generate::generate;
pub use real::real;
pub use universe::Universe;

/// A chart whose dependencies are to be resolved.
#[derive(Debug, Clone)]
pub struct Case {
    /// What it is called in the report.
    pub title: String,
    /// Paths below the working directory, and what is in them; the chart is in `chart/`.
    pub files: Vec<(String, Vec<u8>)>,
    /// The repositories that have names: the name, and the word for the repository in a [`Catalogue`].
    pub named: Vec<(String, String)>,
}

/// What stands in the files of a case where the address of the classic repositories is to be.
pub const CLASSIC: &str = "http://classic.invalid";

/// What stands in the files of a case where the host of the registry is to be.
pub const REGISTRY: &str = "registry.invalid";
