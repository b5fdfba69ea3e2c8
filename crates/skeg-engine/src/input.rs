//! What is rendered, and how.

use std::fmt;
use std::rc::Rc;

use skeg_chart::Chart;
use skeg_go::{CallError, GoMap, GoValue};
use skeg_sprig::Surroundings;
use skeg_values::schema::SchemaSource;

use crate::capabilities::Capabilities;
use crate::post_render::PostRenderer;

/// Everything that the outcome of rendering depends on.
#[derive(Debug)]
pub struct RenderInput<'chart> {
    /// The chart, loaded whole.
    pub chart: &'chart Chart,
    /// The values of the user, already merged.
    pub values: GoMap,
    /// What `.Release` says.
    pub release: ReleaseOptions,
    /// What `.Capabilities` says.
    pub capabilities: Capabilities,
    /// How it is done.
    pub options: RenderOptions,
    /// The cluster that `lookup` asks; without one it finds nothing.
    pub lookup: Option<Rc<dyn ClusterLookup>>,
    /// The clock and the source of random bytes.
    pub surroundings: Surroundings,
}

/// The release that the manifests are for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseOptions {
    /// Its name.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// Its revision.
    pub revision: i64,
    /// Whether it is new.
    pub is_install: bool,
    /// Whether it was there before.
    pub is_upgrade: bool,
}

impl Default for ReleaseOptions {
    fn default() -> Self {
        Self {
            name: "release-name".to_owned(),
            namespace: "default".to_owned(),
            revision: 1,
            is_install: true,
            is_upgrade: false,
        }
    }
}

/// How a chart is rendered. The default is that of `helm template`.
#[derive(Clone, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are switches of the command line, each on its own"
)]
pub struct RenderOptions {
    /// Whether `getHostByName` asks the network; otherwise it is the empty text.
    pub enable_dns: bool,
    /// Whether `required` and `fail` only log.
    pub lint_mode: bool,
    /// Whether `values.schema.json` is passed over.
    pub skip_schema_validation: bool,
    /// Whether the notes of the charts inside are notes as well.
    pub sub_notes: bool,
    /// Whether the chart comes back as its dependencies have made it, which is what a release keeps.
    pub keep_chart: bool,
    /// Where the schemas are that `values.schema.json` refers to; without it they cannot be loaded.
    pub schema_source: Option<Rc<dyn SchemaSource>>,
    /// What all documents go through before they are sorted.
    pub post_renderer: Option<Rc<dyn PostRenderer>>,
    /// The number of bytes that one template may print; none for no limit.
    pub max_output: Option<usize>,
    /// The number of steps that one template may take; none for no limit.
    pub max_steps: Option<u64>,
}

impl fmt::Debug for RenderOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RenderOptions")
            .field("enable_dns", &self.enable_dns)
            .field("lint_mode", &self.lint_mode)
            .field("skip_schema_validation", &self.skip_schema_validation)
            .field("sub_notes", &self.sub_notes)
            .field("keep_chart", &self.keep_chart)
            .field("has_schema_source", &self.schema_source.is_some())
            .field("has_post_renderer", &self.post_renderer.is_some())
            .field("max_output", &self.max_output)
            .field("max_steps", &self.max_steps)
            .finish()
    }
}

/// A cluster that `lookup` asks.
pub trait ClusterLookup: fmt::Debug {
    /// The object, or the list of objects if `name` is empty; an empty map if there is none.
    fn lookup(
        &self,
        api_version: &str,
        kind: &str,
        namespace: &str,
        name: &str,
    ) -> Result<GoValue, CallError>;
}
