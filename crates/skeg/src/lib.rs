//! The command line of skeg, as a library: the program is [`run`] on the process's arguments, environment and streams.
//!
//! One file per command under `commands`, each an argument struct whose doc comment is the help text and a function
//! that turns arguments into calls of the library crates. Environment variables are read in `env`, output is written
//! through `printer`, errors become lines, hints and exit codes in `error` and `diagnostics`.
//!
//! ```
//! use skeg::{Environment, Printer};
//!
//! let printer = Printer::to_streams(std::io::sink(), std::io::sink());
//! let code = skeg::run(vec!["skeg".into(), "version".into()], Environment::default(), printer);
//! assert_eq!(format!("{code:?}"), format!("{:?}", std::process::ExitCode::SUCCESS));
//! ```
//!
//! Invariant: standard output carries data and Helm's own lines only; whatever else is said goes to standard error.

mod access;
mod args;
mod chart_details;
mod chart_location;
mod chart_source;
mod classic;
mod commands;
mod completion;
mod confirm;
mod context;
mod copying;
mod credentials;
mod dependencies;
mod diagnostics;
mod env;
mod error;
mod kubeconfig;
mod logging;
mod paths;
mod printer;
mod progress;
mod registries;
mod releases;
mod remote;
mod rendering;
mod run;
mod scratch;
mod surroundings;
mod table;
mod usage;
mod values_source;
mod work;

pub use crate::commands::command;
pub use crate::env::{Environment, EnvironmentVariable, environment_variables};
pub use crate::printer::{Printer, WriteOutputError};
pub use crate::run::run;
