//! Dependencies: which of them take part, under which names, and what parents import from them; and the values
//! that come of it.
//!
//! Helm 4.3.1, `ProcessDependencies` and `CoalesceValues`.

mod enabled;
mod import;
mod processed;
mod shortcut;
#[cfg(test)]
mod tests;

pub(crate) use enabled::is_compatible_range;
pub(crate) use processed::processed_chart;

use skeg_chart::Chart;
use skeg_go::GoMap;

use crate::log::Log;
use crate::tree::Node;
use crate::values::{Coalesce, TypeMismatch};

/// The charts that take part, and the values of the root, with those of all others inside.
#[derive(Debug)]
pub(crate) struct Prepared<'chart> {
    pub(crate) root: Node<'chart>,
    pub(crate) values: GoMap,
}

/// Values that are no table where those of a chart should be, and when that was found.
#[derive(Debug)]
pub(crate) enum PrepareError {
    Dependencies(TypeMismatch),
    Values(TypeMismatch),
}

/// Switches charts on and off, gives them their names, and lays their values under those of the user.
pub(crate) fn prepare<'chart>(
    chart: &'chart Chart,
    values: &GoMap,
    log: &Log,
) -> Result<Prepared<'chart>, PrepareError> {
    match shortcut::prepare(chart, values, log) {
        Some(prepared) => Ok(prepared),
        None => prepare_step_by_step(chart, values, log),
    }
}

/// The way that Helm goes, which lays the same values under each other many times.
fn prepare_step_by_step<'chart>(
    chart: &'chart Chart,
    values: &GoMap,
    log: &Log,
) -> Result<Prepared<'chart>, PrepareError> {
    let mut root = Node::new(chart);
    enabled::process(&mut root, values, "", log).map_err(PrepareError::Dependencies)?;
    import::process(&mut root, log).map_err(PrepareError::Dependencies)?;
    let values = Coalesce::new(log)
        .run(&root, values)
        .map_err(PrepareError::Values)?;
    Ok(Prepared { root, values })
}
