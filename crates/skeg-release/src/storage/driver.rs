//! Where records are kept, whatever that is.

use std::fmt;

use futures_util::future::BoxFuture;

use super::entry::RecordEntry;
use super::error::StorageError;
use crate::record::{DecodeReleaseError, Release, ReleaseHead};

/// What comes of an operation of storage.
pub type Kept<'a, T> = BoxFuture<'a, Result<T, StorageError>>;

/// A record that was read as far as a list needs it.
pub type HeadOutcome = (RecordEntry, Result<ReleaseHead, DecodeReleaseError>);

/// A place where records are kept, seen from one namespace or from all.
pub trait ReleaseDriver: fmt::Debug + Send + Sync {
    /// Keeps a new record. `now` is in seconds since 1970.
    ///
    /// What the server calls its state goes into the release, so that a later update notices others.
    fn create<'a>(&'a self, release: &'a mut Release, now: i64) -> Kept<'a, ()>;

    /// Replaces a record.
    fn update<'a>(&'a self, release: &'a mut Release, now: i64) -> Kept<'a, ()>;

    /// Reads a record.
    fn get<'a>(&'a self, name: &'a str, version: i64) -> Kept<'a, Release>;

    /// Removes a record.
    fn delete<'a>(&'a self, name: &'a str, version: i64) -> Kept<'a, ()>;

    /// What records there are, of one release or of all.
    fn index<'a>(&'a self, name: Option<&'a str>) -> Kept<'a, Vec<RecordEntry>>;

    /// Reads the heads of records out of an index, in its order. Those that have gone meanwhile are left out.
    fn heads<'a>(&'a self, wanted: Vec<RecordEntry>, index: Index<'a>) -> Kept<'a, Vec<HeadOutcome>>;

    /// Reads records out of an index, in its order. Those that have gone meanwhile are left out.
    fn records(
        &self,
        wanted: Vec<RecordEntry>,
    ) -> Kept<'_, Vec<(RecordEntry, Result<Release, DecodeReleaseError>)>>;
}

/// What an index was asked for, and how much it has: whether it is less work to ask for all of it once more than for
/// some records one by one.
#[derive(Clone, Copy, Debug)]
pub struct Index<'a> {
    /// The release, or all.
    pub name: Option<&'a str>,
    /// The number of records.
    pub size: usize,
}

/// A record that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenRecord {
    /// The namespace.
    pub namespace: String,
    /// The name of the object that holds it.
    pub key: String,
    /// What is wrong.
    pub error: DecodeReleaseError,
}
