//! Values: copies, paths, and laying those of a chart under those of its user.

mod coalesce;
mod convert;
mod copy;
mod dotted;
mod path;
mod tables;

pub(crate) use coalesce::{Coalesce, TypeMismatch};
pub(crate) use convert::{map_to_go, to_go};
pub(crate) use copy::copy_now;
pub(crate) use path::{table, value};
pub(crate) use tables::Tables;

/// The key of values that all charts share.
pub(crate) const GLOBAL: &str = "global";
