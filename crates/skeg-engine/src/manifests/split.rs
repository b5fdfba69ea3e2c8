//! Files with several documents.

/// Splits a file into its documents, as Helm does: wherever a line begins with `---`, whatever follows on it.
/// White space in front of a document is gone, and so are documents of white space only.
///
/// ```
/// let file = b"\n---\na: 1\n---b: 2\n--- # nothing\n---\n";
/// let documents = [&b"a: 1\n"[..], b"b: 2\n", b"# nothing\n"];
/// assert_eq!(skeg_engine::split_manifests(file), documents);
/// ```
pub fn split_manifests(file: &[u8]) -> Vec<&[u8]> {
    let file = trim_start(file);
    let mut documents = Vec::new();
    let mut start = 0;
    let mut line_start = 0;
    loop {
        if file[line_start..].starts_with(b"---") {
            push_document(&mut documents, &file[start..line_start]);
            let blanks = file[line_start + 3..].iter();
            start = line_start + 3 + blanks.take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        }
        let searched_from = line_start.max(start);
        match file[searched_from..].iter().position(|&byte| byte == b'\n') {
            Some(at) => line_start = searched_from + at + 1,
            None => break,
        }
    }
    push_document(&mut documents, &file[start..]);
    documents
}

fn push_document<'file>(documents: &mut Vec<&'file [u8]>, document: &'file [u8]) {
    let document = trim_start(document);
    if !document.is_empty() {
        documents.push(document);
    }
}

/// `strings.TrimLeftFunc(text, unicode.IsSpace)`
pub(crate) fn trim_start(text: &[u8]) -> &[u8] {
    let mut rest = text;
    while let Some(&first) = rest.first() {
        let length = match first {
            b'\t'..=b'\r' | b' ' => 1,
            0..0x80 => break,
            _ => match leading_space(rest) {
                Some(length) => length,
                None => break,
            },
        };
        rest = &rest[length..];
    }
    rest
}

/// `strings.TrimSpace`
pub(crate) fn trim(text: &[u8]) -> &[u8] {
    let mut rest = trim_start(text);
    while let Some(&last) = rest.last() {
        let length = match last {
            b'\t'..=b'\r' | b' ' => 1,
            0..0x80 => break,
            _ => match (2..=3).find(|&length| {
                let start = rest.len().checked_sub(length);
                start.is_some_and(|start| leading_space(&rest[start..]) == Some(length))
            }) {
                Some(length) => length,
                None => break,
            },
        };
        rest = &rest[..rest.len() - length];
    }
    rest
}

/// The length of a white space beyond ASCII that the text begins with.
fn leading_space(text: &[u8]) -> Option<usize> {
    (2..=3.min(text.len())).find(|&length| {
        let character = str::from_utf8(&text[..length]).ok();
        character.is_some_and(|text| text.chars().all(char::is_whitespace))
    })
}

#[cfg(test)]
mod tests {
    use super::{split_manifests, trim};

    #[track_caller]
    fn check(file: &str, expected: &[&str]) {
        let documents: Vec<_> = split_manifests(file.as_bytes())
            .into_iter()
            .map(|document| str::from_utf8(document).unwrap())
            .collect();
        assert_eq!(documents, expected, "{file:?}");
    }

    #[test]
    fn documents() {
        check("", &[]);
        check(" \n\t", &[]);
        check("---", &[]);
        check("---\n---\n---", &[]);
        check("a", &["a"]);
        check("---\na: 1\n---\nb: 1", &["a: 1\n", "b: 1"]);
        check("\n\n---\t \na: 1\n\n---\n\n  b: 1\n", &["a: 1\n\n", "b: 1\n"]);
        check("a: |\n  ---\n  b", &["a: |\n  ---\n  b"]);
        check("------\na", &["---\na"]);
        check(
            "---apiVersion: v1\n---  kind: X",
            &["apiVersion: v1\n", "kind: X"],
        );
        check("a\r\n---\r\nb", &["a\r\n", "b"]);
        check("a --- b\n--- ---\n", &["a --- b\n", "---\n"]);
        check("\u{a0}---\n\u{2003}a", &["a"]);
    }

    #[test]
    fn white_space_is_unicode() {
        assert_eq!(trim("\u{85}\u{2003} a \u{a0}\u{2028}".as_bytes()), b"a");
        assert_eq!(trim(b"\xff \xc2"), b"\xff \xc2");
        assert_eq!(trim("é".as_bytes()), "é".as_bytes());
    }
}
