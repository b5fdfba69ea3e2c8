//! The place of some bytes among others.

/// The first place of `part` in `text`; what is empty is found at once.
pub(crate) fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    memchr::memmem::find(text, part)
}
