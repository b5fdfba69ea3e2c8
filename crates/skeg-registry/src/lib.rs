//! Helm charts as OCI artifacts: push, pull, show, version selection.
