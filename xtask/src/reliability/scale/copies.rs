//! Copies of many charts over links of 50 ms: what they cost, and at which concurrency.

use std::fmt::Write as _;

use crate::failure::{Failure, Result};
use crate::link::{Conditions, Traffic};

use super::page::Figure;
use super::stage::{self, Cost, LATENCY, Links, REPOSITORIES, Stage};
use super::web::Web;

/// The numbers of requests at the same time that are tried.
const CONCURRENCIES: [usize; 5] = [4, 8, 16, 32, 64];

/// skeg's own: so many requests that read and as many that write wait for a host at the same time.
const MOST_AT_ONCE: usize = 64;

/// No copy may need more memory than this, however many charts there are.
const MOST_MEMORY_KIB: u64 = 32 * 1024;

/// The first two versions of each repository, then all, then the first two at other concurrencies.
pub(super) fn run(stage: &Stage) -> Result<Vec<Figure>> {
    let links = stage.links(far())?;
    let mut figures = Vec::new();
    let few = Mirror::new(stage, &links, 2);
    figures.push(few.copy(stage, &links, "`sync` of 200 charts")?);
    figures.push(few.repeat(stage, &links)?);
    let all = Mirror::new(stage, &links, stage::VERSIONS);
    figures.push(all.copy(stage, &links, "`sync` of 1,000 charts")?);
    let near = stage.links(Conditions::default())?;
    for (links, distance) in [(&links, "50 ms"), (&near, "no latency")] {
        for concurrency in CONCURRENCIES {
            let title = format!("`sync` of 200 charts, {distance}, `concurrency = {concurrency}`");
            let mirror = Mirror {
                concurrency: Some(concurrency),
                ..Mirror::new(stage, links, 2)
            };
            figures.push(mirror.copy(stage, links, &title)?);
        }
    }
    Ok(figures)
}

/// The conditions of a registry far away.
pub(super) fn far() -> Conditions {
    Conditions {
        latency: LATENCY,
        ..Conditions::default()
    }
}

/// What is mirrored to where.
pub(super) struct Mirror {
    source: String,
    destination: String,
    /// The path below which the charts go.
    pub(super) root: String,
    versions: usize,
    concurrency: Option<usize>,
}

impl Mirror {
    /// So many versions of each chart, to a place where nothing is yet.
    pub(super) fn new(stage: &Stage, links: &Links, versions: usize) -> Self {
        Self {
            source: links.source.address(),
            destination: links.destination.address(),
            root: stage.fresh(),
            versions,
            concurrency: None,
        }
    }

    /// Runs `skeg sync`.
    pub(super) fn sync(&self, stage: &Stage) -> Result<Cost> {
        let file = stage.write("sync.yaml", &self.file())?;
        let mut command = stage.skeg()?;
        command.arg("sync").arg(file).arg("--plain-http");
        if let Some(concurrency) = self.concurrency {
            let tables = [&self.source, &self.destination]
                .map(|host| format!("[[registry]]\nprefix = \"{host}\"\nconcurrency = {concurrency}\n"));
            let path = stage.write("registries.toml", &tables.concat())?;
            command.env("SKEG_REGISTRIES", path);
            command.args(["--concurrency", &(2 * concurrency).to_string()]);
        }
        stage::measure(&mut command)
    }

    /// The repository of a chart at the destination.
    pub(super) fn repository(&self, chart: usize) -> String {
        format!("{}/{}", self.root, stage::chart(chart))
    }

    /// Fails unless the destination has every chart, byte for byte, with all blobs.
    pub(super) fn verify(&self, stage: &Stage) -> Result<()> {
        self.verify_by(stage, |original, copied| original == copied)
    }

    /// Fails unless the destination has every chart with all blobs, in manifests that are `same`.
    pub(super) fn verify_by(&self, stage: &Stage, same: fn(&[u8], &[u8]) -> bool) -> Result<()> {
        let mut source = Web::connect(stage.source.address())?;
        let mut destination = Web::connect(stage.destination.address())?;
        for chart in 0..REPOSITORIES {
            let from = format!("charts/{}", stage::chart(chart));
            let to = self.repository(chart);
            for version in (0..self.versions).map(stage::version_of) {
                let copied = destination.manifest(&to, &version)?;
                let original = source.manifest(&from, &version)?;
                if !same(&original, &copied) {
                    return Err(Failure::new(format!("{to}:{version} is not what was copied")));
                }
                destination.require_blobs(&to, &copied)?;
            }
        }
        Ok(())
    }

    fn copy(&self, stage: &Stage, links: &Links, title: &str) -> Result<Figure> {
        let figure = self.measured(stage, links, title)?;
        self.verify(stage)?;
        let most = self.concurrency.map_or(MOST_AT_ONCE, |each| 2 * each);
        require_bounds(title, &figure, most)?;
        Ok(figure)
    }

    fn repeat(&self, stage: &Stage, links: &Links) -> Result<Figure> {
        let title = "the same again, nothing to do";
        let figure = self.measured(stage, links, title)?;
        require_bounds(title, &figure, MOST_AT_ONCE)?;
        Ok(figure)
    }

    fn measured(&self, stage: &Stage, links: &Links, title: &str) -> Result<Figure> {
        let _before = links.take_traffic();
        let cost = self.sync(stage)?;
        Ok(Figure::new(title, cost, &links.take_traffic()))
    }

    fn file(&self) -> String {
        let tags: Vec<_> = (0..self.versions).map(stage::version_of).collect();
        let tags = tags.join(", ");
        let mut file = format!("destination: oci://{}/{}\ncharts:\n", self.destination, self.root);
        for chart in (0..REPOSITORIES).map(stage::chart) {
            let source = &self.source;
            let _infallible = write!(
                file,
                "- source: oci://{source}/charts/{chart}\n  tags: [{tags}]\n"
            );
        }
        file
    }
}

/// Fails when a run had more requests under way than it may, many more connections than that (one that is given back late is
/// not waited for), or too much memory.
pub(super) fn require_bounds(title: &str, figure: &Figure, most: usize) -> Result<()> {
    let kept = |traffic: &Traffic| traffic.at_once <= most && traffic.connections <= most + most / 2;
    if figure.traffic.iter().all(kept) && figure.cost.peak_kib <= MOST_MEMORY_KIB {
        return Ok(());
    }
    Err(Failure::new(format!("{title}: out of bounds: {figure:?}")))
}
