//! What the scenarios over several crates and real peers have in common.
//!
//! Here: running a program in an environment of its own ([`Sandbox`]), the registry a live run
//! was given ([`LiveRegistry`]) or the cluster ([`LiveCluster`]), the charts of `tests/data` the cases recorded from helm ([`oracle`]),
//! comparing with the Go libraries on made-up input ([`fuzz`]), and with helm on charts with dependencies ([`graphs`]) and on releases ([`matrix`]). Not here:
//! the scenarios, which are the test binaries of this package, and the fake registry, which is `skeg-test-support`.
//!
//! Start from [`Sandbox`]:
//!
//! ```no_run
//! use skeg_tests::Program;
//! use skeg_tests::Sandbox;
//!
//! let sandbox = Sandbox::new();
//! let helm = Program::peer("helm").expect("because the run has helm");
//! sandbox.run(&helm, ["version", "--short"]).success();
//! ```
//!
//! Nothing of the caller's environment but `PATH` reaches a program in a sandbox, and every
//! failed expectation shows what was run and all that it printed.

mod charts;
mod cluster;
mod environment;
mod live;
mod outcome;
mod program;
mod running;
mod sandbox;

pub mod fuzz;
pub mod graphs;
pub mod matrix;
pub mod oracle;

pub use charts::assert_modules_declared;
pub use charts::chart;
pub use charts::chart_names;
pub use charts::data_directory;
pub use cluster::LiveCluster;
pub use environment::variable;
pub use live::Authentication;
pub use live::LiveRegistry;
pub use outcome::Outcome;
pub use program::Program;
pub use running::RunningProgram;
pub use sandbox::Sandbox;
