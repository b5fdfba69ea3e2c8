//! The sections that the runs write.

use std::fmt::Write as _;
use std::time::Duration;

use crate::link::Traffic;
use crate::peers::Peer;

use super::Shown;
use super::race::{Place, Race};
use super::stage::Cost;

/// One run of skeg.
#[derive(Debug)]
pub(super) struct Figure {
    title: String,
    pub(super) cost: Cost,
    /// What went through each link.
    pub(super) traffic: Vec<Traffic>,
    remark: String,
}

impl Figure {
    pub(super) fn new(title: &str, cost: Cost, traffic: &[Traffic]) -> Self {
        println!(
            "{title}: {}, {} KiB, {traffic:?}",
            seconds(cost.wall),
            cost.peak_kib
        );
        Self {
            title: title.to_owned(),
            cost,
            traffic: traffic.to_vec(),
            remark: String::new(),
        }
    }

    pub(super) fn with_remark(mut self, remark: &str) -> Self {
        remark.clone_into(&mut self.remark);
        self
    }
}

/// The section of docs/reference/reliability.md.
pub(super) fn figures(shown: &[Shown]) -> String {
    let mut page = String::from(
        "## Scale and bad links\n\n\
         Written by `cargo xtask reliability scale --write`: skeg alone, on real registries behind links that answer 50 ms late \
         (twice that for the first answer on a connection). Where two numbers stand, the first is the registry that is read \
         and the second the one that is written to. Every copy is compared with its source afterwards, manifests byte for \
         byte. The task fails when a bound of requests at once (32 that read and 32 that write for each host, or what is \
         configured), of connections, of memory (32 MiB) or of requests is exceeded.\n",
    );
    for shown in shown {
        let _infallible = write!(
            page,
            "\n### {}\n\n| run | time | requests | at once | connections | peak memory | |\n|---|---|---|---|---|---|---|\n",
            shown.registry
        );
        for figure in &shown.figures {
            page.push_str(&row(figure));
        }
    }
    page
}

/// The section of docs/reference/benchmarks.md.
pub(super) fn race(race: &Race) -> String {
    let mut page = format!(
        "## Over a link of 50 ms\n\n\
         Written by `cargo xtask reliability scale --write`: the same work by the programs of others (helm {}, crane {}, regctl \
         and regsync {}) between two registries (distribution {}) whose answers are 50 ms late. Loops run one command for \
         each chart; requests are those to both registries.\n",
        Peer::Helm.version(),
        Peer::Crane.version(),
        Peer::Regctl.version(),
        Peer::Distribution.version(),
    );
    page.push_str(&places(
        "Copy of 200 small charts in 100 repositories",
        &race.copies,
    ));
    page.push_str(&places("List of 10,000 tags", &race.lists));
    page
}

/// The section of docs/reference/benchmarks.md about dependencies.
pub(super) fn dependencies(places: &[Place]) -> String {
    let mut page = String::from(
        "## Dependencies over a link of 50 ms\n\n\
         Written by `cargo xtask reliability scale --only dependencies --write`: a chart with 20 dependencies, each a range, in a \
         registry whose answers are 50 ms late. The median of 5 runs, by helm and by skeg in turn.\n\n\
         | command | time | requests | connections | peak memory |\n|---|---|---|---|---|\n",
    );
    for place in places {
        let _infallible = writeln!(
            page,
            "| {} | {:.3} s | {} | {} | {} |",
            place.who,
            place.cost.wall.as_secs_f64(),
            place.traffic.requests,
            place.traffic.connections,
            memory(place.cost),
        );
    }
    page
}

/// The section of docs/reference/benchmarks.md about migration.
pub(super) fn migration(places: &[Place]) -> String {
    let mut page = format!(
        "## A thousand versions out of a classic repository\n\n\
         Written by `cargo xtask reliability scale --only migration --write`: 100 charts with 10 versions each, from a web server on \
         loopback into distribution {}, once by skeg {} and once by a loop of helm {}. A registry on a disk waits for \
         the disk about twenty times for each version, whoever pushes. Afterwards every archive in the registry is compared with the one in \
         the repository.\n\n\
         | work | time | requests | peak memory |\n|---|---|---|---|\n",
        Peer::Distribution.version(),
        env!("CARGO_PKG_VERSION"),
        Peer::Helm.version(),
    );
    for place in places {
        let requests = match place.traffic.requests {
            0 => "–".to_owned(),
            count => count.to_string(),
        };
        let _infallible = writeln!(
            page,
            "| {} | {:.2} s | {requests} | {} |",
            place.who,
            place.cost.wall.as_secs_f64(),
            memory(place.cost),
        );
    }
    page
}

fn places(title: &str, places: &[Place]) -> String {
    let mut table = format!(
        "\n### {title}\n\n| by | time | ÷ skeg | requests | connections | peak memory |\n|---|---|---|---|---|---|\n"
    );
    let first = places.first().map_or(Duration::ZERO, |place| place.cost.wall);
    for place in places {
        let _infallible = writeln!(
            table,
            "| {} | {} | {:.1} | {} | {} | {} |",
            place.who,
            seconds(place.cost.wall),
            place.cost.wall.as_secs_f64() / first.as_secs_f64(),
            place.traffic.requests,
            place.traffic.connections,
            memory(place.cost),
        );
    }
    table
}

fn row(figure: &Figure) -> String {
    let each = |of: fn(&Traffic) -> usize| {
        let numbers: Vec<_> = figure
            .traffic
            .iter()
            .map(|traffic| of(traffic).to_string())
            .collect();
        numbers.join(" / ")
    };
    format!(
        "| {} | {} | {} | {} | {} | {} | {} |\n",
        figure.title,
        seconds(figure.cost.wall),
        each(|traffic| traffic.requests),
        each(|traffic| traffic.at_once),
        each(|traffic| traffic.connections),
        memory(figure.cost),
        figure.remark,
    )
}

fn seconds(wall: Duration) -> String {
    format!("{:.2} s", wall.as_secs_f64())
}

fn memory(cost: Cost) -> String {
    let tenths = cost.peak_kib * 10 / 1024;
    format!("{}.{} MiB", tenths / 10, tenths % 10)
}
