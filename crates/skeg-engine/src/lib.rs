//! Renders Helm charts: values, dependencies, templates and manifests.

mod functions;
