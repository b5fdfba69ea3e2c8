//! What is said while an operation is under way.

use std::time::Duration;

/// Something that happened, or that is waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// So many objects are to be created or updated.
    Applying {
        /// How many.
        count: usize,
    },
    /// An object was written.
    Applied {
        /// `Deployment/web`
        object: String,
        /// What became of it.
        outcome: Outcome,
    },
    /// A hook is run.
    Hook {
        /// `pre-install`
        event: String,
        /// `Job/migrate`
        object: String,
    },
    /// Objects are not ready yet.
    Waiting {
        /// Those that are not ready, each with the reason.
        pending: Vec<Pending>,
        /// How long has been waited.
        elapsed: Duration,
    },
    /// Something that was waited for is there.
    Ready {
        /// `Deployment/web`
        object: String,
    },
    /// Part of the output of a hook.
    Log {
        /// The output, whole lines or not.
        text: Vec<u8>,
    },
    /// Something that Helm writes to its log.
    Warning {
        /// `skipping delete of resource not owned by this release`
        text: String,
        /// Names and values in order.
        fields: Vec<(&'static str, String)>,
    },
}

/// What became of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is new.
    Created,
    /// It was there; whether it changed is known to the server.
    Updated,
    /// It is gone.
    Deleted,
    /// It stays because its manifest says so.
    Kept,
}

/// An object that is not ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// `Deployment/web`
    pub object: String,
    /// `Replicas: 0/1`
    pub reason: String,
}

/// Who is told.
pub trait Observer: Send + Sync {
    /// Something happened.
    fn observe(&self, event: &Event);
}

/// Nobody is told.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {
    fn observe(&self, _event: &Event) {}
}
