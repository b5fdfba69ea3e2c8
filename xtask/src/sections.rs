//! Sections of pages that tasks write, between comments that name them: each task replaces its own.

/// The page with one section replaced, or added at the end.
pub(crate) fn replaced(page: &str, name: &str, section: &str) -> String {
    let (begin, end) = (
        format!("<!-- begin {name} -->\n"),
        format!("<!-- end {name} -->\n"),
    );
    let whole = format!("{begin}\n{}\n{end}", section.trim_end().to_owned() + "\n");
    match (page.split_once(&begin), page.split_once(&end)) {
        (Some((before, _)), Some((_, after))) => format!("{before}{whole}{after}"),
        _ => format!("{page}\n{whole}"),
    }
}

#[cfg(test)]
mod tests {
    use super::replaced;

    #[test]
    fn sections_replace_themselves_and_nothing_else() {
        let one = replaced("# Reliability\n", "cases", "## One\n");
        let two = replaced(&one, "kill", "## Two\n");
        assert!(two.starts_with("# Reliability\n") && two.contains("## One\n") && two.contains("## Two\n"));
        let three = replaced(&two, "cases", "## Three\n");
        assert!(three.contains("## Three\n") && three.contains("## Two\n") && !three.contains("## One"));
        assert_eq!(replaced(&three, "cases", "## Three\n"), three);
    }
}
