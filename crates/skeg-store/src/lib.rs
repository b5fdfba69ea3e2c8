//! A store of verified content on disk, shared by many processes at once.
//!
//! Content (manifests and blobs alike) is kept under its digest and enters only after it was hashed. Downloads that are
//! not whole yet lie apart under the digest they are to have, locked by their one writer, and are continued by the next.
//! Beside them stands which manifest a tag named when it was last looked at. Nothing here is precious: whatever is lost
//! or damaged is fetched again.
//!
//! All IO is blocking. The clock is passed in. Networks, charts and commands are the business of others.
//!
//! ```
//! use std::time::SystemTime;
//!
//! use skeg_oci::Digest;
//! use skeg_store::{Lookup, Store};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let directory = tempfile::tempdir()?;
//! let now = SystemTime::now();
//! let store = Store::open(directory.path())?;
//! let digest = Digest::sha256_of(b"content");
//! store.insert(&digest, None, b"content", now)?;
//! let Lookup::Found(content) = store.get(&digest, now)? else {
//!     return Err("it was stored just now".into());
//! };
//! assert_eq!(content.read(100)?.as_deref(), Some(&b"content"[..]));
//! # Ok(())
//! # }
//! ```
//!
//! Invariants: what [`Store::get`] returns has its digest, by hashing it or by proof that it is the file that was hashed;
//! every file is written under a temporary name and renamed; a process that is killed at any moment leaves nothing torn.

mod clean;
mod content;
mod error;
mod files;
mod layout;
mod list;
mod meta;
mod partial;
mod prune;
mod store;
mod tags;
mod verify;

pub use crate::clean::Cleaned;
pub use crate::content::{Content, Lookup};
pub use crate::error::{OpenStoreError, StoreError};
pub use crate::list::{Entry, Info};
pub use crate::partial::{Claim, Partial};
pub use crate::prune::{PruneOptions, Pruned};
pub use crate::store::{DEFAULT_LIMIT, Store};
pub use crate::tags::{TagRecord, TagScope};
pub use crate::verify::Verified;
