//! `skeg diff`.

mod colour;
mod compare;
mod files;
mod release;
mod rendered;

use serde::Serialize;
use skeg_chart::Chart;

use self::colour::Colours;
use self::compare::{FileDiff, compare, stat};
use crate::args::{
    AccessArgs, ChartSelectionArgs, OutputArgs, OutputFormat, RepositoryArgs, ValuesArgs, split_list,
};
use crate::chart_location::ChartLocation;
use crate::context::Context;
use crate::copying::named_host;
use crate::error::CommandError;
use crate::releases::ReuseArgs;
use crate::rendering;

/// Show how two charts differ, or what an upgrade of a release would change
///
/// `skeg diff RELEASE CHART` renders the chart as `upgrade` would, and shows what would change on the cluster, field by field: from what is
/// there now, whoever wrote it. Values of Secrets are not shown. `skeg diff CHART CHART` compares two charts: metadata, values, templates,
/// or with `--rendered` what they render to.
///
/// A chart is a directory, an archive, `oci://HOST/PATH/NAME[:TAG]` or `oci-layout://DIR/NAME[:TAG]`. The differences are those
/// of `diff -u`. With `--rendered`, both charts are rendered with the same values and their manifests compared. The exit code
/// is 0 unless something fails; with `--exit-code`, it is 1 where there are differences.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg diff [chart | release] [chart] [flags]")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct DiffArgs {
    /// The old chart, or a release
    #[arg(value_name = "FROM")]
    chart: String,

    /// The new chart
    #[arg(value_name = "TO")]
    remote: String,

    /// Compare what the charts render to
    #[arg(long, short)]
    rendered: bool,

    /// Exit with 1 if there are differences
    #[arg(long)]
    exit_code: bool,

    /// Show how much has changed in each file instead of what
    #[arg(long)]
    stat: bool,

    /// Show so many lines around each change
    #[arg(long, short = 'U', value_name = "LINES", default_value = "3")]
    unified: usize,

    #[command(flatten)]
    values: ValuesArgs,

    #[command(flatten)]
    reuse: ReuseArgs,

    /// Render for this version of Kubernetes
    #[arg(long, value_name = "VERSION", allow_hyphen_values = true)]
    kube_version: Option<String>,

    /// Render for a cluster that has these API versions as well
    #[arg(long, value_name = "VERSIONS", allow_hyphen_values = true, value_parser = split_list)]
    api_versions: Vec<Vec<String>>,

    /// Render the resource definitions in `crds/` too
    #[arg(long)]
    include_crds: bool,

    /// The name of the release to render
    #[arg(long = "name", value_name = "NAME", default_value = "release-name")]
    release: String,

    #[command(flatten)]
    selection: DiffSelection,

    #[command(flatten)]
    output: OutputArgs,
}

/// How the charts are found.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct DiffSelection {
    /// Take pre-releases too where a reference has no tag
    #[arg(long)]
    devel: bool,

    #[command(flatten)]
    access: AccessArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DiffReport<'diff> {
    from: ChartReport<'diff>,
    to: ChartReport<'diff>,
    equal: bool,
    additions: usize,
    deletions: usize,
    files: &'diff [FileDiff],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChartReport<'diff> {
    #[serde(rename = "ref")]
    reference: &'diff str,
    name: &'diff str,
    version: &'diff str,
    app_version: &'diff str,
}

pub(crate) fn diff(args: &DiffArgs, context: &Context) -> Result<(), CommandError> {
    if release::is_release(&args.chart) {
        return release::diff(args, context);
    }
    if !args.rendered && !args.values.is_empty() {
        let error = CommandError::user("values make no difference to the files of a chart");
        return Err(error.hint("give `--rendered` to compare what the charts render to"));
    }
    let repository = RepositoryArgs::default();
    let [from, to] = [&args.chart, &args.remote].map(|text| ChartLocation::find(text, &repository, context));

    let (from, to) = (from?, to?);
    let references = [&from, &to].into_iter().filter_map(|location| match location {
        ChartLocation::Reference(reference) => Some(reference.location()),
        ChartLocation::Path(_) | ChartLocation::Classic(_) => None,
    });
    let host = named_host(references, &args.selection.access)?;
    let selection = ChartSelectionArgs {
        version: None,
        devel: args.selection.devel,
        access: args.selection.access.clone(),
    };
    let old = rendering::load(from, &selection, context)?;
    let new = rendering::load(to, &selection, context)?;
    let [old_files, new_files] = if args.rendered {
        let charts = [(args.chart.as_str(), &old), (args.remote.as_str(), &new)];
        rendered::of_charts(charts, args, host.as_ref(), context)?
    } else {
        [&old, &new].map(files::of_chart)
    };
    let diffs = compare(&old_files, &new_files, args.unified);
    print([&old, &new], &diffs, args, context)?;
    if args.exit_code && !diffs.is_empty() {
        return Err(CommandError::different());
    }
    Ok(())
}

fn print(
    charts: [&Chart; 2],
    diffs: &[FileDiff],
    args: &DiffArgs,
    context: &Context,
) -> Result<(), CommandError> {
    let printer = context.printer();
    let additions = diffs.iter().map(|diff| diff.additions).sum();
    let deletions = diffs.iter().map(|diff| diff.deletions).sum();
    if args.output.output != OutputFormat::Table {
        let report = DiffReport {
            from: ChartReport::new(&args.chart, charts[0]),
            to: ChartReport::new(&args.remote, charts[1]),
            equal: diffs.is_empty(),
            additions,
            deletions,
            files: diffs,
        };
        args.output.output.print(&report, printer)?;
        return Ok(());
    }
    let colours = Colours::new(printer.colours_data());
    if !args.stat {
        let text: String = diffs.iter().map(|diff| colours.of_diff(&text(diff))).collect();
        return Ok(printer.data(text)?);
    }
    let files = diffs.len();
    printer.data(stat(diffs, colours))?;
    Ok(printer.line(format!(
        " {files} {}, {additions} additions, {deletions} deletions",
        if files == 1 { "file" } else { "files" }
    ))?)
}

/// An empty file that comes or goes has no lines to show.
fn text(diff: &FileDiff) -> String {
    if !diff.diff.is_empty() {
        return diff.diff.clone();
    }
    match diff.status {
        "added" => format!("--- /dev/null\n+++ b/{}\n", diff.path),
        _ => format!("--- a/{}\n+++ /dev/null\n", diff.path),
    }
}

impl<'diff> ChartReport<'diff> {
    fn new(reference: &'diff str, chart: &'diff Chart) -> Self {
        let metadata = chart.metadata();
        Self {
            reference,
            name: metadata.name(),
            version: metadata.version(),
            app_version: metadata.app_version(),
        }
    }
}
