//! The cluster, the proxy before it, the chart, and the releases that are there before anything is measured.

use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use serde_json::json;
use skeg_test_support::ApiClient;
use skeg_test_support::ApiProxy;
use skeg_test_support::random_bytes;

use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::failure::Result;
use crate::link::Traffic;
use crate::paths;
use crate::process;
use crate::process::Run;

use super::work::Work;

/// By how much requests are late.
const DELAY: Duration = Duration::from_millis(20);

/// The objects of the chart.
const OBJECTS: usize = 100;

/// The release that is upgraded, rolled back and asked about.
const RELEASE: &str = "standing";

/// The namespace with the long list.
const LISTED: &str = "listed";

/// The releases in it, and the revisions of each.
const RELEASES: u64 = 100;
const REVISIONS: u64 = 10;

/// What a revision of the list has in bytes, as the value of its Secret.
const REVISION_SIZE: usize = 40_000;

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Helm = 0,
    Skeg = 1,
}

impl Side {
    pub(super) const BOTH: [Self; 2] = [Self::Helm, Self::Skeg];

    fn namespace(self) -> &'static str {
        match self {
            Self::Helm => "by-helm",
            Self::Skeg => "by-skeg",
        }
    }
}

/// Everything that the measured commands need.
pub(super) struct Stage {
    cluster: Cluster,
    proxy: ApiProxy,
    api: ApiClient,
    directory: tempfile::TempDir,
    turn: AtomicU32,
}

impl Stage {
    /// Starts a cluster, and lets helm install in both namespaces what is upgraded later.
    pub(super) fn set(helm: &Path) -> Result<Self> {
        let cluster = Cluster::start(&[])?;
        let access = cluster.access();
        let stage = Self {
            proxy: ApiProxy::builder(&access).delay(DELAY).start(),
            api: ApiClient::new(&access),
            directory: paths::scratch("bench")?,
            turn: AtomicU32::new(0),
            cluster,
        };
        stage.proxy.kubeconfig().write(&stage.late());
        stage.write_chart()?;
        for side in Side::BOTH {
            fs_err::create_dir_all(stage.home(side))?;
            stage.api.create_namespace(side.namespace());
            for words in [
                vec!["install", RELEASE, "chart"],
                vec!["upgrade", RELEASE, "chart"],
            ] {
                let mut command = process::program(helm);
                stage.enter(&mut command, side);
                command.args(words).capture()?;
            }
        }
        stage.fill_list()?;
        Ok(stage)
    }

    /// Lets a command do a work; what it needs to be new is new.
    pub(super) fn prepare(&self, command: &mut Command, work: Work, side: Side) {
        self.enter(command, side);
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let fresh = format!("new-{turn}");
        let release = if work.is_new() { &fresh } else { RELEASE };
        command.args(work.arguments(release, "chart"));
        if work.is_new() {
            // The objects are named after the release; a namespace that grows would be slower from run to run.
            self.api.create_namespace(&fresh);
            command.env("HELM_NAMESPACE", &fresh);
        }
        if work == Work::List {
            command.env("HELM_NAMESPACE", LISTED);
        }
        if work.is_late() {
            self.through_proxy(command);
        }
    }

    /// Makes every request of a command late, and counts them from now on.
    pub(super) fn through_proxy(&self, command: &mut Command) {
        command.env("KUBECONFIG", self.late());
        self.proxy.clear_requests();
    }

    /// What went through the proxy.
    pub(super) fn take_traffic(&self) -> Traffic {
        let requests = self.proxy.requests();
        self.proxy.clear_requests();
        Traffic {
            requests: requests.len(),
            round_trips: requests.sequential_round_trips(),
            at_once: requests.most_parallel(),
            refused: 0,
            connections: requests.connections(),
            received: requests.bytes_sent(),
        }
    }

