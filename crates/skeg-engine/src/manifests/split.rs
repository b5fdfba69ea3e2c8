//! Files with several documents.

/// Splits a file into its documents, as Helm does: wherever a line begins with `---`, whatever follows on it.
/// White space in front of a document is gone, and so are documents of white space only.
///
/// ```
/// let file = "\n---\na: 1\n---b: 2\n--- # nothing\n---\n";
/// assert_eq!(skeg_engine::split_manifests(file), ["a: 1\n", "b: 2\n", "# nothing\n"]);
/// ```
pub fn split_manifests(file: &str) -> Vec<&str> {
    let file = file.trim_start();
    let mut documents = Vec::new();
    let mut start = 0;
    let mut line_start = 0;
    loop {
        if file[line_start..].starts_with("---") {
            documents.push(&file[start..line_start]);
            let after = &file[line_start + 3..];
            start = file.len() - after.trim_start_matches([' ', '\t']).len();
        }
        let searched_from = line_start.max(start);
        match file[searched_from..].find('\n') {
            Some(at) => line_start = searched_from + at + 1,
            None => break,
        }
    }
    documents.push(&file[start..]);
    documents
        .into_iter()
        .map(str::trim_start)
        .filter(|document| !document.is_empty())
        .collect()
}
