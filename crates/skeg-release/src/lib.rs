//! Helm's releases: their records, where these are kept, and what is done with them.
//!
//! Here: the record of a revision ([`Release`], [`ReleaseHead`]) and its encoding ([`encode_release`],
//! [`decode_release`]); where records are kept ([`ReleaseStore`], [`MemoryDriver`], [`ObjectDriver`] over an
//! [`ObjectStore`]). Not here: rendering, registries, printing.
//!
//! ```
//! use skeg_release::{Release, Status, decode_release, encode_release};
//!
//! let mut release = Release::new("web", "shop", 1);
//! release.set_status(Status::Deployed, "Install complete");
//! let data = encode_release(&release);
//! assert_eq!(decode_release(data.as_bytes())?, release);
//! # Ok::<(), skeg_release::DecodeReleaseError>(())
//! ```
//!
//! Invariants: what one program writes the other reads; whatever a record holds, there is no panic, and not more memory
//! than [`MAX_JSON_SIZE`] a record; no environment and no clock.

mod apply;
mod operations;
mod progress;
mod record;
mod resources;
mod status;
mod storage;
mod waiting;

pub use operations::{
    ChangeOptions, DifferenceStatus, Failed, Install, InstallOptions, ObjectDifference, OperationError,
    Operator, RecoverOptions, Recovered, Recovery, Rollback, RollbackOptions, ServerSide, TestFilter,
    TestOptions, TestRun, UninstallOptions, UninstallOutcome, Upgrade, UpgradeOptions, drift, recover,
    uninstall,
};
pub use progress::{Event, Observer, Outcome, Pending, Silent};
pub use status::{ObjectForm, ReleaseObjects, ReleaseObjectsError};
pub use waiting::{WaitOptions, WaitStrategy};

pub use record::{
    ApplyMethod, DIGEST_ANNOTATION, DecodeReleaseError, HookRecord, HookRun, Info, MAX_JSON_SIZE, RecordTime,
    Release, ReleaseHead, SOURCE_ANNOTATION, SYSTEM_LABELS, Status, StoredChart, StoredDependency,
    StoredMetadata, decode_release, encode_release,
};
pub use storage::{
    Answer, BrokenRecord, BrokenRecordObserver, ClusterObjects, HeadOutcome, Index, Kept, LISTED_STATES,
    ListOptions, ListOrder, ListedRelease, LoadRecordsError, MemoryDriver, MemoryObjects, ObjectDriver,
    ObjectError, ObjectErrorReason, ObjectPage, ObjectQuery, ObjectStore, ParseSelectorError, RecordEntry,
    RecordKind, ReleaseDriver, ReleaseStore, Selector, StorageError, record_key,
};
