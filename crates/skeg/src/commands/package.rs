//! `skeg package`.

use std::path::{Path, PathBuf};

use serde::Serialize;
use skeg_chart::{ChartPackage, ChartVersion, PackageOptions};

use crate::args::{AccessArgs, OutputArgs, OutputFormat};
use crate::chart_source::print_followed;
use crate::context::Context;
use crate::dependencies::{self, RunOptions, UpdateOptions, print_pulled};
use crate::env::EnvironmentVariable;
use crate::error::CommandError;
use crate::paths::clean;
use crate::scratch::scratch;
use crate::work::{block_on, blocking};

/// Package chart directories into archives
///
/// The same chart always gives the same archive. All entries have the time of the newest file of the chart, or that of
/// `SOURCE_DATE_EPOCH`.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg package [CHART_PATH] [...] [flags]")]
pub(crate) struct PackageArgs {
    /// The charts' directories
    #[arg(value_name = "CHART_PATH")]
    paths: Vec<PathBuf>,

    /// Write the archives into this directory, which is made if needed
    #[arg(long, short, value_name = "DIR", default_value = ".")]
    destination: PathBuf,

    /// Give the charts this version
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,

    /// Give the charts this version of the application
    #[arg(long, value_name = "VERSION")]
    app_version: Option<String>,

    /// Fetch the dependencies of the charts first, as `skeg dependency update` does
    #[arg(long, short = 'u')]
    dependency_update: bool,

    #[command(flatten)]
    access: AccessArgs,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PackageReport {
    name: String,
    version: String,
    path: PathBuf,
    size: u64,
}

/// Helm 4.3.1: `Successfully packaged chart and saved it to: PATH` on standard output for each chart.
pub(crate) fn package(args: &PackageArgs, context: &Context) -> Result<(), CommandError> {
    if args.paths.is_empty() {
        return Err(CommandError::user(
            "need at least one argument, the path to the chart",
        ));
    }
    let options = options(args, context)?;
    let destination = destination(&args.destination)?;
    let format = args.output.output;
    if args.dependency_update {
        update_dependencies(args, context)?;
    }
    let (reports, failed) = block_on(async {
        let mut reports = Vec::new();
        for path in &args.paths {
            match save(path.clone(), destination.clone(), options.clone(), context).await {
                Ok(report) => reports.push(report),
                Err(error) => return Ok((reports, Some(error))),
            }
        }
        Ok((reports, None))
    })?;
    if !format.print_all(args.paths.len(), &reports, context.printer())? {
        for report in &reports {
            let path = report.path.display();
            let line = format!("Successfully packaged chart and saved it to: {path}");
            context.printer().line(line)?;
        }
    }
    failed.map_or(Ok(()), Err)
}

/// Helm 4.3.1 tells of the charts that it pulls, and of nothing else that it does here.
fn update_dependencies(args: &PackageArgs, context: &Context) -> Result<(), CommandError> {
    let is_data = args.output.output == OutputFormat::Table;
    for path in &args.paths {
        let options = UpdateOptions::default();
        for report in dependencies::update(path, options, RunOptions::default(), &args.access, context)? {
            print_pulled(&report, |line| {
                if is_data {
                    context.printer().line(line)?;
                } else {
                    context.printer().status(line);
                }
                Ok(())
            })?;
        }
    }
    Ok(())
}

/// Helm prints the whole path when the destination is the current directory, and else the path without `./`.
fn destination(given: &Path) -> Result<PathBuf, CommandError> {
    let cleaned = clean(given);
    if cleaned.as_os_str().is_empty() {
        return Ok(std::path::absolute(".")?);
    }
    if cleaned.is_file() {
        let error = CommandError::user(format!(
            "failed to save: is not a directory: {}",
            cleaned.display()
        ));
        return Err(error.hint("give a directory by `--destination`"));
    }
    Ok(cleaned)
}

/// Packages a directory into `destination` for another command.
pub(crate) async fn package_directory(
    directory: &Path,
    destination: &Path,
    context: &Context,
) -> Result<PathBuf, CommandError> {
    let options = default_options(context)?;
    let report = save(directory.to_owned(), destination.to_owned(), options, context).await?;
    Ok(report.path)
}

fn options(args: &PackageArgs, context: &Context) -> Result<PackageOptions, CommandError> {
    let version = args.version.as_deref().map(ChartVersion::parse).transpose();
    let version =
        version.map_err(|_| CommandError::user("invalid semantic version").hint("write it as `1.2.3`"))?;
    Ok(PackageOptions {
        version,
        app_version: args.app_version.clone(),
        ..default_options(context)?
    })
}

/// How a chart is packaged that nobody gave flags for.
pub(crate) fn default_options(context: &Context) -> Result<PackageOptions, CommandError> {
    Ok(PackageOptions {
        modified: source_date_epoch(context)?,
        limits: context.limits()?,
        ..PackageOptions::default()
    })
}

async fn save(
    directory: PathBuf,
    destination: PathBuf,
    options: PackageOptions,
    context: &Context,
) -> Result<PackageReport, CommandError> {
    let printer = context.shared_printer();
    blocking(move || {
        let scratch = scratch()?;
        let package = ChartPackage::prepare(&directory, scratch.path(), &options);
        let mut package = package.map_err(CommandError::user)?;
        for link in package.symlinks() {
            print_followed(link, &printer);
        }
        let saved = package.save_in(&destination).map_err(CommandError::user)?;
        let metadata = package.metadata();
        let (name, version) = (metadata.name().to_owned(), metadata.version().to_owned());
        Ok(PackageReport {
            name,
            version,
            path: saved.path,
            size: saved.size,
        })
    })
    .await
}

fn source_date_epoch(context: &Context) -> Result<Option<i64>, CommandError> {
    let Some(text) = context.environment().get(EnvironmentVariable::SOURCE_DATE_EPOCH) else {
        return Ok(None);
    };
    let seconds = text.parse().ok().filter(|seconds| *seconds >= 0);
    let error = || {
        CommandError::user(format!(
            "`SOURCE_DATE_EPOCH` is `{text}`, which is no number of seconds since 1970"
        ))
    };
    seconds.map(Some).ok_or_else(error)
}
