//! Further traits for what writes: copying of blobs between repositories, and deletion.

mod copy_blob;
mod delete;

pub use self::copy_blob::{HasBlob, OpenBlob, copy_blob};
pub use self::delete::Delete;
