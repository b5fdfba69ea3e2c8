//! Safe YAML events from libyaml, the parser whose dialect Go-YAML speaks.
