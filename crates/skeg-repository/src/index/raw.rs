//! An entry as it is written, before it is checked.

/// The fields of an entry that are used or checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RawEntry {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) app_version: String,
    pub(super) description: String,
    pub(super) chart_type: String,
    pub(super) digest: String,
    pub(super) created: String,
    pub(super) keywords: Vec<String>,
    pub(super) urls: Vec<String>,
    pub(super) deprecated: bool,
    /// Whether one of the maintainers is `null`.
    pub(super) has_null_maintainer: bool,
    pub(super) dependencies: Vec<Option<RawDependency>>,
}

/// What is checked of a dependency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RawDependency {
    pub(super) name: String,
    pub(super) alias: String,
}

/// A whole index as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RawHead {
    pub(super) api_version: String,
}

/// Who takes the entries of an index one by one.
pub(super) trait Sink {
    /// A chart begins; what follows are its entries. `false` if there was one of the same name.
    fn chart(&mut self, name: &str) -> bool;

    /// An entry, or `null`.
    fn entry(&mut self, entry: Option<RawEntry>);
}
