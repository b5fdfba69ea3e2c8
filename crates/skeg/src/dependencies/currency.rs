//! How new what is locked is.

use skeg_chart::PackageOptions;
use skeg_resolve::{Currency, Requirement};

use super::SIDE_BY_SIDE;
use super::classic::ClassicRepositories;
use super::directory::ChartDirectory;
use super::error::{about_requirement, resolve_error};
use super::source::{self, ChartSource};
use crate::args::AccessArgs;
use crate::context::Context;
use crate::error::CommandError;
use crate::work::block_on;

/// Compares what is locked with what there is; one question for each repository.
pub(crate) fn currency(
    chart: &ChartDirectory,
    access: &AccessArgs,
    context: &Context,
) -> Result<Vec<(Requirement, Currency)>, CommandError> {
    let classic = ClassicRepositories::new(access, false, context)?;
    let dependencies = classic.with_addresses(chart.dependencies())?;
    let requirements = Requirement::all(&dependencies).map_err(about_requirement)?;
    classic.bind_login(&requirements);
    let access = source::access(&requirements, access, context)?;
    let source = ChartSource {
        access: &access,
        classic: &classic,
        context,
        directory: &chart.path,
        packaging: PackageOptions::default(),
    };
    let compared = block_on(async {
        let compared = skeg_resolve::compare(&requirements, chart.lock.as_ref(), SIDE_BY_SIDE, &source).await;
        compared.map_err(|error| resolve_error(error, context.printer()))
    })?;
    Ok(requirements.into_iter().zip(compared).collect())
}
