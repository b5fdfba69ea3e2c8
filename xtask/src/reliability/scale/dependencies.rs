//! Twenty dependencies in ranges, by helm and by skeg: resolved for the first time, again, and built from a lock.

use std::fmt::Write as _;
use std::path::Path;

use crate::failure::Result;
use crate::link::Link;
use crate::peers::{self, Peer};

use super::copies::far;
use super::race::{Place, middle};
use super::stage::{self, Stage};

/// How many dependencies the chart has.
const COUNT: usize = 20;

/// How often everything is done; the middle one counts.
const TURNS: usize = 5;

/// The commands, one after the other in the same place.
const WORKS: [(&str, &str); 3] = [
    ("update", "for the first time"),
    ("update", "again, nothing changed"),
    ("build", "everything there and right"),
];

/// What the works cost helm and skeg, in turn.
pub(super) fn run(stage: &Stage) -> Result<Vec<Place>> {
    let link = stage.link(far())?;
    let helm = peers::program(Peer::Helm)?;
    let programs = [("helm", helm.as_path()), ("skeg", stage.program())];
    let mut costs = vec![Vec::new(); programs.len() * WORKS.len()];
    let mut traffic = vec![None; costs.len()];
    for _ in 0..TURNS {
        for (program_index, (_, program)) in programs.iter().enumerate() {
            let home = stage.home()?;
            write_chart(&home, &link)?;
            for (work_index, (work, _)) in WORKS.iter().enumerate() {
                let index = work_index * programs.len() + program_index;
                let _before = link.take_traffic();
                let mut command = stage.command_in(&home, program);
                command.args(["dependency", work, "umbrella", "--plain-http"]);
                costs[index].push(stage::measure(&mut command)?);
                traffic[index] = Some(link.take_traffic());
            }
        }
    }
    let rows = costs.into_iter().zip(traffic).enumerate();
    Ok(rows
        .map(|(index, (costs, traffic))| {
            let (work, when) = WORKS[index / programs.len()];
            let (name, _) = programs[index % programs.len()];
            Place {
                who: format!("`{name} dependency {work}`, {when}"),
                cost: middle(costs),
                traffic: traffic.unwrap_or_default(),
            }
        })
        .collect())
}

fn write_chart(home: &Path, link: &Link) -> Result<()> {
    let chart = home.join("umbrella");
    fs_err::create_dir_all(&chart)?;
    let mut text = String::from("apiVersion: v2\nname: umbrella\nversion: 1.0.0\ndependencies:\n");
    for name in (0..COUNT).map(stage::chart) {
        let _infallible = write!(
            text,
            "- name: {name}\n  version: ^1.0.0\n  repository: oci://{}/charts\n",
            link.address()
        );
    }
    fs_err::write(chart.join("Chart.yaml"), text)?;
    Ok(())
}
