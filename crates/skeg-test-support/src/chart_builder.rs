//! Charts to test with, as directories and as archives.

use std::path::{Path, PathBuf};

use fs_err as fs;

use crate::archive_builder::ArchiveBuilder;
use crate::random::random_bytes;

/// Describes a chart; [`write_dir`](ChartBuilder::write_dir) and
/// [`write_archive`](ChartBuilder::write_archive) make it.
///
/// ```
/// use skeg_test_support::ChartBuilder;
///
/// let chart = ChartBuilder::new("demo", "1.0.0")
///     .app_version("2.0")
///     .file("values.yaml", "replicas: 1\n")
///     .template("config.yaml", "kind: ConfigMap\n");
/// assert_eq!(chart.file_name(), "demo-1.0.0.tgz");
/// ```
#[derive(Debug, Clone)]
#[must_use = "a described chart is nothing until it is written"]
pub struct ChartBuilder {
    name: String,
    version: String,
    fields: String,
    dependencies: String,
    chart_yaml: Option<String>,
    without_chart_yaml: bool,
    files: Vec<(String, File)>,
}

#[derive(Debug, Clone)]
enum File {
    Bytes(Vec<u8>),
    Random { size: usize, seed: u64 },
}

impl ChartBuilder {
    /// A chart of API version v2 with nothing but a `Chart.yaml`.
    pub fn new(name: &str, version: &str) -> Self {
        Self {
            name: name.to_owned(),
            version: version.to_owned(),
            fields: String::new(),
            dependencies: String::new(),
            chart_yaml: None,
            without_chart_yaml: false,
            files: Vec::new(),
        }
    }

    /// Sets `appVersion`.
    pub fn app_version(self, version: &str) -> Self {
        self.field("appVersion", version)
    }

    /// Adds a text field to `Chart.yaml`, quoted.
    pub fn field(self, key: &str, value: &str) -> Self {
        let line = format!("{key}: {}\n", quoted(value));
        self.yaml(&line)
    }

    /// Adds lines to `Chart.yaml` as they are.
    pub fn yaml(mut self, lines: &str) -> Self {
        self.fields.push_str(lines);
        self
    }

    /// Adds a dependency; `repository` may be empty.
    pub fn dependency(mut self, name: &str, version: &str, repository: &str) -> Self {
        if self.dependencies.is_empty() {
            self.dependencies.push_str("dependencies:\n");
        }
        let (name, version) = (quoted(name), quoted(version));
        let entry = format!("  - name: {name}\n    version: {version}\n");
        self.dependencies.push_str(&entry);
        if !repository.is_empty() {
            let line = format!("    repository: {}\n", quoted(repository));
            self.dependencies.push_str(&line);
        }
        self
    }

    /// Replaces the whole of `Chart.yaml`.
    pub fn chart_yaml(mut self, text: &str) -> Self {
        self.chart_yaml = Some(text.to_owned());
        self
    }

    /// Leaves `Chart.yaml` out.
    pub fn without_chart_yaml(mut self) -> Self {
        self.without_chart_yaml = true;
        self
    }

    /// Adds a file.
    pub fn file(mut self, path: &str, content: impl Into<Vec<u8>>) -> Self {
        self.files.push((path.to_owned(), File::Bytes(content.into())));
        self
    }

    /// Adds a file below `templates/`.
    pub fn template(self, path: &str, content: &str) -> Self {
        self.file(&format!("templates/{path}"), content)
    }

    /// Adds `files/random-SEED.bin`: bytes that do not compress.
    pub fn big_random_file(mut self, size: usize, seed: u64) -> Self {
        let path = format!("files/random-{seed}.bin");
        self.files.push((path, File::Random { size, seed }));
        self
    }

    /// `NAME-VERSION.tgz`.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("{}-{}.tgz", self.name, self.version)
    }

    /// The text of `Chart.yaml`.
    #[must_use]
    pub fn metadata(&self) -> String {
        self.chart_yaml.clone().unwrap_or_else(|| {
            let (name, version) = (quoted(&self.name), quoted(&self.version));
            let head = format!("apiVersion: v2\nname: {name}\nversion: {version}\n");
            head + &self.fields + &self.dependencies
        })
    }

    /// Writes the chart to `parent/NAME` and returns that path.
    ///
    /// # Panics
    ///
    /// Panics where it cannot be written.
    pub fn write_dir(&self, parent: impl AsRef<Path>) -> PathBuf {
        let directory = parent.as_ref().join(&self.name);
        fs::create_dir_all(&directory).expect("because the test owns the directory");
        if !self.without_chart_yaml {
            write(&directory.join("Chart.yaml"), self.metadata().as_bytes());
        }
        for (path, file) in &self.files {
            match file {
                File::Bytes(bytes) => write(&directory.join(path), bytes),
                File::Random { size, seed } => {
                    write(&directory.join(path), &random_bytes(*size, *seed));
                }
            }
        }
        directory
    }

    /// The chart as an archive to which further entries can be added.
    pub fn archive(&self) -> ArchiveBuilder {
        let mut archive = ArchiveBuilder::new();
        if !self.without_chart_yaml {
            archive = archive.file(&self.entry_name("Chart.yaml"), self.metadata());
        }
        for (path, file) in &self.files {
            let name = self.entry_name(path);
            archive = match file {
                File::Bytes(bytes) => add_file(archive, &name, bytes.clone()),
                File::Random { size, seed } => archive.random(&name, *size as u64, *seed),
            };
        }
        archive
    }

    /// Writes the chart to `directory/NAME-VERSION.tgz` and returns that path.
    ///
    /// # Panics
    ///
    /// Panics where it cannot be written.
    pub fn write_archive(&self, directory: impl AsRef<Path>) -> PathBuf {
        let path = directory.as_ref().join(self.file_name());
        self.archive().write(&path);
        path
    }

    fn entry_name(&self, path: &str) -> String {
        format!("{}/{path}", self.name)
    }
}

fn add_file(archive: ArchiveBuilder, name: &str, content: Vec<u8>) -> ArchiveBuilder {
    if name.len() > 100 {
        archive.pax_file(name, content)
    } else {
        archive.file(name, content)
    }
}

fn write(path: &Path, content: &[u8]) {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).expect("because the test owns the directory");
    }
    fs::write(path, content).expect("because the test owns the directory");
}

/// A YAML double-quoted scalar.
fn quoted(text: &str) -> String {
    let escaped = text
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n");
    format!("\"{escaped}\"")
}
