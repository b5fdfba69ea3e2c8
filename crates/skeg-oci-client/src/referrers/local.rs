//! Referrers of a repository whose manifests are all at hand. No IO.

use skeg_oci::{Descriptor, MediaType};

use super::{Referrers, ReferrersSource};

/// Puts what was found in a certain order, and filters it.
pub(super) fn list(mut manifests: Vec<Descriptor>, artifact_type: Option<&MediaType>) -> Referrers {
    manifests.retain(|found| artifact_type.is_none_or(|wanted| found.artifact_type.as_ref() == Some(wanted)));
    manifests.sort_by_key(|found| found.digest.to_string());
    manifests.dedup_by(|one, other| one.digest == other.digest);
    Referrers {
        manifests,
        source: ReferrersSource::Manifests,
    }
}
