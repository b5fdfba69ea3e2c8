//! The flags of `lint`.

use clap::ValueEnum;

use crate::args::ValuesArgs;

/// Check charts for mistakes
///
/// The checks, their order and their words are those of `helm lint`. An error means that the chart will fail, a
/// warning that it goes against a convention. A chart is a directory or an archive.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(override_usage = "skeg lint PATH [flags]")]
pub(crate) struct LintArgs {
    /// The charts
    #[arg(value_name = "PATH", required = true)]
    pub(super) paths: Vec<String>,

    #[command(flatten)]
    pub(super) values: ValuesArgs,

    /// Check for this version of Kubernetes
    #[arg(long, value_name = "VERSION", allow_hyphen_values = true)]
    pub(super) kube_version: Option<String>,

    /// Do not hold the values against the schema of the chart
    #[arg(long)]
    pub(super) skip_schema_validation: bool,

    /// Fail on warnings too
    #[arg(long)]
    pub(super) strict: bool,

    /// Print only warnings and errors
    #[arg(long)]
    pub(super) quiet: bool,

    /// Check the charts in `charts/` too
    #[arg(long)]
    pub(super) with_subcharts: bool,

    /// Print the findings in this format; `sarif` is for code review tools
    #[arg(long, short, value_name = "FORMAT", value_enum, default_value_t)]
    pub(super) output: LintFormat,
}

/// A format of findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum LintFormat {
    /// Lines for people, as Helm prints them.
    #[default]
    Table,
    /// One JSON document.
    Json,
    /// One YAML document.
    Yaml,
    /// One document of SARIF 2.1.0.
    Sarif,
}
