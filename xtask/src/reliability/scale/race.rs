//! The same work by the programs of others, in turn, over the same links.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use crate::failure::Result;
use crate::link::{Link, Traffic};
use crate::peers::{self, Peer};

use super::copies::{Mirror, far};
use super::stage::{self, Cost, Links, REPOSITORIES, Stage};

/// How often the list of tags is timed; the middle one counts.
const LISTS: usize = 5;

/// How many requests regsync may make at the same time to a registry, and how many repositories it works on.
const REGSYNC_PARALLEL: usize = 16;

/// Who was how fast.
pub(super) struct Race {
    pub(super) copies: Vec<Place>,
    pub(super) lists: Vec<Place>,
}

/// What the work cost one program.
pub(super) struct Place {
    pub(super) who: String,
    pub(super) cost: Cost,
    pub(super) traffic: Traffic,
}

impl Race {
    pub(super) fn run(stage: &Stage) -> Result<Self> {
        Ok(Self {
            copies: copies(stage)?,
            lists: lists(stage)?,
        })
    }
}

/// 200 charts, once by each.
fn copies(stage: &Stage) -> Result<Vec<Place>> {
    let links = stage.links(far())?;
    let mut results = Vec::new();
    let identical: Same = |original, copied| original == copied;
    let works: [(&str, Work, Same); 5] = [
        ("`skeg sync`", |stage, _, mirror| mirror.sync(stage), identical),
        ("loop of `helm pull` and `helm push`", helm_loop, same_layers),
        ("loop of `crane copy`", crane_loop, identical),
        ("loop of `regctl image copy`", regctl_loop, identical),
        ("`regsync once`, 16 side by side", regsync, identical),
    ];
    for (who, work, same) in works {
        println!("200 charts: {who}");
        let mirror = Mirror::new(stage, &links, 2);
        let _before = links.take_traffic();
        let cost = work(stage, &links, &mirror)?;
        let [source, destination] = links.take_traffic();
        mirror.verify_by(stage, same)?;
        results.push(Place {
            who: who.to_owned(),
            cost,
            traffic: sum(source, destination),
        });
    }
    Ok(results)
}

/// Helm writes a manifest of its own, with the time of the push.
fn same_layers(original: &[u8], copied: &[u8]) -> bool {
    let layers = |manifest: &[u8]| -> Option<Value> {
        let manifest: Value = serde_json::from_slice(manifest).ok()?;
        Some(manifest["layers"][0]["digest"].clone())
    };
    layers(original).is_some() && layers(original) == layers(copied)
}

type Same = fn(&[u8], &[u8]) -> bool;

type Work = fn(&Stage, &Links, &Mirror) -> Result<Cost>;

fn helm_loop(stage: &Stage, links: &Links, mirror: &Mirror) -> Result<Cost> {
    let helm = peers::program(Peer::Helm)?;
    each_chart(|chart, version| {
        let name = stage::chart(chart);
        let source = format!("oci://{}/charts/{name}", links.source.address());
        let destination = format!("oci://{}/{}", links.destination.address(), mirror.root);
        let mut pull = stage.command(&helm)?;
        pull.args(["pull", &source, "--version", version, "--plain-http"]);
        let mut push = stage.command(&helm)?;
        let archive = directory(&pull).join(format!("{name}-{version}.tgz"));
        push.arg("push").arg(archive).args([&destination, "--plain-http"]);
        Ok(vec![pull, push])
    })
}

fn crane_loop(stage: &Stage, links: &Links, mirror: &Mirror) -> Result<Cost> {
    let crane = peers::program(Peer::Crane)?;
    each_chart(|chart, version| {
        let (source, destination) = images(links, mirror, chart, version);
        let mut copy = stage.command(&crane)?;
        copy.args(["copy", &source, &destination]);
        Ok(vec![copy])
    })
}

fn regctl_loop(stage: &Stage, links: &Links, mirror: &Mirror) -> Result<Cost> {
    let regctl = peers::program(Peer::Regctl)?;
    let hosts = [&links.source, &links.destination].map(without_tls);
    each_chart(|chart, version| {
        let (source, destination) = images(links, mirror, chart, version);
        let mut copy = stage.command(&regctl)?;
        for host in &hosts {
            copy.args(["--host", host]);
        }
        copy.args(["image", "copy", &source, &destination]);
        Ok(vec![copy])
    })
}

