//! The areas, one module each.

mod fmt;
mod semver;
mod yaml_print;
mod yaml_read;

use super::Area;

/// All areas.
pub const ALL: &[Area] = &[fmt::AREA, semver::AREA, yaml_print::AREA, yaml_read::AREA];
