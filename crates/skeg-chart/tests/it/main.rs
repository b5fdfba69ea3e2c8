//! Integration tests of `skeg-chart`.

mod ignore;
mod metadata;
mod oracle;
mod package;
mod scaffold;
