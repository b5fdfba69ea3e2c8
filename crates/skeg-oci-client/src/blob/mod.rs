//! Blobs of a registry: fetching and pushing content of any size in bounded memory.

pub(crate) mod fetch;
pub(crate) mod push;
pub(crate) mod sink;
pub(crate) mod source;
mod upload;

pub use self::source::BlobSource;
