//! The functions that Helm adds to Sprig's.

mod data;
mod duration;
mod engine;

use std::rc::Rc;

use skeg_sprig::Surroundings;
use skeg_template::FunctionTable;

use crate::input::{ClusterLookup, RenderOptions};
use crate::log::Log;

pub(crate) use engine::without_no_value;

/// The functions of Sprig as they are without Helm's changes, but for those that read the environment.
pub(crate) fn sprig_table(surroundings: &Surroundings) -> FunctionTable {
    let mut table: FunctionTable = skeg_sprig::functions(surroundings).into_iter().collect();
    table.extend(data::FUNCTIONS_LIKE_SPRIG);
    table
}

/// All functions that the templates of charts can call.
pub(crate) fn table(
    options: &RenderOptions,
    lookup: Option<Rc<dyn ClusterLookup>>,
    surroundings: &Surroundings,
    log: &Rc<Log>,
) -> FunctionTable {
    let mut table: FunctionTable = skeg_sprig::functions(surroundings).into_iter().collect();
    table.extend(data::FUNCTIONS.iter().copied());
    table.extend(duration::FUNCTIONS.iter().copied());
    table.extend(engine::functions(
        options.lint_mode,
        options.enable_dns,
        lookup,
        log,
    ));
    table
}
