//! `skeg get values`.

use skeg_values::{Value, json, yaml};

use super::RevisionArgs;
use crate::args::{OutputArgs, OutputFormat};
use crate::context::Context;
use crate::error::CommandError;
use crate::releases::computed_values;

/// Show the values of a release
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg get values RELEASE_NAME [flags]")]
pub(crate) struct ValuesArgs {
    #[command(flatten)]
    revision: RevisionArgs,

    /// Show the default values of the chart too
    #[arg(long, short)]
    all: bool,

    #[command(flatten)]
    output: OutputArgs,
}

/// Helm 4.3.1: YAML under a heading; `null` if the user set none.
pub(super) fn values(args: &ValuesArgs, context: &Context) -> Result<(), CommandError> {
    let release = args.revision.read(context)?;
    let (heading, values) = if args.all {
        ("COMPUTED VALUES:", computed_values(&release, context))
    } else {
        let config = release.config.map_or(Value::Null, Value::from);
        ("USER-SUPPLIED VALUES:", config)
    };
    let printer = context.printer();
    match args.output.output {
        OutputFormat::Json => printer.line(json::to_string(&values))?,
        OutputFormat::Yaml => printer.data(yaml::encode(&values))?,
        OutputFormat::Table => {
            printer.line(heading)?;
            printer.data(yaml::encode(&values))?;
        }
    }
    Ok(())
}
