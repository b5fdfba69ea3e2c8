//! Renders Helm charts: values, dependencies, templates and manifests.

mod capabilities;
mod check;
mod context;
mod dependencies;
mod error;
mod format;
mod functions;
mod input;
mod log;
mod manifests;
mod name_template;
mod output;
mod post_render;
mod render;
mod reuse;
mod schema;
mod stack;
mod templates;
mod trace;
mod tree;
mod values;

pub use capabilities::{Capabilities, HelmVersion, KubeVersion, ParseKubeVersionError};
pub use check::is_release_name;
pub use error::{RenderError, RenderErrorKind, release_name_text};
pub use input::{ClusterLookup, ReleaseOptions, RenderInput, RenderOptions};
pub use manifests::{
    Hook, Manifest, ManifestError, ManifestHead, SortedManifests, compare_for_uninstall, split_manifests,
    write_manifest,
};
pub use name_template::{render_name_template, render_plain_template};
pub use output::{Crd, ProcessedChart, Rendered};
pub use post_render::PostRenderer;
pub use render::{chart_definitions, render, render_files};
pub use reuse::{reused_defaults, underlay_values};
pub use skeg_sprig::Surroundings;
pub use skeg_template::{Detail, ExecError, Frame, ParseError, TextError, UnknownFunction, similar};
pub use stack::on_render_stack;
