//! Charts to push, and repositories to push them to.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use skeg_chart::Limits;
use skeg_oci::Tag;
use skeg_oci_client::{
    Anonymous, Client, ClientOptions, PushBlob, PushManifest, Repository, Resolve, SilentReporter,
};
use skeg_registry::{ChartArchive, ChartReference, ChartRequest, ExistingTag, PushOptions, PushTarget};
use skeg_test_support::{ChartBuilder, FakeRegistry};
use tempfile::TempDir;

/// A chart archive in a directory of its own.
pub(crate) struct TestChart {
    _directory: TempDir,
    path: PathBuf,
}

impl TestChart {
    pub(crate) fn new(name: &str, version: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let chart = ChartBuilder::new(name, version).file("values.yaml", "image: nginx\n");
        let path = chart.write_archive(directory.path());
        Self {
            _directory: directory,
            path,
        }
    }

    pub(crate) fn with_provenance(self, content: &str) -> Self {
        fs_err::write(format!("{}.prov", self.path.display()), content).unwrap();
        self
    }

    pub(crate) fn read(&self) -> ChartArchive {
        ChartArchive::read(&self.path, &Limits::default()).unwrap()
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

pub(crate) fn options(archive: &ChartArchive, existing: ExistingTag) -> PushOptions {
    PushOptions {
        tags: vec![Tag::from_version(archive.metadata().version()).unwrap()],
        existing,
    }
}

/// Pushes a chart under its version, or under another tag.
pub(crate) async fn push_as<R>(repository: &R, name: &str, version: &str, tag: &str)
where
    R: Resolve + PushBlob + PushManifest,
{
    let chart = TestChart::new(name, version);
    let archive = chart.read();
    let options = PushOptions {
        tags: vec![Tag::parse(tag).unwrap()],
        existing: ExistingTag::Overwrite,
    };
    skeg_registry::push(repository, &archive, &archive.to_artifact(None), &options)
        .await
        .unwrap();
}

pub(crate) fn request(reference: &str, version: Option<&str>) -> ChartRequest {
    ChartRequest {
        reference: ChartReference::parse(reference).unwrap(),
        version: version.map(str::to_owned),
        devel: false,
    }
}

/// The repository of a chart in a scripted registry.
pub(crate) fn remote(registry: &FakeRegistry, name: &str) -> Repository {
    let client = Client::new(
        ClientOptions::default(),
        Arc::new(Anonymous),
        Arc::new(SilentReporter),
    );
    let target = PushTarget::parse(&registry.oci("charts")).unwrap();
    match target.repository(name).unwrap() {
        skeg_registry::RepositoryLocation::Registry { host, repository } => {
            client.repository(host, repository)
        }
        layout @ skeg_registry::RepositoryLocation::Layout { .. } => panic!("not a registry: {layout}"),
    }
}
