//! YAML, JSON and TOML in templates.
