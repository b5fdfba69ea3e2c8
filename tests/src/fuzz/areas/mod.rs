//! The areas, one module each.

mod fmt;
mod regexp;
mod semver;
mod sort;
mod strvals;
mod template_text;
mod templates;
mod yaml_print;
mod yaml_read;

use super::Area;

/// All areas.
pub const ALL: &[Area] = &[
    fmt::AREA,
    regexp::AREA,
    semver::AREA,
    sort::AREA,
    strvals::AREA,
    templates::AREA,
    yaml_print::AREA,
    yaml_print::PRETTY,
    yaml_read::AREA,
];
