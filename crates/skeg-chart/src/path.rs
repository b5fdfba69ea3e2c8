//! Paths inside a chart, which have `/` everywhere.

/// What Go's `path.Ext` gives: the last component from its last dot on, or nothing.
pub(crate) fn extension(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rfind('.').map_or("", |dot| &name[dot..])
}
