//! A chart in memory, with the charts inside it.

mod load;
mod parts;

use std::path::Path;
use std::sync::Arc;

use skeg_values::Value;

use crate::error::LoadChartError;
use crate::load::dir::FollowedSymlink;
use crate::load::limits::Limits;
use crate::lock::Lock;
use crate::metadata::Metadata;
use crate::path::extension;

/// The names of a README that `helm show readme` takes, whatever their case.
const README_NAMES: &[&str] = &["readme.md", "readme.txt", "readme"];

/// The extensions of files in `crds/` that hold resources, whatever their case.
const MANIFEST_EXTENSIONS: &[&str] = &[".yaml", ".yml", ".json"];

/// A chart: what its files say, and the charts in its `charts/`.
///
/// ```
/// use skeg_chart::{Chart, LoadOptions};
///
/// let directory = tempfile::tempdir()?;
/// std::fs::write(directory.path().join("Chart.yaml"), "apiVersion: v2\nname: demo\nversion: 1.0.0\n")?;
/// std::fs::write(directory.path().join("README.md"), "A demo.\n")?;
///
/// let chart = Chart::load(directory.path(), &LoadOptions::default()).expect("it is a chart");
/// assert_eq!(chart.metadata().name(), "demo");
/// assert_eq!(chart.readme().map(|file| file.data()), Some(&b"A demo.\n"[..]));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Chart {
    metadata: Metadata,
    raw_metadata: Vec<u8>,
    values: Option<Value>,
    raw_values: Option<Vec<u8>>,
    schema: Option<Vec<u8>>,
    lock: Option<Lock>,
    templates: Vec<ChartFile>,
    files: Vec<ChartFile>,
    subcharts: Vec<Chart>,
    symlinks: Vec<FollowedSymlink>,
}

/// A file of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartFile {
    path: String,
    data: Arc<Vec<u8>>,
}

/// A file with resource definitions, and where it is in the tree of charts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrdFile<'chart> {
    /// The path with the names of the charts: `demo/charts/sub/crds/a.yaml`.
    pub full_path: String,
    /// The file.
    pub file: &'chart ChartFile,
}

/// How a chart is loaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LoadOptions {
    /// What the chart may hold.
    pub limits: Limits,
    /// What is kept of it.
    pub selection: Selection,
}

/// Which files of a chart are kept in memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    /// All of them.
    #[default]
    Everything,
    /// What `show` prints: `Chart.yaml`, values, README, and the definitions in `crds/`. Memory does not grow
    /// with the rest of the chart.
    Documents,
}

impl Chart {
    /// Loads the chart in a directory or an archive.
    ///
    /// Helm 4.3.1 takes in the charts of `charts/` in random order; here they are sorted by the name of their
    /// directory or archive.
    pub fn load(path: &Path, options: &LoadOptions) -> Result<Self, LoadChartError> {
        load::load(path, options)
    }

    /// The symbolic links that were followed in the directory of the chart, so that a person can be told.
    pub fn symlinks(&self) -> &[FollowedSymlink] {
        &self.symlinks
    }

    /// What `Chart.yaml` says.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// `Chart.yaml` as it is written.
    pub fn chart_yaml(&self) -> &[u8] {
        &self.raw_metadata
    }

    /// The default values; `None` without a `values.yaml`. Numbers are float64, documents are merged.
    pub fn values(&self) -> Option<&Value> {
        self.values.as_ref()
    }

    /// `values.yaml` as it is written.
    pub fn values_yaml(&self) -> Option<&[u8]> {
        self.raw_values.as_deref()
    }

    /// `values.schema.json` as it is written.
    pub fn schema(&self) -> Option<&[u8]> {
        self.schema.as_deref()
    }

    /// The lock file.
    pub fn lock(&self) -> Option<&Lock> {
        self.lock.as_ref()
    }

    /// The files in `templates/`.
    pub fn templates(&self) -> &[ChartFile] {
        &self.templates
    }

    /// The files that are neither templates nor read by Helm itself.
    pub fn files(&self) -> &[ChartFile] {
        &self.files
    }

    /// The charts in `charts/`.
    pub fn subcharts(&self) -> &[Chart] {
        &self.subcharts
    }

    /// The README that `helm show readme` prints: the first file called so.
    pub fn readme(&self) -> Option<&ChartFile> {
        self.files.iter().find(|file| is_readme(&file.path))
    }

    /// The resource definitions in the `crds/` of this chart and then of the charts inside it, in the order of
    /// `helm show crds`.
    pub fn crds(&self) -> Vec<CrdFile<'_>> {
        let mut crds = Vec::new();
        self.add_crds(self.metadata.name(), &mut crds);
        crds
    }

    fn add_crds<'chart>(&'chart self, full_path: &str, crds: &mut Vec<CrdFile<'chart>>) {
        let files = self.files.iter().filter(|file| is_crd(&file.path));
        crds.extend(files.map(|file| CrdFile {
            full_path: format!("{full_path}/{}", file.path),
            file,
        }));
        for subchart in &self.subcharts {
            let full_path = format!("{full_path}/charts/{}", subchart.metadata.name());
            subchart.add_crds(&full_path, crds);
        }
    }
}

impl ChartFile {
    /// The path inside the chart, with `/`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The content, without a UTF-8 byte-order mark.
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// The content as a handle of its own, which outlives the chart.
    pub fn shared_data(&self) -> Arc<Vec<u8>> {
        Arc::clone(&self.data)
    }

    /// Whether it holds resource definitions: a manifest in `crds/`.
    pub fn is_crd(&self) -> bool {
        is_crd(&self.path)
    }
}

fn is_readme(path: &str) -> bool {
    README_NAMES.iter().any(|name| name.eq_ignore_ascii_case(path))
}

fn is_crd(path: &str) -> bool {
    path.starts_with("crds/")
        && MANIFEST_EXTENSIONS
            .iter()
            .any(|known| known.eq_ignore_ascii_case(extension(path)))
}
