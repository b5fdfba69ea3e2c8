//! The configuration file that Docker, Helm, ORAS and Podman share: reading it, and changing it without loss.

mod entry;
mod json;
mod model;
mod read;
mod write;

pub use self::entry::EntryProblem;
pub use self::model::ConfigProblem;

pub(crate) use self::entry::AuthEntry;
pub(crate) use self::model::{ConfigFormat, Document, Entry, HelperChoice};
pub(crate) use self::read::{read, read_file};
pub(crate) use self::write::update;
