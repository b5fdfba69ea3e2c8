//! From classic chart repositories to registries.
//!
//! A [`Selection`] says what of an index is taken, [`plan`] where it goes, [`Migration`] takes one version after the other there; [`rewrite`] changes
//! the addresses in `Chart.yaml`. Not here: how much is done at the same time, whatever a person sees, logins.
//!
//! ```
//! use skeg_migrate::{Selection, plan};
//! use skeg_registry::PushTarget;
//! use skeg_repository::Index;
//!
//! let index = Index::parse(
//!     b"apiVersion: v1\nentries:\n  web:\n  - {name: web, version: 1.0.0+b, urls: [web-1.0.0.tgz]}\n  db:\n  - {name: db, version: 1.0.0}\n",
//! )?;
//! let selection = Selection::everything().include("w*")?;
//! let plan = plan(&index, &selection, &PushTarget::parse("oci://registry.example/charts")?);
//! assert_eq!(plan.versions[0].reference().to_string(), "oci://registry.example/charts/web:1.0.0_b");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//! Invariants: nothing is pushed whose digest is not that of the index, or whose `Chart.yaml` says something else than the index;
//! what is pushed is what `push` makes of the same archive; a tag that names something else is not moved unasked.

mod migrate;
mod plan;
mod rewrite;
mod selection;

pub use crate::migrate::{MigrateError, MigrateOptions, Migrated, Migration};
pub use crate::plan::{Obstacle, Plan, PlannedVersion, SkippedVersion, plan};
pub use crate::rewrite::{OldRepository, Replacement, RewriteError, Rewritten, rewrite};
pub use crate::selection::{ParsePatternError, Selection};
