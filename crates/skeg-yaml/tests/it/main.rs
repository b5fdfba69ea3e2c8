//! Integration tests of `skeg-yaml`. That it does what Go-YAML does is tested in `skeg-values`, with what Go-YAML
//! said, and by `cargo xtask fuzz yaml-read`.

mod events;
mod hostile;