    fn enter(&self, command: &mut Command, side: Side) {
        process::isolate(command, &self.home(side))
            .current_dir(self.directory.path())
            .env("KUBECONFIG", self.cluster.kubeconfig())
            .env("HELM_NAMESPACE", side.namespace());
    }

    /// Where a program keeps what it knows about the server.
    fn home(&self, side: Side) -> PathBuf {
        self.directory.path().join(side.namespace())
    }

    fn late(&self) -> PathBuf {
        self.directory.path().join("late.kubeconfig")
    }

    fn write_chart(&self) -> Result<()> {
        let chart = self.directory.path().join("chart");
        fs_err::create_dir_all(chart.join("templates"))?;
        let metadata = "apiVersion: v2\nname: hundred\nversion: 1.0.0\n";
        fs_err::write(chart.join("Chart.yaml"), metadata)?;
        let object = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ $.Release.Name }}-{{ $number }}\ndata:\n  number: {{ $number | quote }}\n";
        let all = format!("{{{{- range $number := until {OBJECTS} }}}}\n---\n{object}{{{{- end }}}}\n");
        fs_err::write(chart.join("templates/objects.yaml"), all)?;
        Ok(())
    }

    fn fill_list(&self) -> Result<()> {
        println!("writing {} revisions", RELEASES * REVISIONS);
        self.api.create_namespace(LISTED);
        let path = format!("/api/v1/namespaces/{LISTED}/secrets");
        for number in 0..RELEASES {
            for version in 1..=REVISIONS {
                let secret = revision(number, version)?.to_string();
                let answer = self
                    .api
                    .send("POST", &path, Some(("application/json", &secret)))?;
                if !answer.is_success() {
                    return Err(Failure::new(format!("a revision was refused: {}", answer.json())));
                }
            }
        }
        Ok(())
    }
}

/// A stored revision that says little in many bytes.
fn revision(number: u64, version: u64) -> Result<Value> {
    let name = format!("release-{number:03}");
    let is_last = version == REVISIONS;
    let status = if is_last { "deployed" } else { "superseded" };
    let moment = format!("2026-01-01T{:02}:{:02}:{version:02}Z", number / 60, number % 60);
    // Base64 makes 4 bytes of 3, and what it did before is undone by the compression, nearly.
    let filling = random_bytes(REVISION_SIZE / 4 * 3 - 600, number * REVISIONS + version);
    let body = json!({
        "name": name,
        "info": {
            "first_deployed": moment,
            "last_deployed": moment,
            "description": "Install complete",
            "status": status,
        },
        "chart": {
            "metadata": {"name": "large", "version": "1.0.0", "apiVersion": "v2"},
            "lock": null,
            "templates": [],
            "values": {},
            "schema": null,
            "schemamodtime": "0001-01-01T00:00:00Z",
            "files": [{"name": "filling", "data": STANDARD.encode(filling)}],
        },
        "manifest": "",
        "version": version,
        "namespace": LISTED,
        "apply_method": "ssa",
    });
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    std::io::Write::write_all(&mut packed, body.to_string().as_bytes())?;
    let stored = STANDARD.encode(packed.finish()?);
    Ok(json!({
        "apiVersion": "v1",
        "kind": "Secret",
        "type": "helm.sh/release.v1",
        "metadata": {
            "name": format!("sh.helm.release.v1.{name}.v{version}"),
            "labels": {"name": name, "owner": "helm", "status": status, "version": version.to_string()},
        },
        "stringData": {"release": stored},
    }))
}

#[cfg(test)]
mod tests {
    use super::REVISION_SIZE;
    use super::revision;

    #[test]
    fn revisions_have_the_size_the_table_says() {
        let secret = revision(7, 3).expect("because memory can be written");
        let stored = secret["stringData"]["release"].as_str().unwrap_or_default().len();
        assert!(
            stored.abs_diff(REVISION_SIZE) < REVISION_SIZE / 20,
            "{stored} bytes"
        );
        assert_eq!(secret["metadata"]["labels"]["status"], "superseded");
    }
}
