//! The choice of an output format.

use serde::Serialize;

use crate::error::CommandError;
use crate::printer::Printer;

/// The choice of an output format.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct OutputArgs {
    /// Print the result in this format
    #[arg(long, short, value_name = "FORMAT", value_enum, default_value_t)]
    pub(crate) output: OutputFormat,
}

/// A format of results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum OutputFormat {
    /// Lines for people, as Helm prints them.
    #[default]
    Table,
    /// One JSON document.
    Json,
    /// One YAML document.
    Yaml,
}

impl OutputFormat {
    /// Prints `report` as data on standard output; `false` if the lines for people are wanted instead.
    pub(crate) fn print(self, report: &impl Serialize, printer: &Printer) -> Result<bool, CommandError> {
        let json = || serde_json::to_value(report).map_err(CommandError::internal);
        match self {
            Self::Table => return Ok(false),
            Self::Json => {
                printer.line(serde_json::to_string_pretty(&json()?).map_err(CommandError::internal)?)?;
            }
            Self::Yaml => printer.data(yaml(json()?))?,
        }
        Ok(true)
    }

    /// Prints the reports of a command on `asked` things: the report itself if one thing was asked for (nothing if that
    /// failed), else the list of those that succeeded.
    pub(crate) fn print_all<R: Serialize>(
        self,
        asked: usize,
        reports: &[R],
        printer: &Printer,
    ) -> Result<bool, CommandError> {
        match (asked, reports) {
            (1, []) => Ok(self != Self::Table),
            (1, [report]) => self.print(report, printer),
            _ => self.print(&reports, printer),
        }
    }
}

fn yaml(json: serde_json::Value) -> String {
    skeg_values::yaml::encode(&json.into())
}
