//! The charts inside a chart, for `--with-subcharts`.

use std::path::{Path, PathBuf};

use crate::paths::clean;

/// How deep directories may be inside each other.
const DEEPEST: usize = 256;

/// Whether a path is that of an archive, going by its name as Helm does.
pub(super) fn is_archive(path: &str) -> bool {
    [".tgz", ".tar.gz"].iter().any(|ending| path.ends_with(ending))
}

/// The directories and archives of charts below `charts/`, in the order of names.
pub(super) fn within(chart: &Path) -> Vec<String> {
    let mut found = Vec::new();
    walk(&clean(&chart.join("charts")), DEEPEST, &mut found);
    found
}

/// Symbolic links are not followed.
fn walk(path: &Path, depth: usize, found: &mut Vec<String>) {
    let Ok(metadata) = path.symlink_metadata() else {
        return;
    };
    if path.file_name().is_some_and(|name| name == "Chart.yaml") {
        let directory = path.parent().unwrap_or(path);
        found.push(directory.display().to_string());
    } else if is_archive(&path.display().to_string()) {
        found.push(path.display().to_string());
    }
    if !metadata.is_dir() || depth == 0 {
        return;
    }
    let entries = fs_err::read_dir(path).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        walk(&path, depth - 1, found);
    }
}
