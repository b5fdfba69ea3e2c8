//! The rules, one file for each thing that is looked at.

pub(crate) mod chartfile;
pub(crate) mod crds;
pub(crate) mod dependencies;
pub(crate) mod deprecations;
pub(crate) mod names;
pub(crate) mod templates;
pub(crate) mod values;
