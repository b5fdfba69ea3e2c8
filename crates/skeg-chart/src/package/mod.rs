//! Packaging a chart into a reproducible `.tgz`.
