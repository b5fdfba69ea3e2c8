//! Checks charts with the rules and the words of `helm lint`, and says where.
//!
//! Here: the rules ([`Rule`]) and what they find ([`Finding`]), for a chart in a directory ([`lint_directory`]) or in
//! an archive ([`lint_archive`]). Not here: printing of reports, and charts in registries.
//!
//! ```
//! use skeg_chart::Limits;
//! use skeg_engine::Surroundings;
//! use skeg_go::GoMap;
//! use skeg_lint::{LintOptions, Rule, lint_directory};
//!
//! let options = LintOptions {
//!     namespace: "default".to_owned(),
//!     values: GoMap::new(),
//!     kube_version: None,
//!     skip_schema_validation: false,
//!     schema_source: None,
//!     limits: Limits::default(),
//!     surroundings: Surroundings {
//!         now: || 0,
//!         time_zone: None,
//!         fill_random: |_| {},
//!         host_addresses: |_| Vec::new(),
//!     },
//! };
//! let directory = tempfile::tempdir()?;
//! std::fs::write(directory.path().join("Chart.yaml"), "apiVersion: v2\nname: demo\nversion: 1.0\n")?;
//! let findings = lint_directory(directory.path(), &options)?.list;
//! assert_eq!(findings[0].rule, Rule::ChartVersion);
//! assert_eq!(findings[0].position.map(|position| position.line), Some(3));
//! assert_eq!(
//!     findings[0].to_string(),
//!     "[ERROR] Chart.yaml: version should be of type string but it's of type float64"
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Invariant: the rules look at files and report; nothing is changed, and no rule depends on what another has found.

mod address;
mod finding;
mod linter;
mod place;
mod resource;
mod rule;
mod rules;

pub use finding::{Finding, Position, Severity};
pub use linter::{Findings, LintError, LintOptions, lint_archive, lint_directory};
pub use rule::Rule;
