//! Helm and skeg on the same releases: what each leaves behind is what the other would have left behind.
//!
//! A [`Sequence`] of [`Step`]s is made up by a seed ([`generate`]). It is run in one namespace by helm alone, and in another by both,
//! as drawn ([`Matrix::judge`]). After each step the answers, the stored revisions and the objects on the server are compared
//! between the two namespaces, and in the second what both programs tell about the release. [`shrink`] looks for the shortest
//! sequence that still differs. Not here: the cluster, which `cargo xtask matrix` starts.

mod answers;
mod compare;
mod edit;
mod generate;
mod mask;
mod run;
mod server;
mod shrink;
mod step;
mod workloads;

pub use edit::Edit;
pub use generate::generate;
pub use run::{Counts, Difference, Matrix};
pub use shrink::shrink;
pub use step::{Action, Actor, Sequence, Step};
pub use workloads::Workloads;

/// The name of the release in every sequence.
pub const RELEASE: &str = "r";
