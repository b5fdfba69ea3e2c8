//! What Helm 4.3.1 did, as recorded in `tests/data`.

/// One recorded case: a title and named sections.
pub(crate) struct Section<'data> {
    pub(crate) name: &'data str,
    pub(crate) text: &'data str,
}

/// The sections of a recording, each under a line of `=== ` and its name.
pub(crate) fn sections(data: &str) -> Vec<Section<'_>> {
    let mut sections = Vec::new();
    for part in data.split("\n=== ").skip(1) {
        let (name, text) = part.split_once('\n').unwrap_or((part, ""));
        sections.push(Section { name, text });
    }
    sections
}
