//! Dependencies: which of them take part, under which names, and what parents import from them.
//!
//! Helm 4.3.1, `ProcessDependencies`.

mod enabled;
mod import;

pub(crate) use enabled::is_compatible_range;

use skeg_go::GoMap;

use crate::log::Log;
use crate::tree::Node;
use crate::values::TypeMismatch;

/// Switches charts on and off, gives them their names, and lays imported values under those of their parents.
pub(crate) fn process(chart: &mut Node<'_>, values: &GoMap, log: &Log) -> Result<(), TypeMismatch> {
    enabled::process(chart, values, "", log)?;
    import::process(chart, log)
}
