//! A thousand versions from a classic repository into a registry, by skeg and by a loop of helm.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::failure::{Failure, Result};
use crate::link::{Conditions, Link, Traffic};
use crate::peers::{self, Peer};
use crate::process::{self, Run};
use crate::server::{FileServer, Server};

use super::race::Place;
use super::stage::{self, Cost, REPOSITORIES, Stage, VERSIONS};
use super::web::Web;

/// A part of the charts: those whose numbers have these two digits before the last.
const PART: &str = "chart-00?";

/// The same work by skeg and by helm, with a registry that keeps its content in memory and one that keeps it on a disk.
pub(super) fn run(stage: &Stage) -> Result<Vec<Place>> {
    let site = make_site(stage)?;
    let files = FileServer::start(&site)?;
    let in_memory = Server::start_in_memory(Peer::Distribution, &peers::program(Peer::Distribution)?)?;
    let mut places = Vec::new();
    for (kind, registry) in [
        ("in memory", in_memory.address()),
        ("on a disk", stage.destination.address()),
    ] {
        let works = Works {
            stage,
            site: &site,
            files: files.address(),
            registry,
        };
        let root = stage.fresh();
        places.push(works.skeg(&format!("`skeg migrate`, registry {kind}"), &root, None)?);
        places.push(works.skeg("again, nothing changed", &root, None)?);
        places.push(works.skeg("a tenth of the charts", &stage.fresh(), Some(PART))?);
        places.push(works.helm(&format!("loop of `helm pull` and `helm push`, registry {kind}"))?);
    }
    Ok(places)
}

/// Packages the charts of the stage, and makes an index of them.
fn make_site(stage: &Stage) -> Result<PathBuf> {
    let charts = stage.charts();
    let site = charts.with_file_name("site");
    fs_err::create_dir_all(&site)?;
    let names = (0..REPOSITORIES).flat_map(|chart| (0..VERSIONS).map(move |version| (chart, version)));
    let names = names.map(|(chart, version)| {
        charts.join(format!("{}-{}", stage::chart(chart), stage::version_of(version)))
    });
    process::program(stage.program())
        .arg("package")
        .args(names)
        .arg("--destination")
        .arg(&site)
        .capture()?;
    process::program(stage.program())
        .args(["repo", "index"])
        .arg(&site)
        .capture()?;
    Ok(site)
}

struct Works<'all> {
    stage: &'all Stage,
    site: &'all Path,
    files: &'all str,
    registry: &'all str,
}

impl Works<'_> {
    /// One run that is timed; then, into another place, one whose requests are counted.
    fn skeg(&self, who: &str, root: &str, include: Option<&str>) -> Result<Place> {
        println!("migration: {who}");
        let cost = self.migrate(self.files, self.registry, root, include)?;
        let links = [self.files, self.registry].map(|address| Link::start(address, Conditions::default()));
        let [files, registry] = links;
        let (files, registry) = (files?, registry?);
        let counted = if who.starts_with("again") {
            root.to_owned()
        } else {
            self.stage.fresh()
        };
        self.migrate(&files.address(), &registry.address(), &counted, include)?;
        self.verify(root, include)?;
        Ok(Place {
            who: who.to_owned(),
            cost,
            traffic: super::race::sum(files.take_traffic(), registry.take_traffic()),
        })
    }

    fn migrate(&self, files: &str, registry: &str, root: &str, include: Option<&str>) -> Result<Cost> {
        let mut command = self.stage.skeg()?;
        command
            .args([
                "migrate",
                &format!("http://{files}"),
                &format!("oci://{registry}/{root}"),
            ])
            .arg("--plain-http")
            .args(include.map(|pattern| format!("--include={pattern}")));
        stage::measure(&mut command)
    }

    /// Whether every archive is in the registry, as it is in the repository.
    fn verify(&self, root: &str, include: Option<&str>) -> Result<()> {
        let mut web = Web::connect(self.registry)?;
        let charts = if include.is_some() { 10 } else { REPOSITORIES };
        for (chart, version) in
            (0..charts).flat_map(|chart| (0..VERSIONS).map(move |version| (chart, version)))
        {
            let (name, version) = (stage::chart(chart), stage::version_of(version));
            let manifest = web.manifest(&format!("{root}/{name}"), &version)?;
            let manifest: serde_json::Value = serde_json::from_slice(&manifest)?;
            let digest = manifest["layers"][0]["digest"].as_str().unwrap_or_default();
            let there = web.blob(&format!("{root}/{name}"), digest)?;
            if there != fs_err::read(self.site.join(format!("{name}-{version}.tgz")))? {
                return Err(Failure::new(format!("{name} {version} is not what it was")));
            }
        }
        Ok(())
    }

    /// Two commands for each version, one after the other.
    fn helm(&self, who: &str) -> Result<Place> {
        println!("migration: {who}");
        let helm = peers::program(Peer::Helm)?;
        let root = format!("oci://{}/{}", self.registry, self.stage.fresh());
        let mut cost = Cost {
            wall: Duration::ZERO,
            peak_kib: 0,
        };
        let home = self.stage.home()?;
        for chart in 0..REPOSITORIES {
            for version in 0..VERSIONS {
                let archive = format!("{}-{}.tgz", stage::chart(chart), stage::version_of(version));
                let mut pull = self.stage.command_in(&home, &helm);
                pull.args(["pull", &format!("http://{}/{archive}", self.files)]);
                let mut push = self.stage.command_in(&home, &helm);
                push.args(["push", &archive, &root, "--plain-http"]);
                for command in [&mut pull, &mut push] {
                    let one = stage::measure(command)?;
                    cost.wall += one.wall;
                    cost.peak_kib = cost.peak_kib.max(one.peak_kib);
                }
            }
        }
        Ok(Place {
            who: who.to_owned(),
            cost,
            traffic: Traffic::default(),
        })
    }
}
