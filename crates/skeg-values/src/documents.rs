//! The documents of a file of values, as Kubernetes' reader takes a stream apart. What is in them is not looked at.

use std::borrow::Cow;

/// Something other than a comment follows `---` on its line: this.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("error reading yaml document: invalid Yaml document separator: {0}")]
pub struct SeparatorError(pub String);

/// The content with a line break at its end, which Helm adds: `a: |` keeps it.
pub fn with_last_line_break(content: &[u8]) -> Cow<'_, [u8]> {
    match content {
        [] | [.., b'\n'] => Cow::Borrowed(content),
        _ => Cow::Owned([content, b"\n"].concat()),
    }
}

/// Takes the first document off a stream: up to a line that starts with `---`, on which only a comment may
/// follow. Such a line at the very start belongs to the document.
///
/// ```
/// let (first, rest) = skeg_values::split_document(b"a: 1\n--- # comment\nb: 2\n")?;
/// assert_eq!((first, rest), (&b"a: 1\n"[..], &b"b: 2\n"[..]));
/// # Ok::<(), skeg_values::SeparatorError>(())
/// ```
///
/// # Errors
/// Something else follows.
pub fn split_document(stream: &[u8]) -> Result<(&[u8], &[u8]), SeparatorError> {
    let mut at = 0;
    for line in stream.split_inclusive(|&byte| byte == b'\n') {
        if let Some(rest) = line.strip_prefix(b"---") {
            let rest = String::from_utf8_lossy(rest);
            let rest = rest.trim();
            if !rest.is_empty() && !rest.starts_with('#') {
                return Err(SeparatorError(rest.to_owned()));
            }
            if at > 0 {
                return Ok((&stream[..at], &stream[at + line.len()..]));
            }
        }
        at += line.len();
    }
    Ok((stream, &[]))
}
