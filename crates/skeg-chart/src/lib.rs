//! Helm charts: metadata, loading, packaging and scaffolding.
