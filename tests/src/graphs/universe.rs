//! The repositories and the registry that have what is in a catalogue.

use std::collections::HashMap;
use std::fmt::Write as _;

use serde_json::json;
use skeg_test_support::{ChartBuilder, FakeRegistry, PlainReply, PlainServer, sha256_digest};

use super::catalogue::Catalogue;

const CONFIG: &str = "application/vnd.cncf.helm.config.v1+json";
const CONTENT: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// Classic repositories and a registry on loopback, gone when this is dropped.
#[derive(Debug)]
pub struct Universe {
    classic: PlainServer,
    registry: FakeRegistry,
}

impl Universe {
    /// Starts servers that have everything of a catalogue.
    pub fn start(catalogue: &Catalogue) -> Self {
        let registry = FakeRegistry::start();
        let mut pages: HashMap<String, Vec<u8>> = HashMap::new();
        for (repository, charts) in catalogue.repositories() {
            let mut index = String::from("apiVersion: v1\nentries:\n");
            for (chart, versions) in charts {
                let _infallible = writeln!(index, "  {chart}:");
                for version in versions {
                    let builder = ChartBuilder::new(chart, version)
                        .file("values.yaml", format!("from: {repository}\n"));
                    let archive = builder.archive().bytes();
                    let digest = sha256_digest(&archive);
                    let digits = digest.trim_start_matches("sha256:");
                    let file = builder.file_name();
                    let _infallible = writeln!(
                        index,
                        "  - {{apiVersion: v2, name: {chart}, version: '{version}', urls: ['{file}'], digest: {digits}}}"
                    );
                    push(
                        &registry,
                        &format!("{repository}/{chart}"),
                        chart,
                        version,
                        &archive,
                    );
                    pages.insert(
                        format!("/{repository}/{}", file.replace('+', "%2B")),
                        archive.clone(),
                    );
                    pages.insert(format!("/{repository}/{file}"), archive);
                }
            }
            pages.insert(format!("/{repository}/index.yaml"), index.into_bytes());
        }
        let classic = PlainServer::start(move |request| match pages.get(request.target) {
            Some(page) => PlainReply::new(200).body(page.clone()),
            None => PlainReply::new(404),
        });
        Self { classic, registry }
    }

    /// Where the classic repositories are: `http://HOST`, to which the path of one is added.
    pub fn classic(&self) -> &str {
        self.classic.base_url()
    }

    /// The host of the registry.
    pub fn registry(&self) -> &str {
        self.registry.host()
    }
}

fn push(registry: &FakeRegistry, repository: &str, chart: &str, version: &str, archive: &[u8]) {
    let config = json!({"name": chart, "version": version, "apiVersion": "v2"}).to_string();
    let descriptor = |media_type: &str, content: &[u8]| json!({"mediaType": media_type, "digest": sha256_digest(content), "size": content.len()});
    let manifest = json!({
        "schemaVersion": 2,
        "config": descriptor(CONFIG, config.as_bytes()),
        "layers": [descriptor(CONTENT, archive)],
    });
    registry.put_blob(repository, archive.to_vec());
    registry.put_blob(repository, config.into_bytes());
    let tag = version.replace('+', "_");
    registry.put_manifest(repository, &tag, MANIFEST, manifest.to_string().into_bytes());
}
