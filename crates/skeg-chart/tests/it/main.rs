//! Integration tests of `skeg-chart`.

mod package;
mod scaffold;
