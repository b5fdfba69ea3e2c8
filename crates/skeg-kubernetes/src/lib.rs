//! What Kubernetes, kubectl and Helm compute about objects, without a cluster.
//!
//! Here: what an object is called ([`Identity`]), whether it is ready ([`readiness`], [`hook_readiness`],
//! [`legacy_ready`]), which patch takes it to what a manifest says ([`Patch`]) and where it differs ([`changes`]), whose
//! its fields are ([`upgrade_managed_fields`]), and tables of objects as text ([`TablePrinter`]). Objects are JSON values.
//! Not here: requests, kubeconfig, releases.
//!
//! ```
//! use std::time::SystemTime;
//!
//! use serde_json::json;
//! use skeg_kubernetes::{Identity, readiness};
//!
//! let object = json!({
//!     "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"namespace": "shop", "name": "web"},
//! });
//! let readiness = readiness(&object, SystemTime::UNIX_EPOCH)?;
//! assert_eq!(
//!     readiness.not_ready(&Identity::of(&object)),
//!     "resource Deployment/shop/web not ready. status: InProgress, message: Replicas: 0/1"
//! );
//! # Ok::<(), skeg_kubernetes::ReadinessError>(())
//! ```
//!
//! Invariant: no IO and no clock; no object, however broken, makes a function panic.

mod diff;
mod field;
mod identity;
mod json;
mod legacy;
mod managed_fields;
mod patch;
mod readiness;
mod selector;
mod table;

pub use diff::{Change, Shown, changes, without_secrets};
pub use field::FieldError;
pub use identity::Identity;
pub use legacy::{JobIsFailed, LegacyNeeds, legacy_hook_ended, legacy_needs, legacy_ready};
pub use managed_fields::{ManagedFieldsError, upgrade_managed_fields};
pub use patch::{
    Patch, PatchError, apply_merge_patch, merge_patch, strategic_merge_patch, three_way_merge_patch,
};
pub use readiness::{
    Readiness, ReadinessError, Status, hook_readiness, is_waited_for, readiness, readiness_with_jobs,
    readiness_with_pods,
};
pub use selector::{label_selector, label_set};
pub use table::{TablePrinter, human_duration, resources_text};
