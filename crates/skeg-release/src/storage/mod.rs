//! Where the records of releases are kept: Secrets, `ConfigMap`s, or memory.
//!
//! [`ReleaseStore`] is what operations use. It stands on a [`ReleaseDriver`]; the drivers for a cluster stand on an
//! [`ObjectStore`], which is the seam to whatever talks to the cluster.

mod cluster_objects;
mod driver;
mod entry;
mod error;
mod list;
mod memory;
mod memory_objects;
mod object_driver;
mod objects;
mod selector;
mod store;

pub use cluster_objects::ClusterObjects;
pub use driver::{BrokenRecord, HeadOutcome, Index, Kept, ReleaseDriver};
pub use entry::{RecordEntry, record_key};
pub use error::{ObjectError, ObjectErrorReason, StorageError};
pub use list::{LISTED_STATES, ListOptions, ListOrder, ListedRelease};
pub use memory::{LoadRecordsError, MemoryDriver};
pub use memory_objects::MemoryObjects;
pub use object_driver::{ObjectDriver, RecordKind};
pub use objects::{Answer, ObjectPage, ObjectQuery, ObjectStore};
pub use selector::{ParseSelectorError, Selector};
pub use store::{BrokenRecordObserver, ReleaseStore};
