//! Updating and building, for one chart or for all charts on disk that it is made of.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;

use skeg_chart::PackageOptions;
use skeg_resolve::{DependencyRepository, Requirement};

use super::build::{BuildOptions, build_one};
use super::classic::ClassicRepositories;
use super::directory::ChartDirectory;
use super::error::about_requirement;
use super::report::DependencyReport;
use super::source::{self, ChartSource};
use super::update::{UpdateOptions, update_one};
use crate::access::Access;
use crate::args::AccessArgs;
use crate::commands::default_package_options;
use crate::context::Context;
use crate::error::CommandError;
use crate::work::block_on;

/// What to do with every chart.
#[derive(Clone, Copy)]
enum Work {
    Update(UpdateOptions),
    Build(BuildOptions),
}

/// What holds for updating and for building.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RunOptions {
    /// Do the same first for the charts that are taken from directories, and for theirs.
    pub(crate) recursive: bool,
    /// Use the indexes of classic repositories as they are in the cache.
    pub(crate) skips_refresh: bool,
}

/// Updates the dependencies of the chart in `directory`. There is one report for each chart that has dependencies.
pub(crate) fn update(
    directory: &Path,
    options: UpdateOptions,
    run_options: RunOptions,
    access: &AccessArgs,
    context: &Context,
) -> Result<Vec<DependencyReport>, CommandError> {
    run(directory, Work::Update(options), run_options, access, context)
}

/// As [`update`], by the lock files; a chart without one is updated, as in Helm.
pub(crate) fn build(
    directory: &Path,
    options: BuildOptions,
    run_options: RunOptions,
    access: &AccessArgs,
    context: &Context,
) -> Result<Vec<DependencyReport>, CommandError> {
    run(directory, Work::Build(options), run_options, access, context)
}

fn run(
    directory: &Path,
    work: Work,
    options: RunOptions,
    access: &AccessArgs,
    context: &Context,
) -> Result<Vec<DependencyReport>, CommandError> {
    let classic = ClassicRepositories::new(access, options.skips_refresh, context)?;
    let chart = ChartDirectory::read(directory, context)?.with_addresses(&classic)?;
    let requirements = Requirement::all(chart.dependencies()).map_err(about_requirement)?;
    classic.bind_login(&requirements);
    let access = source::access(&requirements, access, context)?;
    let mut run = Run {
        work,
        recursive: options.recursive,
        access: &access,
        classic: &classic,
        context,
        packaging: PackageOptions {
            may_lack_dependencies: true,
            ..default_package_options(context)?
        },
        open: Vec::new(),
        done: Vec::new(),
        reports: Vec::new(),
    };
    block_on(async {
        run.chart(chart).await?;
        Ok(run.reports)
    })
}

struct Run<'all> {
    work: Work,
    recursive: bool,
    access: &'all Access,
    classic: &'all ClassicRepositories<'all>,
    context: &'all Context,
    packaging: PackageOptions,
    /// The charts that are being worked on, each from within the one before it.
    open: Vec<PathBuf>,
    done: Vec<PathBuf>,
    reports: Vec<DependencyReport>,
}

impl Run<'_> {
    /// Works on a chart, and before that on those that it is made of.
    fn chart(
        &mut self,
        chart: ChartDirectory,
    ) -> Pin<Box<dyn Future<Output = Result<(), CommandError>> + '_>> {
        Box::pin(async move {
            let place = fs_err::canonicalize(&chart.path)?;
            if self.open.contains(&place) {
                return Err(self.cycle(&place));
            }
            if chart.dependencies().is_empty() || self.done.contains(&place) {
                return Ok(());
            }
            self.open.push(place.clone());
            if self.recursive {
                self.inner_charts(&chart).await?;
            }
            let mut report = self.one(&chart).await?;
            report.refreshed = self.classic.take_refreshed();
            self.reports.push(report);
            self.open.pop();
            self.done.push(place);
            Ok(())
        })
    }

    async fn inner_charts(&mut self, chart: &ChartDirectory) -> Result<(), CommandError> {
        for dependency in chart.dependencies() {
            let path = match DependencyRepository::parse(dependency.repository()) {
                DependencyRepository::Directory(path) => PathBuf::from(path),
                DependencyRepository::Vendored => Path::new("charts").join(dependency.name()),
                _ => continue,
            };
            let directory = self.source(chart).local_path(&path)?;
            let inner = ChartDirectory::read(&directory, self.context)?.with_addresses(self.classic)?;
            self.chart(inner).await?;
        }
        Ok(())
    }

    async fn one(&self, chart: &ChartDirectory) -> Result<DependencyReport, CommandError> {
        chart.remove_leftovers();
        let source = self.source(chart);
        match (self.work, &chart.lock) {
            (Work::Update(options), _) => update_one(chart, &source, options).await,
            (Work::Build(options), Some(lock)) => build_one(chart, lock, &source, options).await,
            (Work::Build(options), None) if options.locked => Err(CommandError::user(format!(
                "there is no lock file ({}) in {}",
                chart.lock_name(),
                chart.path.display()
            ))
            .hint("write it with `skeg dependency update`, and keep it beside Chart.yaml")),
            (Work::Build(_), None) => update_one(chart, &source, UpdateOptions::default()).await,
        }
    }

    fn source<'chart>(&'chart self, chart: &'chart ChartDirectory) -> ChartSource<'chart> {
        ChartSource {
            access: self.access,
            classic: self.classic,
            context: self.context,
            directory: &chart.path,
            packaging: self.packaging.clone(),
        }
    }

    fn cycle(&self, place: &Path) -> CommandError {
        let from = self
            .open
            .iter()
            .position(|open| open == place)
            .unwrap_or_default();
        let round: Vec<String> = self.open[from..]
            .iter()
            .map(PathBuf::as_path)
            .chain([place])
            .map(|path| path.display().to_string())
            .collect();
        CommandError::user(format!(
            "charts depend on each other in a circle: {}",
            round.join(" -> ")
        ))
        .hint("take one of these dependencies out of its Chart.yaml")
    }
}
