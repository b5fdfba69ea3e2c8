//! Dotted paths that become text only where somebody reads them.

use std::fmt;

/// A path as the parts that it was made of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Dotted<'parts> {
    /// The top.
    Empty,
    /// A part below another.
    Below(&'parts Dotted<'parts>, &'parts [u8]),
}

impl<'parts> Dotted<'parts> {
    /// The path made longer by a key.
    pub(super) fn join(&'parts self, key: &'parts (impl AsRef<[u8]> + ?Sized)) -> Self {
        Self::Below(self, key.as_ref())
    }
}

impl fmt::Display for Dotted<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Below(parent, key) = self else {
            return Ok(());
        };
        if let Self::Below(..) = parent {
            write!(formatter, "{parent}.")?;
        }
        formatter.write_str(&String::from_utf8_lossy(key))
    }
}
