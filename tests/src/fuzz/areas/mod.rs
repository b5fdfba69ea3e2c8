//! The areas, one module each.

mod fmt;
mod kubernetes;
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
    kubernetes::KSTATUS,
    kubernetes::LEGACY,
    kubernetes::MANAGED_FIELDS,
    kubernetes::MERGE,
    regexp::AREA,
    semver::AREA,
    sort::AREA,
    kubernetes::STRATEGIC,
    strvals::AREA,
    kubernetes::TABLE,
    templates::AREA,
    yaml_print::AREA,
    yaml_print::PRETTY,
    yaml_read::AREA,
];
