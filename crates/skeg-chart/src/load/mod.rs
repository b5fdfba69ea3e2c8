//! Reading charts from directories and archives, within limits.

pub(crate) mod archive;
mod content_type;
pub(crate) mod dir;
pub(crate) mod limits;
pub(crate) mod unpack;
