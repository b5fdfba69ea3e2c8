//! Which files make up a chart, and in which order they stand in an archive.
//!
//! Helm 4.3.1 does not copy a chart: it loads it and writes what it has loaded. So `Chart.yaml`
//! and the lock file are written anew, archives in `charts/` become directories, `requirements.yaml` goes into the
//! `Chart.yaml` of a `v2` chart, `charts/_*` and `charts/.*` are left out. The order is
//! `Chart.yaml`, `Chart.lock`, `values.yaml`, `values.schema.json`, templates, other files, and
//! then the charts in `charts/`; Helm writes those in random order, here they are sorted.

use std::collections::{BTreeMap, HashSet};

use super::content::{Content, SourceFile};
use super::error::ContentsError;
use super::unpack::Unpacker;
use crate::dependency::Dependency;
use crate::lock::Lock;
use crate::metadata::Metadata;
use crate::path::extension;
use crate::values::decode_values;

/// A chart taken apart.
#[derive(Debug)]
pub(super) struct ChartContents {
    pub(super) metadata: Metadata,
    lock: Option<Content>,
    values: Option<Content>,
    schema: Option<Content>,
    templates: Vec<SourceFile>,
    files: Vec<SourceFile>,
    /// The charts in `charts/`, each with the name of its directory there, in order.
    dependencies: Vec<(String, ChartContents)>,
}

impl ChartContents {
    /// Sorts out the files of a chart, and of the charts in it.
    ///
    /// `depth` is 0 for the chart itself, 1 for one in its `charts/`, and so on.
    pub(super) fn collect(
        files: Vec<SourceFile>,
        unpacker: &mut Unpacker<'_>,
        depth: usize,
    ) -> Result<Self, ContentsError> {
        let mut sorted = SortedFiles::default();
        for file in files {
            sorted.add(file);
        }
        let metadata = sorted.read_metadata(unpacker.limits().document)?;
        let mut lock = sorted.read_lock(unpacker.limits().document)?;
        if metadata.is_v1() {
            lock = None;
            sorted.files.extend(sorted.requirements_lock.take());
            sorted.files.extend(sorted.requirements.take());
        }
        if let Some(values) = &sorted.values {
            check_values(values, unpacker.limits().file)?;
        }
        if let Some(schema) = &sorted.schema {
            check_schema(schema, unpacker.limits().file)?;
        }
        let mut dependencies = Vec::new();
        for (entry, files) in sorted.charts {
            let dependency = collect_dependency(&entry, files, unpacker, depth + 1);
            dependencies.push(dependency.map_err(|source| ContentsError::Dependency {
                entry,
                chart: metadata.name().to_owned(),
                source: Box::new(source),
            })?);
        }
        Ok(Self {
            dependencies: name_directories(dependencies)?,
            metadata,
            lock: lock.map(|lock| Content::Bytes(lock.to_yaml().into_bytes())),
            values: sorted.values,
            schema: sorted.schema,
            templates: sorted.templates,
            files: sorted.files,
        })
    }

    /// Names of dependencies that are declared and not there, in the order of declaration.
    ///
    /// Helm 4.3.1 compares names only: another version of a chart will do.
    pub(super) fn missing_dependencies(&self) -> Vec<String> {
        let present: HashSet<_> = self
            .dependencies
            .iter()
            .map(|(_, chart)| chart.metadata.name())
            .collect();
        let declared = self.metadata.dependencies().iter().map(Dependency::name);
        declared
            .filter(|name| !present.contains(name))
            .map(str::to_owned)
            .collect()
    }

    /// The entries of the archive in order; `directory` comes before every path.
    pub(super) fn into_entries(self, directory: &str) -> Vec<SourceFile> {
        let mut entries = Vec::new();
        self.add_entries(directory, &mut entries);
        entries
    }

    fn add_entries(self, directory: &str, entries: &mut Vec<SourceFile>) {
        let chart_yaml = Content::Bytes(self.metadata.to_packaged_yaml().into_bytes());
        let singles = [
            (CHART_YAML, Some(chart_yaml)),
            (CHART_LOCK, self.lock),
            (VALUES, self.values),
            (SCHEMA, self.schema),
        ];
        for (path, content) in singles {
            entries.extend(content.map(|content| SourceFile {
                path: format!("{directory}/{path}"),
                content,
            }));
        }
        for file in self.templates.into_iter().chain(self.files) {
            let path = format!("{directory}/{}", file.path);
            entries.push(SourceFile { path, ..file });
        }
        for (name, chart) in self.dependencies {
            chart.add_entries(&format!("{directory}/charts/{name}"), entries);
        }
    }
}

const CHART_YAML: &str = "Chart.yaml";
const CHART_LOCK: &str = "Chart.lock";
const VALUES: &str = "values.yaml";
const SCHEMA: &str = "values.schema.json";
const REQUIREMENTS: &str = "requirements.yaml";
const REQUIREMENTS_LOCK: &str = "requirements.lock";

/// The files of a chart by what they are for.
#[derive(Default)]
struct SortedFiles {
    chart_yaml: Option<Content>,
    chart_lock: Option<SourceFile>,
    values: Option<Content>,
    schema: Option<Content>,
    requirements: Option<SourceFile>,
    requirements_lock: Option<SourceFile>,
    templates: Vec<SourceFile>,
    files: Vec<SourceFile>,
    /// What is in `charts/`, by file or directory there.
    charts: BTreeMap<String, Vec<SourceFile>>,
}

