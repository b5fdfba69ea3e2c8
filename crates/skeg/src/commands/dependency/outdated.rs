//! `skeg dependency outdated`.

use serde::Serialize;
use skeg_resolve::{Currency, DependencyRepository, Requirement};

use crate::args::{AccessArgs, OutputArgs};
use crate::context::Context;
use crate::dependencies::{self, ChartDirectory};
use crate::error::CommandError;
use crate::table::Table;

/// Find dependencies of which there are newer versions
///
/// CURRENT is the locked version, WANTED the highest one in the range of `Chart.yaml`, LATEST the highest stable one of
/// all. Dependencies for which all three are the same are not listed, unless with `--all`. Nothing is changed.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg dependency outdated CHART [flags]")]
pub(crate) struct OutdatedArgs {
    #[command(flatten)]
    chart: super::ChartArgs,

    /// List dependencies that are up to date, too
    #[arg(long)]
    all: bool,

    /// Exit with code 1 if something is listed that `skeg dependency update` would change
    #[arg(long)]
    fail_on_outdated: bool,

    #[command(flatten)]
    access: AccessArgs,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OutdatedReport {
    name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    alias: String,
    repository: String,
    range: String,
    current: Option<String>,
    wanted: Option<String>,
    latest: Option<String>,
}

impl OutdatedReport {
    fn new(requirement: &Requirement, currency: Currency) -> Self {
        let dependency = requirement.dependency();
        Self {
            name: dependency.name().to_owned(),
            alias: dependency.alias().to_owned(),
            repository: dependency.repository().to_owned(),
            range: dependency.version().to_owned(),
            current: currency.current,
            wanted: currency.wanted,
            latest: currency.latest,
        }
    }

    fn is_up_to_date(&self) -> bool {
        self.current == self.wanted && (self.latest.is_none() || self.latest == self.wanted)
    }
}

pub(crate) fn outdated(args: &OutdatedArgs, context: &Context) -> Result<(), CommandError> {
    let chart = ChartDirectory::read(&args.chart.chart, context)?;
    let mut reports: Vec<OutdatedReport> = dependencies::currency(&chart, &args.access, context)?
        .into_iter()
        .filter(|(requirement, _)| requirement.place().repository != DependencyRepository::Vendored)
        .map(|(requirement, currency)| OutdatedReport::new(&requirement, currency))
        .collect();
    let would_change = reports.iter().any(|report| report.current != report.wanted);
    reports.retain(|report| args.all || !report.is_up_to_date());
    if !args.output.output.print(&reports, context.printer())? {
        print_table(&reports, context)?;
    }
    if args.fail_on_outdated && would_change {
        return Err(CommandError::different());
    }
    Ok(())
}

fn print_table(reports: &[OutdatedReport], context: &Context) -> Result<(), CommandError> {
    if reports.is_empty() {
        context.printer().status("all dependencies are up to date");
        return Ok(());
    }
    let mut table = Table::new(["NAME", "CURRENT", "WANTED", "LATEST", "RANGE", "REPOSITORY"]);
    let shown = |version: &Option<String>| version.clone().unwrap_or_else(|| "-".to_owned());
    for report in reports {
        table.row([
            &report.name,
            &shown(&report.current),
            &shown(&report.wanted),
            &shown(&report.latest),
            &report.range,
            &report.repository,
        ]);
    }
    table.print(context)
}
