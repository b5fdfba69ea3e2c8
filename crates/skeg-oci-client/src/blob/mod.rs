//! Blobs of a registry: fetching and pushing content of any size in bounded memory.

pub(crate) mod fetch;
pub(crate) mod push;
pub(crate) mod sink;
pub(crate) mod source;
pub(crate) mod stream;
pub(crate) mod upload;

pub use self::source::BlobSource;
pub use self::stream::BlobStream;