fn regsync(stage: &Stage, links: &Links, mirror: &Mirror) -> Result<Cost> {
    let mut file = format!("version: 1\ndefaults:\n  parallel: {REGSYNC_PARALLEL}\ncreds:\n");
    for link in [&links.source, &links.destination] {
        let _infallible = write!(
            file,
            "- registry: {}\n  tls: disabled\n  reqConcurrent: {REGSYNC_PARALLEL}\n",
            link.address()
        );
    }
    file.push_str("sync:\n");
    for chart in 0..REPOSITORIES {
        let (source, destination) = repositories(links, mirror, chart);
        let tags = [stage::version_of(0), stage::version_of(1)].join(", ");
        let _infallible = write!(
            file,
            "- source: {source}\n  target: {destination}\n  type: repository\n  tags: {{allow: [{tags}]}}\n"
        );
    }
    let path = stage.write("regsync.yaml", &file)?;
    let mut command = stage.command(&peers::program(Peer::Regsync)?)?;
    stage::measure(command.arg("once").arg("-c").arg(path))
}

/// The 10,000 tags, in turn.
fn lists(stage: &Stage) -> Result<Vec<Place>> {
    let link = stage.link(far())?;
    let place = format!("{}/charts/many", link.address());
    let (crane, regctl) = (peers::program(Peer::Crane)?, peers::program(Peer::Regctl)?);
    let skeg = || -> Result<Command> {
        let mut command = stage.skeg()?;
        command.args(["tags", &format!("oci://{place}"), "--plain-http"]);
        Ok(command)
    };
    let crane = || -> Result<Command> {
        let mut command = stage.command(&crane)?;
        command.args(["ls", &place]);
        Ok(command)
    };
    let regctl = || -> Result<Command> {
        let mut command = stage.command(&regctl)?;
        command.args(["--host", &without_tls(&link), "tag", "ls", &place]);
        Ok(command)
    };
    let contenders: [(&str, &dyn Fn() -> Result<Command>); 3] = [
        ("`skeg tags`", &skeg),
        ("`crane ls`", &crane),
        ("`regctl tag ls`", &regctl),
    ];
    let mut costs = vec![Vec::new(); contenders.len()];
    let mut traffic = vec![Traffic::default(); contenders.len()];
    for _ in 0..LISTS {
        for (index, (_, command)) in contenders.iter().enumerate() {
            let _before = link.take_traffic();
            costs[index].push(stage::measure(&mut command()?)?);
            traffic[index] = link.take_traffic();
        }
    }
    let results = contenders.iter().zip(costs).zip(traffic);
    Ok(results
        .map(|(((who, _), costs), traffic)| Place {
            who: (*who).to_owned(),
            cost: middle(costs),
            traffic,
        })
        .collect())
}

/// The commands of each chart one after the other, as a script would run them.
fn each_chart(commands: impl Fn(usize, &str) -> Result<Vec<Command>>) -> Result<Cost> {
    let mut whole = Cost {
        wall: Duration::ZERO,
        peak_kib: 0,
    };
    for chart in 0..REPOSITORIES {
        for version in [stage::version_of(0), stage::version_of(1)] {
            for mut command in commands(chart, &version)? {
                let cost = stage::measure(&mut command)?;
                whole.wall += cost.wall;
                whole.peak_kib = whole.peak_kib.max(cost.peak_kib);
            }
        }
    }
    Ok(whole)
}

fn repositories(links: &Links, mirror: &Mirror, chart: usize) -> (String, String) {
    let source = format!("{}/charts/{}", links.source.address(), stage::chart(chart));
    let destination = format!("{}/{}", links.destination.address(), mirror.repository(chart));
    (source, destination)
}

fn images(links: &Links, mirror: &Mirror, chart: usize, version: &str) -> (String, String) {
    let (source, destination) = repositories(links, mirror, chart);
    (format!("{source}:{version}"), format!("{destination}:{version}"))
}

fn without_tls(link: &Link) -> String {
    format!("reg={},tls=disabled", link.address())
}

fn directory(command: &Command) -> PathBuf {
    command
        .get_current_dir()
        .map(PathBuf::from)
        .expect("because a stage sets it")
}

pub(super) fn sum(one: Traffic, other: Traffic) -> Traffic {
    Traffic {
        requests: one.requests + other.requests,
        round_trips: one.round_trips.max(other.round_trips),
        at_once: one.at_once.max(other.at_once),
        refused: one.refused + other.refused,
        connections: one.connections + other.connections,
        received: one.received + other.received,
    }
}

/// The median of times and of memory, each for itself.
pub(super) fn middle(mut costs: Vec<Cost>) -> Cost {
    costs.sort_by_key(|cost| cost.peak_kib);
    let peak_kib = costs[costs.len() / 2].peak_kib;
    costs.sort_by_key(|cost| cost.wall);
    Cost {
        wall: costs[costs.len() / 2].wall,
        peak_kib,
    }
}
