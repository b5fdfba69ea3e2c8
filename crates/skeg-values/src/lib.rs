//! YAML and JSON values as Helm sees them.