impl SortedFiles {
    fn add(&mut self, file: SourceFile) {
        match file.path.as_str() {
            CHART_YAML => self.chart_yaml = Some(file.content),
            CHART_LOCK => self.chart_lock = Some(file),
            VALUES => self.values = Some(file.content),
            SCHEMA => self.schema = Some(file.content),
            REQUIREMENTS => self.requirements = Some(file),
            REQUIREMENTS_LOCK => self.requirements_lock = Some(file),
            path if path.starts_with("templates/") => self.templates.push(file),
            path if path.starts_with("charts/") && extension(path) != ".prov" => {
                self.add_chart_file(file);
            }
            _ => self.files.push(file),
        }
    }

    fn add_chart_file(&mut self, file: SourceFile) {
        let in_charts = &file.path["charts/".len()..];
        let (entry, rest) = in_charts.split_once('/').unwrap_or((in_charts, ""));
        if entry.starts_with(['_', '.']) {
            return;
        }
        let (entry, path) = (entry.to_owned(), rest.to_owned());
        self.charts
            .entry(entry)
            .or_default()
            .push(SourceFile { path, ..file });
    }

    fn read_metadata(&self, limit: u64) -> Result<Metadata, ContentsError> {
        let chart_yaml = self.chart_yaml.as_ref().ok_or(ContentsError::MissingChartYaml)?;
        let chart_yaml = read_document(CHART_YAML, chart_yaml, limit)?;
        let requirements = read_optional(REQUIREMENTS, self.requirements.as_ref(), limit)?;
        let metadata = Metadata::parse_with_requirements(&chart_yaml, requirements.as_deref())?;
        match metadata.api_version() {
            "v1" | "v2" => Ok(metadata),
            other => Err(ContentsError::ApiVersion {
                api_version: other.to_owned(),
            }),
        }
    }

    fn read_lock(&self, limit: u64) -> Result<Option<Lock>, ContentsError> {
        let chart_lock = read_optional(CHART_LOCK, self.chart_lock.as_ref(), limit)?;
        let requirements_lock = read_optional(REQUIREMENTS_LOCK, self.requirements_lock.as_ref(), limit)?;
        Ok(Lock::load(chart_lock.as_deref(), requirements_lock.as_deref())?)
    }
}

fn read_optional(
    path: &str,
    file: Option<&SourceFile>,
    limit: u64,
) -> Result<Option<Vec<u8>>, ContentsError> {
    file.map(|file| read_document(path, &file.content, limit))
        .transpose()
}

fn read_document(file: &str, content: &Content, limit: u64) -> Result<Vec<u8>, ContentsError> {
    match content.read_whole(limit) {
        Ok(Some(bytes)) => Ok(bytes),
        Ok(None) => Err(ContentsError::DocumentTooLarge {
            file: file.to_owned(),
            limit,
        }),
        Err(source) => Err(ContentsError::Read {
            file: file.to_owned(),
            source,
        }),
    }
}

/// Helm 4.3.1 packages no chart whose values it cannot load: each document has to be a mapping, or nothing.
fn check_values(content: &Content, limit: u64) -> Result<(), ContentsError> {
    let values = read_document(VALUES, content, limit)?;
    decode_values(&values).map(drop).map_err(ContentsError::Values)
}

/// Helm 4.3.1 writes no archive with a schema that is not JSON; whether it is a schema, it does
/// not ask.
fn check_schema(content: &Content, limit: u64) -> Result<(), ContentsError> {
    let schema = read_document(SCHEMA, content, limit)?;
    serde_json::from_slice::<&serde_json::value::RawValue>(&schema)
        .map(|_| ())
        .map_err(ContentsError::InvalidSchema)
}

/// Collects what is called `entry` in `charts/`: an archive, or a directory whose files have paths
/// inside it.
fn collect_dependency(
    entry: &str,
    files: Vec<SourceFile>,
    unpacker: &mut Unpacker<'_>,
    depth: usize,
) -> Result<ChartContents, ContentsError> {
    let archive = files
        .iter()
        .find(|file| file.path.is_empty() && extension(entry) == ".tgz");
    let files = match archive {
        None => files,
        Some(archive) => {
            let opened = archive.content.open();
            let (_, reader) = opened.map_err(|source| ContentsError::Read {
                file: format!("charts/{entry}"),
                source,
            })?;
            unpacker.unpack(reader, depth)?
        }
    };
    ChartContents::collect(files, unpacker, depth)
}

/// Sorts charts by name and version and gives each its directory: its name, or its name and
/// version where an earlier one has that.
fn name_directories(mut charts: Vec<ChartContents>) -> Result<Vec<(String, ChartContents)>, ContentsError> {
    let key = |chart: &ChartContents| {
        let metadata = &chart.metadata;
        (metadata.name().to_owned(), metadata.version().to_owned())
    };
    charts.sort_by_cached_key(key);
    let mut named = BTreeMap::new();
    for chart in charts {
        let (name, version) = key(&chart);
        let directory = if named.contains_key(&name) {
            format!("{name}-{version}")
        } else {
            name.clone()
        };
        if named.insert(directory, chart).is_some() {
            return Err(ContentsError::DuplicateDependency { name, version });
        }
    }
    Ok(named.into_iter().collect())
}
