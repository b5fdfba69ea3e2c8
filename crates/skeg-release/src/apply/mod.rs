//! Objects of a release brought to the server, and taken away from it.

mod create;
mod delete;
mod error;
mod update;
mod write;

pub(crate) use create::create_all;
pub(crate) use delete::{delete_all, delete_one};
pub(crate) use error::{ApplyError, join};
pub(crate) use update::{UpdateOutcome, UpdatePlan, update_all};

use skeg_cluster::Cluster;

use crate::progress::Observer;
use crate::resources::Resource;

/// How many requests are under way at the same time.
pub(crate) const AT_ONCE: usize = 48;

/// How objects are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    /// By the server, which knows who owns which field.
    ServerSide {
        /// Whether fields of others are taken over.
        force_conflicts: bool,
    },
    /// By a patch that is worked out here.
    ClientSide,
    /// In the place of what is there.
    Replace,
}

/// What every step needs.
#[derive(Clone, Copy)]
pub(crate) struct Tools<'a> {
    pub(crate) cluster: &'a Cluster,
    pub(crate) observer: &'a dyn Observer,
}

/// The resources in runs of the same kind: what is in one run may be written at the same time.
pub(crate) fn runs(resources: &[Resource]) -> impl Iterator<Item = &[Resource]> {
    resources.chunk_by(|left, right| left.kind() == right.kind())
}
