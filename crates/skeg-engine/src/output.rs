//! What came out of rendering.

use std::collections::BTreeMap;
use std::sync::Arc;

use skeg_chart::Dependency;
use skeg_values::Value;

use crate::manifests::{Hook, Manifest, write_manifest};

/// A rendered chart.
#[derive(Clone, Debug, Default)]
pub struct Rendered {
    /// What each template printed, by its path; without the notes.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The hooks in the order of installation.
    pub hooks: Vec<Hook>,
    /// The other manifests in the order of installation.
    pub manifests: Vec<Manifest>,
    /// The notes.
    pub notes: Vec<u8>,
    /// The resource definitions in `crds/` of all charts that take part.
    pub crds: Vec<Crd>,
    /// The chart as its dependencies have made it, if that was asked for.
    pub chart: Option<ProcessedChart>,
    /// What Helm logs on the way, in order.
    pub warnings: Vec<String>,
}

/// What becomes of a chart when it is worked out which of its dependencies take part.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProcessedChart {
    /// The default values, with those of the charts inside and what is imported from them; `None` if there are none.
    pub values: Option<Value>,
    /// The dependencies that take part, under the names that they go by.
    pub dependencies: Vec<Dependency>,
}

/// A file with resource definitions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crd {
    /// The path with the names of the charts: `demo/charts/sub/crds/a.yaml`.
    pub path: String,
    /// The content.
    pub content: Arc<Vec<u8>>,
}

impl Rendered {
    /// The manifests as one document, as a release keeps them.
    pub fn manifest(&self, include_crds: bool) -> Vec<u8> {
        let mut out = Vec::new();
        if include_crds {
            for crd in &self.crds {
                write_manifest(&mut out, &crd.path, &crd.content);
            }
        }
        for manifest in &self.manifests {
            write_manifest(&mut out, &manifest.name, &manifest.content);
        }
        out
    }
}
