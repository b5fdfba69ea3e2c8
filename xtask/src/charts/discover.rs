//! The charts below a directory, and the values that each brings for its own tests.

use std::hash::DefaultHasher;
use std::hash::Hasher;
use std::path::Path;
use std::path::PathBuf;

use crate::failure::Result;

/// One chart with one set of values.
#[derive(Debug, Clone)]
pub(super) struct Case {
    /// The directory below which the chart was found.
    pub(super) base: PathBuf,
    pub(super) chart: PathBuf,
    /// A file for `-f`; none for the chart's own values.
    pub(super) values: Option<PathBuf>,
    /// Changes with every byte of the chart and its name.
    pub(super) fingerprint: u64,
}

impl Case {
    /// The path of the chart below its base, and the name of the values.
    pub(super) fn title(&self) -> String {
        let chart = self.chart.strip_prefix(&self.base).unwrap_or(&self.chart);
        match self.values.as_deref().and_then(Path::file_name) {
            Some(values) => format!("{} -f {}", chart.display(), values.to_string_lossy()),
            None => chart.display().to_string(),
        }
    }
}

/// All cases below `base`, sorted. Charts inside of charts are not cases of their own.
pub(super) fn cases(base: &Path) -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    let mut pending = vec![base.to_path_buf()];
    while let Some(directory) = pending.pop() {
        if directory.join("Chart.yaml").is_file() {
            cases.extend(of_chart(base, &directory)?);
            continue;
        }
        for entry in fs_err::read_dir(directory)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                pending.push(entry.path());
            }
        }
    }
    cases.sort_by_key(Case::title);
    Ok(cases)
}

fn of_chart(base: &Path, chart: &Path) -> Result<Vec<Case>> {
    let mut hasher = DefaultHasher::new();
    hasher.write(chart.as_os_str().as_encoded_bytes());
    hash_tree(chart, &mut hasher)?;
    let fingerprint = hasher.finish();
    let case = |values| Case {
        base: base.to_path_buf(),
        chart: chart.to_path_buf(),
        values,
        fingerprint,
    };
    let mut cases = vec![case(None)];
    let values = sorted_entries(&chart.join("ci")).unwrap_or_default();
    let is_values = |path: &PathBuf| path.to_string_lossy().ends_with("-values.yaml");
    cases.extend(values.into_iter().filter(is_values).map(|path| case(Some(path))));
    Ok(cases)
}

fn hash_tree(directory: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    for path in sorted_entries(directory)? {
        hasher.write(path.as_os_str().as_encoded_bytes());
        if path.is_dir() {
            hash_tree(&path, hasher)?;
        } else if path.is_file() {
            hasher.write(&fs_err::read(path)?);
        }
    }
    Ok(())
}

fn sorted_entries(directory: &Path) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs_err::read_dir(directory)? {
        paths.push(entry?.path());
    }
    paths.sort();
    Ok(paths)
}
