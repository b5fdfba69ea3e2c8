//! Commands on releases: the same cluster for both programs, a namespace for each.

mod stage;
mod work;

use std::path::Path;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;

use crate::failure::Failure;
use crate::failure::Result;
use crate::link::Traffic;
use crate::peers;
use crate::peers::Peer;
use crate::process;
use crate::process::Run;

use super::measure::Contender;
use super::measure::Cost;
use super::measure::MEMORY_RUNS;
use super::measure::Row;
use super::measure::median;
use super::measure::peak_of;
use super::measure::under_time;
use super::report;

use stage::Side;
use stage::Stage;
use work::Work;

/// Measures every work on releases with both programs, and renders the section about them.
pub(super) fn measure(runs: u32, contenders: [Contender; 2]) -> Result<String> {
    let [helm, _] = &contenders;
    let stage = Stage::set(&helm.program)?;
    let bench = Bench {
        contenders,
        time: peers::program(Peer::Time)?,
        stage,
        runs,
    };
    let mut rows = Vec::new();
    for work in Work::ALL {
        println!("measuring: {}", work.title());
        rows.push(bench.measure(work)?);
    }
    Ok(report::render_releases(&rows, runs))
}

struct Bench {
    contenders: [Contender; 2],
    time: std::path::PathBuf,
    stage: Stage,
    runs: u32,
}

impl Bench {
    fn measure(&self, work: Work) -> Result<Row> {
        let mut walls = [Vec::new(), Vec::new()];
        if work == Work::ALL[0] {
            // What both keep about a server they keep by its address, and the proxy has another.
            for side in Side::BOTH {
                self.traffic(work, side)?;
            }
        }
        // One run of each before it counts.
        for run in 0..=self.runs {
            for side in Side::BOTH {
                let wall = self.time_once(work, side)?;
                if run > 0 {
                    walls[side as usize].push(wall);
                }
            }
        }
        let [by_helm, by_skeg] = walls;
        Ok(Row {
            title: work.title(),
            budgets: work.budgets(),
            helm: self.cost(work, Side::Helm, by_helm)?,
            skeg: self.cost(work, Side::Skeg, by_skeg)?,
        })
    }

    fn cost(&self, work: Work, side: Side, walls: Vec<Duration>) -> Result<Cost> {
        let mut peaks = Vec::new();
        for _ in 0..MEMORY_RUNS {
            let mut command = under_time(&self.time, self.program(side));
            self.prepare(&mut command, work, side);
            let peak = peak_of(&mut command)?;
            peaks.push(peak.ok_or_else(|| self.complaint(work, side))?);
        }
        Ok(Cost {
            wall: median(walls),
            peak_kib: median(peaks),
            traffic: Some(self.traffic(work, side)?),
        })
    }

    fn time_once(&self, work: Work, side: Side) -> Result<Duration> {
        let mut command = process::program(self.program(side));
        self.prepare(&mut command, work, side);
        let started = Instant::now();
        let status = command.status()?;
        let wall = started.elapsed();
        if status.success() {
            return Ok(wall);
        }
        Err(self.complaint(work, side))
    }

    fn traffic(&self, work: Work, side: Side) -> Result<Traffic> {
        let mut command = process::program(self.program(side));
        self.prepare(&mut command, work, side);
        self.stage.through_proxy(&mut command);
        if !command.status()?.success() {
            return Err(self.complaint(work, side));
        }
        Ok(self.stage.take_traffic())
    }

    fn prepare(&self, command: &mut Command, work: Work, side: Side) {
        self.stage.prepare(command, work, side);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
    }

    fn program(&self, side: Side) -> &Path {
        &self.contenders[side as usize].program
    }

    /// Runs the work once more to hear what the program has to say.
    fn complaint(&self, work: Work, side: Side) -> Failure {
        let name = self.contenders[side as usize].name;
        let mut command = process::program(self.program(side));
        self.stage.prepare(&mut command, work, side);
        let said = command.capture().err().map(|failure| failure.to_string());
        Failure::new(format!(
            "{name} failed at {}: {}",
            work.title(),
            said.unwrap_or_else(|| "but not when run again".to_owned())
        ))
    }
}
