//! The files of a chart, sorted by what they are, and made into a chart.
//!
//! Helm 4.3.1, `pkg/chart/v2/loader`: a directory in `charts/` is a chart, a `.tgz` there is the archive of
//! one, names that start with `_` or `.` are passed over, `.prov` files are files of the chart itself.

use std::collections::BTreeMap;

use skeg_values::Value;

use super::load::{Content, Loading};
use super::{Chart, ChartFile, Selection, is_crd, is_readme};
use crate::error::LoadChartError;
use crate::lock::Lock;
use crate::metadata::Metadata;
use crate::path::extension;
use crate::values::decode_values;

/// The files of one chart.
#[derive(Default)]
pub(super) struct Parts {
    chart_yaml: Option<Vec<u8>>,
    requirements_yaml: Option<Vec<u8>>,
    chart_lock: Option<Vec<u8>>,
    requirements_lock: Option<Vec<u8>>,
    values_yaml: Option<Vec<u8>>,
    schema: Option<Vec<u8>>,
    templates: Vec<ChartFile>,
    files: Vec<ChartFile>,
    subcharts: BTreeMap<String, Subchart>,
}

/// A chart in `charts/`.
enum Subchart {
    Directory(Box<Parts>),
    /// Errors wait until the name of the chart around it is known.
    Archive(Box<Result<Chart, LoadChartError>>),
}

impl Parts {
    /// Takes in the file at `path`, unless it is not wanted.
    pub(super) fn add(
        &mut self,
        path: &str,
        content: &mut dyn Content,
        loading: &mut Loading<'_>,
    ) -> Result<(), LoadChartError> {
        let in_charts = path.strip_prefix("charts/");
        if let Some(path) = in_charts.filter(|path| extension(path) != ".prov") {
            return self.add_to_subchart(path, content, loading);
        }
        let limits = &loading.options.limits;
        let (document, limit) = match path {
            "Chart.yaml" => (&mut self.chart_yaml, limits.document),
            "requirements.yaml" => (&mut self.requirements_yaml, limits.document),
            "Chart.lock" => (&mut self.chart_lock, limits.document),
            "requirements.lock" => (&mut self.requirements_lock, limits.document),
            "values.yaml" => (&mut self.values_yaml, limits.file),
            _ => return self.add_file(path, content, loading),
        };
        *document = Some(content.read_whole(limit)?);
        Ok(())
    }

    fn add_file(
        &mut self,
        path: &str,
        content: &mut dyn Content,
        loading: &Loading<'_>,
    ) -> Result<(), LoadChartError> {
        let is_wanted = match loading.options.selection {
            Selection::Everything => true,
            Selection::Documents => is_readme(path) || is_crd(path),
        };
        if !is_wanted {
            return Ok(());
        }
        let data = content.read_whole(loading.options.limits.file)?;
        if path == "values.schema.json" {
            self.schema = Some(data);
            return Ok(());
        }
        let files = if path.starts_with("templates/") {
            &mut self.templates
        } else {
            &mut self.files
        };
        files.push(ChartFile {
            path: path.to_owned(),
            data: data.into(),
        });
        Ok(())
    }

    /// Takes in a file of `charts/`; `path` is what follows that.
    fn add_to_subchart(
        &mut self,
        path: &str,
        content: &mut dyn Content,
        loading: &mut Loading<'_>,
    ) -> Result<(), LoadChartError> {
        let (name, rest) = match path.split_once('/') {
            Some((name, rest)) => (name, Some(rest)),
            None => (path, None),
        };
        if name.starts_with(['_', '.']) {
            return Ok(());
        }
        if extension(name) == ".tgz" {
            let chart = match rest {
                None => content.load_nested(loading),
                Some(_) => Err(LoadChartError::SubchartArchiveIsDirectory {
                    expected: name.to_owned(),
                    actual: path.to_owned(),
                }),
            };
            self.subcharts
                .entry(name.to_owned())
                .or_insert_with(|| Subchart::Archive(Box::new(chart)));
            return Ok(());
        }
        let directory = || Subchart::Directory(Box::default());
        let subchart = self.subcharts.entry(name.to_owned()).or_insert_with(directory);
        match (subchart, rest) {
            (Subchart::Directory(parts), Some(rest)) => {
                loading.one_deeper(|loading| parts.add(rest, content, loading))
            }
            _ => Ok(()),
        }
    }

    /// Decodes what there is to decode, and loads the charts inside.
    pub(super) fn assemble(mut self, loading: &mut Loading<'_>) -> Result<Chart, LoadChartError> {
        let chart_yaml = self.chart_yaml.take().ok_or(LoadChartError::MissingChartYaml)?;
        let requirements_yaml = self.requirements_yaml.as_deref();
        let metadata = Metadata::parse_with_requirements(&chart_yaml, requirements_yaml)?;
        let lock = Lock::load(self.chart_lock.as_deref(), self.requirements_lock.as_deref())?;
        let values = self.values()?;
        if metadata.is_v1() && loading.options.selection == Selection::Everything {
            self.keep_requirements();
        }
        let mut subcharts = Vec::new();
        for (name, subchart) in self.subcharts {
            let chart = match subchart {
                Subchart::Archive(chart) => *chart,
                Subchart::Directory(parts) => parts.assemble(loading),
            };
            subcharts.push(chart.map_err(|source| LoadChartError::Subchart {
                subchart: name,
                chart: metadata.name().to_owned(),
                source: Box::new(source),
            })?);
        }
        Ok(Chart {
            metadata,
            raw_metadata: chart_yaml,
            values,
            raw_values: self.values_yaml,
            schema: self.schema,
            lock,
            templates: self.templates,
            files: self.files,
            subcharts,
            symlinks: Vec::new(),
        })
    }

    fn values(&self) -> Result<Option<Value>, LoadChartError> {
        let values = self.values_yaml.as_deref().map(decode_values).transpose();
        values.map_err(|source| LoadChartError::Values { source })
    }

    /// In a `v1` chart the files with its dependencies are files like others too, in the order of names.
    fn keep_requirements(&mut self) {
        let documents = [
            ("requirements.lock", self.requirements_lock.take()),
            ("requirements.yaml", self.requirements_yaml.take()),
        ];
        for (path, data) in documents {
            let Some(data) = data else { continue };
            self.files.push(ChartFile {
                path: path.to_owned(),
                data: data.into(),
            });
        }
    }
}
