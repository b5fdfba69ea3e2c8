//! Real charts that have dependencies.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use skeg_values::{Value, yaml};

use super::{CLASSIC, Case, Catalogue, REGISTRY};

/// The charts below a directory that have dependencies. What they ask for is added to the catalogue.
///
/// # Errors
/// The directory cannot be read.
pub fn real(directory: &Path, catalogue: &mut Catalogue) -> io::Result<Vec<Case>> {
    let mut cases = Vec::new();
    let mut pending = vec![directory.to_path_buf()];
    while let Some(place) = pending.pop() {
        let mut below: Vec<PathBuf> = Vec::new();
        for entry in fs_err::read_dir(&place)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                below.push(entry.path());
            }
        }
        below.sort_by(|one, other| other.cmp(one));
        if place.join("Chart.yaml").is_file() {
            let title = place
                .strip_prefix(directory)
                .unwrap_or(&place)
                .display()
                .to_string();
            cases.extend(case(&title, &place, catalogue)?);
            // Charts inside of charts are no cases of their own.
            continue;
        }
        pending.extend(below);
    }
    Ok(cases)
}

/// A chart without its `charts/`, but for what a dependency without a repository needs there.
fn case(title: &str, chart: &Path, catalogue: &mut Catalogue) -> io::Result<Option<Case>> {
    let mut files = Vec::new();
    let mut replaced = Replaced::default();
    for name in ["Chart.yaml", "requirements.yaml"] {
        let Ok(content) = fs_err::read(chart.join(name)) else {
            continue;
        };
        let dependencies = dependencies(&content);
        for dependency in &dependencies {
            replaced.add(dependency, chart, catalogue, &mut files)?;
        }
        let text = replaced.text(&String::from_utf8_lossy(&content));
        files.push((format!("chart/{name}"), text.into_bytes()));
    }
    files.push(("chart/values.yaml".to_owned(), b"{}\n".to_vec()));
    Ok((!replaced.addresses.is_empty()).then(|| Case {
        title: title.to_owned(),
        files,
        named: replaced.named,
    }))
}

/// A dependency as far as it says where from.
struct Wanted {
    name: String,
    range: String,
    repository: String,
}

fn dependencies(content: &[u8]) -> Vec<Wanted> {
    let Ok(value) = yaml::decode(content) else {
        return Vec::new();
    };
    let list = value
        .get("dependencies")
        .and_then(Value::as_list)
        .unwrap_or_default();
    let text = |entry: &Value, field: &str| {
        let text = entry.get(field).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    list.iter()
        .map(|entry| Wanted {
            name: text(entry, "name"),
            range: text(entry, "version"),
            repository: text(entry, "repository"),
        })
        .collect()
}

/// The repositories of a chart, and what stands in their place.
#[derive(Default)]
struct Replaced {
    addresses: BTreeMap<String, String>,
    named: Vec<(String, String)>,
}

impl Replaced {
    fn add(
        &mut self,
        wanted: &Wanted,
        chart: &Path,
        catalogue: &mut Catalogue,
        files: &mut Vec<(String, Vec<u8>)>,
    ) -> io::Result<()> {
        let address = wanted.repository.as_str();
        let slug = |address: &str| {
            address
                .trim_end_matches('/')
                .replace([':', '@'], "-")
                .to_lowercase()
        };
        let (path, place) = if let Some((_, rest)) = address
            .split_once("://")
            .filter(|(scheme, _)| scheme.starts_with("http"))
        {
            let path = slug(rest);
            let slash = if address.ends_with('/') { "/" } else { "" };
            (path.clone(), format!("{CLASSIC}/{path}{slash}"))
        } else if let Some(rest) = address.strip_prefix("oci://") {
            let path = slug(rest);
            (path.clone(), format!("oci://{REGISTRY}/{path}"))
        } else if let Some(name) = address
            .strip_prefix('@')
            .or_else(|| address.strip_prefix("alias:"))
        {
            self.named.push((name.to_owned(), slug(name)));
            (slug(name), address.to_owned())
        } else if let Some(path) = address.strip_prefix("file://") {
            self.add_directory(address, &chart.join(path), files)?;
            return Ok(());
        } else {
            // Without a repository the chart is in `charts/`.
            let target = format!("chart/charts/{}", wanted.name);
            return copy(&chart.join("charts").join(&wanted.name), &target, files);
        };
        catalogue.add_around(&path, &wanted.name, &wanted.range);
        self.addresses.insert(address.to_owned(), place);
        Ok(())
    }

    fn add_directory(
        &mut self,
        address: &str,
        from: &Path,
        files: &mut Vec<(String, Vec<u8>)>,
    ) -> io::Result<()> {
        let target = format!("beside-{}", self.addresses.len());
        if self.addresses.contains_key(address) {
            return Ok(());
        }
        self.addresses
            .insert(address.to_owned(), format!("file://../{target}"));
        copy(from, &target, files)
    }

    /// The longest addresses first, since one may begin with another.
    fn text(&self, text: &str) -> String {
        let mut addresses: Vec<_> = self.addresses.iter().collect();
        addresses.sort_by_key(|(address, _)| std::cmp::Reverse(address.len()));
        addresses
            .into_iter()
            .fold(text.to_owned(), |text, (address, place)| {
                text.replace(address, place)
            })
    }
}

/// Adds everything below a directory, which need not be there.
fn copy(from: &Path, to: &str, files: &mut Vec<(String, Vec<u8>)>) -> io::Result<()> {
    if from.is_file() {
        files.push((to.to_owned(), fs_err::read(from)?));
    }
    if from.is_dir() {
        for entry in fs_err::read_dir(from)? {
            let path = entry?.path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            copy(&path, &format!("{to}/{name}"), files)?;
        }
    }
    Ok(())
}
