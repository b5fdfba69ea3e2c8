//! Cases recorded from helm: what was run, and what helm did.
//!
//! A case is a directory of `tests/data/oracle`: the file `cmd` says what is run (see [`Case`]),
//! and `stdout`, `stderr`, `status` and `files` are what came of it, written by
//! `cargo xtask oracle record`. `VERSION` beside the cases is the helm that was asked. What skeg
//! does otherwise on purpose is in `DIFFERENCES.md` (see [`Differences`]).

mod case;
mod classic;
mod differences;
mod normalise;
mod record;

pub use case::Case;
pub use differences::Difference;
pub use differences::Differences;
pub use record::Record;
pub use record::STREAMS;
pub use record::run_case;
