//! `skeg show`: looking at a chart in a registry, in an archive or in a directory.

mod contents;

use clap::Subcommand;
use serde_json::value::RawValue;
use skeg_chart::{Chart, LoadOptions, Metadata, Selection};
use skeg_values::jsonpath::JsonPath;
use skeg_values::{Value, yaml};

use self::contents::{show_all, show_crds, show_readme, show_values};
use crate::args::{ChartSelectionArgs, OutputArgs, OutputFormat, RepositoryArgs, ValuesArgs};
use crate::chart_location::ChartLocation;
use crate::chart_source::{FetchOptions, fetch_chart};
use crate::classic;
use crate::context::Context;
use crate::error::CommandError;
use crate::values_source;

/// Show what is in a chart
///
/// A chart is `oci://HOST/PATH/NAME`, `oci-layout://DIR/NAME`, `REPOSITORY/NAME` or `https://…` in a classic repository, an archive,
/// or a directory.
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct ShowArgs {
    #[command(subcommand)]
    command: ShowCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ShowCommand {
    /// Show Chart.yaml, the values, the README and the resource definitions
    #[command(override_usage = "skeg show all [CHART] [flags]")]
    All(TargetArgs),
    /// Show Chart.yaml; of a chart in a registry only its config is read
    #[command(override_usage = "skeg show chart [CHART] [flags]")]
    Chart(ShowChartArgs),
    /// Show the custom resource definitions
    #[command(override_usage = "skeg show crds [CHART] [flags]")]
    Crds(TargetArgs),
    /// Show the README
    #[command(override_usage = "skeg show readme [CHART] [flags]")]
    Readme(TargetArgs),
    /// Show the values, those of `-f` and `--set` laid over them
    #[command(override_usage = "skeg show values [CHART] [flags]")]
    Values(ShowValuesArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct TargetArgs {
    /// The chart
    #[arg(value_name = "CHART")]
    chart: String,

    #[command(flatten)]
    repository: RepositoryArgs,

    #[command(flatten)]
    selection: ChartSelectionArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ShowChartArgs {
    #[command(flatten)]
    target: TargetArgs,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ShowValuesArgs {
    #[command(flatten)]
    target: TargetArgs,

    /// Print what this JSONPath template selects, such as `{.image.tag}`
    #[arg(long, value_name = "TEMPLATE")]
    jsonpath: Option<String>,

    #[command(flatten)]
    values: ValuesArgs,
}

/// Helm 4.3.1: the content on standard output; for a chart in a registry `Pulled:` and `Digest:` on standard error.
pub(crate) fn show(args: ShowArgs, context: &Context) -> Result<(), CommandError> {
    run(args.command, context)
}

/// As [`show`]; Helm's `inspect` is the same command.
pub(crate) fn run(command: ShowCommand, context: &Context) -> Result<(), CommandError> {
    let output = match command {
        ShowCommand::All(args) => show_all(&load(&args, context)?),
        ShowCommand::Chart(args) => return show_chart(&args, context),
        ShowCommand::Crds(args) => show_crds(&load(&args, context)?),
        ShowCommand::Readme(args) => show_readme(&load(&args, context)?),
        ShowCommand::Values(args) => {
            let template = args.jsonpath.as_deref().map(parse_template).transpose()?;
            let chart = load(&args.target, context)?;
            let merged = (!args.values.is_empty())
                .then(|| merge_values(&chart, &args, context))
                .transpose()?;
            match (template, merged) {
                (Some(template), merged) => {
                    let values = merged.as_deref().map(decode_values).transpose()?;
                    select_values(values.as_ref().or(chart.values()), &template, context).into_bytes()
                }
                (None, Some(merged)) => merged,
                (None, None) => show_values(&chart),
            }
        }
    };
    Ok(context.printer().data(output)?)
}

fn show_chart(args: &ShowChartArgs, context: &Context) -> Result<(), CommandError> {
    let target = args.target.find(context)?;
    let metadata = match target {
        ChartLocation::Reference(reference) => {
            contents::fetch_metadata(&reference, &args.target.selection, context)?
        }
        ChartLocation::Path(path) => contents::load_path(&path, context)?.metadata().clone(),
        ChartLocation::Classic(_) => load(&args.target, context)?.metadata().clone(),
    };
    print_metadata(&metadata, args.output.output, context)
}

/// Helm 4.3.1: `Chart.yaml` as `sigs.k8s.io/yaml` prints it, and an empty line.
fn print_metadata(metadata: &Metadata, format: OutputFormat, context: &Context) -> Result<(), CommandError> {
    if format == OutputFormat::Table {
        return Ok(context.printer().line(metadata.to_yaml())?);
    }
    let json = RawValue::from_string(metadata.to_config_json()).map_err(CommandError::internal)?;
    format.print(&json, context.printer()).map(drop)
}

fn load(args: &TargetArgs, context: &Context) -> Result<Chart, CommandError> {
    match args.find(context)? {
        ChartLocation::Reference(reference) => {
            let fetched = fetch_chart(&reference, &args.selection, fetch_options(context)?, context)?;
            Ok(fetched.chart)
        }
        ChartLocation::Classic(chart) => {
            let fetched = classic::fetch_chart(&chart, &args.selection, fetch_options(context)?, context)?;
            Ok(fetched.chart)
        }
        ChartLocation::Path(path) => contents::load_path(&path, context),
    }
}

impl TargetArgs {
    fn find(&self, context: &Context) -> Result<ChartLocation, CommandError> {
        ChartLocation::find(&self.chart, &self.repository, context)
    }
}

fn parse_template(template: &str) -> Result<JsonPath, CommandError> {
    JsonPath::parse(template).map_err(|error| {
        CommandError::user(PrintJsonPathError::Parse {
            template: template.to_owned(),
            source: error,
        })
    })
}

/// Helm 4.3.1: a template that fits no value prints nothing and succeeds; here a warning says why.
fn select_values(values: Option<&Value>, template: &JsonPath, context: &Context) -> String {
    let selected = values.map(|values| template.evaluate(values));
    match selected {
        None => String::new(),
        Some(Ok(text)) => text,
        Some(Err(error)) => {
            context.printer().warning(&error.to_string());
            String::new()
        }
    }
}

/// The values of the chart with those of the command line over them, as YAML.
fn merge_values(chart: &Chart, args: &ShowValuesArgs, context: &Context) -> Result<Vec<u8>, CommandError> {
    let own =
        skeg_values::decode_values(chart.values_yaml().unwrap_or_default()).map_err(CommandError::user)?;
    let location = args.target.find(context)?;
    let access = &args.target.selection.access;
    let given = values_source::merge(&args.values, access, location.host(), context)?;
    let merged = skeg_values::merge_maps(&own, &given);
    yaml::encode_go(&merged.into()).map_err(CommandError::internal)
}

fn decode_values(yaml: &[u8]) -> Result<Value, CommandError> {
    yaml::decode(yaml).map_err(CommandError::internal)
}

/// Helm 4.3.1: the words around a JSONPath template that cannot be parsed.
#[derive(Debug, thiserror::Error)]
enum PrintJsonPathError {
    #[error("error parsing jsonpath {template}")]
    Parse {
        template: String,
        #[source]
        source: skeg_values::jsonpath::ParseJsonPathError,
    },
}

/// `show` keeps only what it prints, so that memory does not grow with the chart.
fn fetch_options(context: &Context) -> Result<FetchOptions, CommandError> {
    Ok(FetchOptions {
        load: load_options(context)?,
        ..FetchOptions::default()
    })
}

fn load_options(context: &Context) -> Result<LoadOptions, CommandError> {
    Ok(LoadOptions {
        selection: Selection::Documents,
        limits: context.limits_for_reading()?,
    })
}
