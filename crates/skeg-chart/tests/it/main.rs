//! Integration tests of `skeg-chart`.

mod archive;
mod chart;
mod directory;
mod ignore;
mod metadata;
mod oracle;
mod package;
mod scaffold;
mod tarball;
