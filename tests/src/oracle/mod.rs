//! Cases recorded from helm.
