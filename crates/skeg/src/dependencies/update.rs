//! `dependency update`: choosing versions anew.

use skeg_resolve::{Before, LockFile, LockedDependency, Pin, Requirement, Resolution, resolve};

use super::SIDE_BY_SIDE;
use super::directory::ChartDirectory;
use super::error::{about_requirement, resolve_error};
use super::report::DependencyReport;
use super::source::{ChartSource, Handle};
use super::vendor::{is_vendored, vendor};
use crate::chart_source::display_name;
use crate::context::Context;
use crate::error::CommandError;

/// How to update.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct UpdateOptions {
    /// Looks at every version anew, whatever is locked.
    pub(crate) repin: bool,
}

/// Chooses versions, fetches them and writes the lock file.
pub(super) async fn update_one(
    chart: &ChartDirectory,
    source: &ChartSource<'_>,
    options: UpdateOptions,
) -> Result<DependencyReport, CommandError> {
    let requirements = Requirement::all(chart.dependencies()).map_err(about_requirement)?;
    chart.require_writable_lock()?;
    let charts = chart.charts();
    let keeps = |locked: &LockedDependency| !options.repin && is_vendored(locked, &charts);
    let before = chart.lock.as_ref().map(|lock| Before { lock, keeps: &keeps });
    let resolution = resolve(&requirements, before, SIDE_BY_SIDE, source).await;
    let resolution = resolution.map_err(|error| resolve_error(error, source.context.printer()))?;
    tell_what_moved(&resolution, source.context);
    let lock = resolution.lock(chart.dependencies(), &generated(source.context));
    let is_new = chart
        .lock
        .as_ref()
        .is_none_or(|before| !before.says_the_same(&lock));
    let vendored = vendor(chart, &resolution.dependencies, source, || {
        if is_new { chart.write_lock(&lock) } else { Ok(()) }
    })
    .await?;
    Ok(DependencyReport::new(chart, &resolution.dependencies, vendored))
}

/// The time of a lock file, or that of `SOURCE_DATE_EPOCH`.
fn generated(context: &Context) -> String {
    let epoch = context
        .environment()
        .get(crate::env::EnvironmentVariable::SOURCE_DATE_EPOCH);
    let fixed = epoch.and_then(|seconds| jiff::Timestamp::from_second(seconds.parse().ok()?).ok());
    let now = || jiff::Timestamp::from_nanosecond(crate::surroundings::now()).unwrap_or_default();
    fixed.unwrap_or_else(now).to_string()
}

/// Who updates gets what a tag names now, and is told where that is something else than it was.
fn tell_what_moved(resolution: &Resolution<Handle>, context: &Context) {
    for one in &resolution.dependencies {
        let (Some(before), Some(found)) = (&one.moved_from, &one.found) else {
            continue;
        };
        let now = found.pin.as_ref().map(Pin::identity);
        let (Some(now), printer) = (now, context.printer()) else {
            continue;
        };
        match &found.handle {
            Handle::Registry(resolved) => printer.warning(&format!(
                "the tag {} was moved: it named {before} and names {now} now",
                display_name(&resolved.reference),
            )),
            Handle::Archive(_) => printer.warning(&format!(
                "the archive of {} {} was changed: its digest was {before} and is {now} now",
                one.place.name, found.version
            )),
            Handle::Directory(_) | Handle::Vendored => {}
        }
    }
}

/// A lock file as far as it says what to fetch.
pub(super) fn has_all_pins(lock: &LockFile) -> bool {
    use skeg_resolve::DependencyRepository as Repository;
    lock.dependencies.iter().all(|locked| {
        let repository = Repository::parse(locked.dependency.repository());
        locked.pin.is_some() || matches!(repository, Repository::Vendored | Repository::Directory(_))
    })
}
