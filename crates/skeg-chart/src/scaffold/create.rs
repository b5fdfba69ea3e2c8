//! Writing a new chart to disk.

use std::borrow::Cow;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use skeg_files::{Readers, temporary_beside};

use super::error::CreateError;
use super::files::{FILES, NAME_PLACEHOLDER, STARTER_CHART_YAML, fill_chart_yaml};
use crate::load::dir::DirectoryListing;
use crate::load::limits::Limits;
use crate::output::make_directory;

/// Helm 4.3.1: the longest name that `create` takes.
const LONGEST_NAME: usize = 250;

/// A chart that was created.
#[derive(Debug, PartialEq, Eq)]
pub struct CreatedChart {
    /// The chart's directory.
    pub path: PathBuf,
    /// Files that were there before and have been replaced, in the order of writing.
    pub overwritten: Vec<PathBuf>,
}

/// Creates the directory `parent`/`name` with a chart that deploys one container image.
///
/// Files of an existing directory are replaced and reported, as Helm 4.3.1 does. The rendered
/// objects are those of Helm's scaffold: a deployment, a service and a service account, and, when
/// their values say so, an ingress, an HTTP route and an autoscaler.
///
/// ```
/// let parent = tempfile::tempdir()?;
/// let chart = skeg_chart::create_chart(parent.path(), "demo").expect("the directory is empty");
/// assert!(chart.path.join("templates/deployment.yaml").exists());
/// assert!(chart.overwritten.is_empty());
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn create_chart(parent: &Path, name: &str) -> Result<CreatedChart, CreateError> {
    let mut writer = ChartWriter::new(parent, name)?;
    for (path, text) in FILES {
        let text = match *path {
            "Chart.yaml" => fill_chart_yaml(text, name),
            _ => text.replace(NAME_PLACEHOLDER, name),
        };
        writer.write(path, text.as_bytes())?;
    }
    writer.make_directory("charts")?;
    Ok(writer.created)
}

/// Creates the directory `parent`/`name` as a copy of the chart in the directory `starter`.
///
/// The copy gets a new `Chart.yaml` and no `Chart.lock`. In its `values.yaml` and its templates
/// `<CHARTNAME>` becomes the chart's name; all other files, the charts it contains included, are
/// copied as they are (Helm 4.3.1, but Helm packs the contained charts). What the starter's
/// `.helmignore` names is left out.
pub fn create_chart_from_starter(
    parent: &Path,
    name: &str,
    starter: &Path,
    limits: &Limits,
) -> Result<CreatedChart, CreateError> {
    std::fs::metadata(starter).map_err(|source| CreateError::StarterMissing {
        path: starter.to_owned(),
        source,
    })?;
    let unreadable = |source| CreateError::Starter {
        path: starter.to_owned(),
        source,
    };
    let listing = DirectoryListing::read(starter, limits).map_err(unreadable)?;
    if listing.file("Chart.yaml").is_none() {
        return Err(CreateError::StarterWithoutChartYaml {
            path: starter.to_owned(),
        });
    }
    let mut writer = ChartWriter::new(parent, name)?;
    writer.write("Chart.yaml", fill_chart_yaml(STARTER_CHART_YAML, name).as_bytes())?;
    for file in listing.files() {
        match file.path() {
            "Chart.yaml" | "Chart.lock" => {}
            path if path == "values.yaml" || path.starts_with("templates/") => {
                let content = file.read_whole(limits.file).map_err(unreadable)?;
                writer.write(path, &*fill_in(&content, name))?;
            }
            path => writer.write(path, file.open().map_err(unreadable)?)?,
        }
    }
    Ok(writer.created)
}

/// Writes the files of one chart and notes which were there before.
struct ChartWriter {
    created: CreatedChart,
}

impl ChartWriter {
    /// Checks the name and makes the chart's directory.
    fn new(parent: &Path, name: &str) -> Result<Self, CreateError> {
        check_name(name)?;
        std::fs::metadata(parent).map_err(|source| CreateError::Parent {
            path: parent.to_owned(),
            source,
        })?;
        let path = parent.join(name);
        if path.exists() && !path.is_dir() {
            return Err(CreateError::NotADirectory { path });
        }
        if let Err(source) = make_directory(&path) {
            return Err(CreateError::Write { path, source });
        }
        Ok(Self {
            created: CreatedChart {
                path,
                overwritten: Vec::new(),
            },
        })
    }

    fn make_directory(&self, path: &str) -> Result<(), CreateError> {
        let path = self.created.path.join(path);
        make_directory(&path).map_err(|source| CreateError::Write { path, source })
    }

    /// Writes one file, with the directories it is in.
    fn write(&mut self, path: &str, mut content: impl Read) -> Result<(), CreateError> {
        if let Some((directory, _)) = path.rsplit_once('/') {
            self.make_directory(directory)?;
        }
        let path = self.created.path.join(path);
        let existed = path.exists();
        let mut write = || {
            let mut file = temporary_beside(&path, Readers::Umask)?;
            io::copy(&mut content, &mut file)?;
            file.persist(&path).map_err(|error| error.error)
        };
        match write() {
            Ok(_) if existed => self.created.overwritten.push(path),
            Ok(_) => {}
            Err(source) => return Err(CreateError::Write { path, source }),
        }
        Ok(())
    }
}

fn check_name(name: &str) -> Result<(), CreateError> {
    if name.is_empty() || name.len() > LONGEST_NAME {
        return Err(CreateError::NameLength {
            longest: LONGEST_NAME,
        });
    }
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if !name.bytes().all(is_allowed) {
        return Err(CreateError::NameCharacters);
    }
    if name == "." || name == ".." {
        return Err(CreateError::NameIsRelative {
            name: name.to_owned(),
        });
    }
    Ok(())
}

/// Replaces the placeholder in a file that may not be text at all.
fn fill_in<'content>(content: &'content [u8], name: &str) -> Cow<'content, [u8]> {
    match str::from_utf8(content) {
        Ok(text) if text.contains(NAME_PLACEHOLDER) => {
            Cow::Owned(text.replace(NAME_PLACEHOLDER, name).into_bytes())
        }
        _ => Cow::Borrowed(content),
    }
}
