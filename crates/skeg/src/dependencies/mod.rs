//! The dependencies of a chart's directory: what `dependency update`, `dependency build` and `--dependency-update` do.
//!
//! What is chosen is the business of `skeg-resolve`; here are the directory, the registries, the classic repositories and `charts/`.

mod build;
mod classic;
mod currency;
mod directory;
mod error;
mod report;
mod run;
mod source;
mod swap;
mod update;
mod vendor;

pub(crate) use self::build::BuildOptions;
pub(crate) use self::currency::currency;
pub(crate) use self::directory::{ChartDirectory, clean_path};
pub(crate) use self::report::{DependencyReport, print_lines, print_pulled};
pub(crate) use self::run::{RunOptions, build, update};
pub(crate) use self::source::base;
pub(crate) use self::update::UpdateOptions;

/// How many charts are looked at or fetched at the same time.
pub(crate) const SIDE_BY_SIDE: usize = 32;
