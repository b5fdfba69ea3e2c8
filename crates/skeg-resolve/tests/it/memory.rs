//! A source in memory.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use skeg_chart::Metadata;
use skeg_oci::Digest;
use skeg_resolve::{DependencyRepository, Found, Pin, Place, Requirement, RequirementError, Source};

/// A source of charts; the content of a version is its text, and that of the round.
#[derive(Default)]
pub(crate) struct Memory {
    charts: BTreeMap<String, Vec<String>>,
    /// Changes the content of every version.
    pub(crate) round: u32,
    asked: Mutex<Vec<String>>,
}

impl Memory {
    pub(crate) fn new(charts: &[(&str, &[&str])]) -> Self {
        let charts = charts.iter().map(|(place, versions)| {
            let versions = versions.iter().map(ToString::to_string).collect();
            ((*place).to_owned(), versions)
        });
        Self {
            charts: charts.collect(),
            ..Self::default()
        }
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        let mut asked = std::mem::take(&mut *self.asked.lock().unwrap());
        asked.sort();
        asked
    }

    fn versions_at(&self, place: &Place) -> Result<&Vec<String>, String> {
        let base = match &place.repository {
            DependencyRepository::Registry(text) => text.clone(),
            DependencyRepository::Directory(path) => format!("file://{path}"),
            DependencyRepository::Vendored => String::new(),
            other => return Err(format!("{other:?}")),
        };
        let key = format!("{base}/{}", place.name);
        self.charts.get(&key).ok_or(format!("nothing at {key}"))
    }
}

impl Source for Memory {
    type Handle = String;
    type Error = String;

    async fn versions(&self, place: &Place) -> Result<Vec<String>, String> {
        self.asked.lock().unwrap().push(format!("list {}", place.name));
        self.versions_at(place).cloned()
    }

    async fn find(
        &self,
        place: &Place,
        version: &str,
        expected: Option<&Digest>,
    ) -> Result<Found<String>, String> {
        self.asked
            .lock()
            .unwrap()
            .push(format!("find {} {version}", place.name));
        if !self.versions_at(place)?.iter().any(|there| there == version) {
            return Err(format!("no {version} of {}", place.name));
        }
        let content = format!("{version} {}", self.round);
        let manifest = Digest::sha256_of(content.as_bytes());
        if expected.is_some_and(|expected| *expected != manifest) {
            return Err(format!("moved {version}"));
        }
        let is_local = matches!(place.repository, DependencyRepository::Directory(_));
        Ok(Found {
            version: version.to_owned(),
            pin: (!is_local).then(|| Pin {
                manifest: Some(manifest.clone()),
                archive: manifest,
            }),
            handle: content,
        })
    }

    async fn fetch(&self, _found: &Found<String>, _directory: &Path) -> Result<String, String> {
        Err("nothing is fetched here".to_owned())
    }
}

/// The dependencies of a chart: `name range repository`, one a line.
pub(crate) fn chart(lines: &str) -> Metadata {
    let mut yaml = "apiVersion: v2\nname: parent\nversion: 1.0.0\ndependencies:\n".to_owned();
    for (index, line) in lines.lines().enumerate() {
        let [name, range, repository] = line.split('|').map(str::trim).collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let fields = format!("name: {name}, alias: a{index}, version: \"{range}\"");
        yaml += "- {";
        yaml += &fields;
        yaml += ", repository: \"";
        yaml += repository;
        yaml += "\"}\n";
    }
    Metadata::parse(yaml.as_bytes()).unwrap()
}

pub(crate) fn requirements(lines: &str) -> Result<Vec<Requirement>, RequirementError> {
    Requirement::all(chart(lines).dependencies())
}
