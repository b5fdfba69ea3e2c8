//! Unpacking a chart archive into a directory, all or nothing.

use std::io::Write;
use std::path::{Path, PathBuf};

use fs_err as fs;
use skeg_files::ScratchDirectory;

use super::archive::{CopyError, in_archive, open};
use super::limits::Limits;
use crate::error::{ScanArchiveError, UnpackArchiveError};
use crate::metadata::name_in_chart_yaml;
use crate::name::ChartName;

/// Unpacks the archive at `archive` into `parent`, in a directory with the name of the chart, whose path
/// is returned.
///
/// `parent` is made if it is not there. The files are written to a temporary directory in it, which gets
/// its name at the very end: on any error nothing is left behind. As with Helm 4.3.1, of `Chart.yaml`
/// only the name has to be valid, and byte-order marks are dropped.
pub fn unpack_archive(archive: &Path, parent: &Path, limits: &Limits) -> Result<PathBuf, UnpackArchiveError> {
    fs::create_dir_all(parent).map_err(UnpackArchiveError::Write)?;
    let temporary = ScratchDirectory::create_in(parent).map_err(UnpackArchiveError::Write)?;
    let content = temporary.path().join("chart");
    let name = write_files(archive, &content, limits)?;

    let destination = parent.join(name.as_str());
    if fs::symlink_metadata(&destination).is_ok() {
        return Err(UnpackArchiveError::Exists { path: destination });
    }
    fs::rename(&content, &destination).map_err(UnpackArchiveError::Write)?;
    Ok(destination)
}

/// Writes all files below `directory` and returns the name in `Chart.yaml`.
fn write_files(archive: &Path, directory: &Path, limits: &Limits) -> Result<ChartName, UnpackArchiveError> {
    let in_archive = |error| in_archive(archive, error);
    let mut reader = open(archive, limits)?;
    let mut chart_yaml = None;
    while let Some(mut entry) = reader.next_entry().map_err(in_archive)? {
        let path = location(directory, entry.path())?;
        let folder = path.parent().unwrap_or(directory);
        fs::create_dir_all(folder).map_err(UnpackArchiveError::Write)?;
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create_new(limits.strict)
            .create(true)
            .truncate(true)
            .open(&path)
            .map_err(UnpackArchiveError::Write)?;
        if entry.path() == "Chart.yaml" {
            let content = entry.read_whole(limits.document).map_err(in_archive)?;
            file.write_all(&content).map_err(UnpackArchiveError::Write)?;
            chart_yaml = Some(content);
        } else {
            entry.copy_to(&mut file).map_err(|error| match error {
                CopyError::Archive(error) => in_archive(error).into(),
                CopyError::Write(error) => UnpackArchiveError::Write(error),
            })?;
        }
    }
    let chart_yaml = chart_yaml.ok_or_else(|| ScanArchiveError::MissingChartYaml {
        archive: archive.to_owned(),
    })?;
    chart_name(archive, &chart_yaml)
}

/// Where an entry goes. Its path has been made safe; what remains is what Windows reads into a name.
fn location(directory: &Path, path: &str) -> Result<PathBuf, UnpackArchiveError> {
    let is_special = |c: char| matches!(c, ':' | '<' | '>' | '"' | '|' | '?' | '*') || c.is_ascii_control();
    if cfg!(windows) && path.contains(is_special) {
        return Err(UnpackArchiveError::NameNotPortable {
            entry: path.to_owned(),
        });
    }
    Ok(path
        .split('/')
        .fold(directory.to_owned(), |location, name| location.join(name)))
}

fn chart_name(archive: &Path, chart_yaml: &[u8]) -> Result<ChartName, UnpackArchiveError> {
    let name = name_in_chart_yaml(chart_yaml).map_err(|source| ScanArchiveError::Metadata {
        archive: archive.to_owned(),
        source,
    })?;
    ChartName::parse(&name).map_err(|source| UnpackArchiveError::Name {
        archive: archive.to_owned(),
        source,
    })
}
