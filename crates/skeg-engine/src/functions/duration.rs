//! Helm 4 functions on durations.
