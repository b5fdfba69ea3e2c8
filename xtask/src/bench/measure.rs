//! Running one work with both programs: times in turn, memory, requests.

use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;

use crate::failure::Context;
use crate::failure::Failure;
use crate::failure::Result;
use crate::link::Link;
use crate::link::Traffic;
use crate::process;
use crate::process::Run;

use super::inputs::Inputs;
use super::work::Budget;
use super::work::Work;

/// How often memory is measured; the middle one counts.
pub(super) const MEMORY_RUNS: usize = 3;

/// One of the programs.
pub(super) struct Contender {
    pub(super) name: &'static str,
    pub(super) program: PathBuf,
}

/// What one work cost one program.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cost {
    /// The median.
    pub(super) wall: Duration,
    /// Peak resident memory.
    pub(super) peak_kib: u64,
    /// Nothing for works that talk to nobody.
    pub(super) traffic: Option<Traffic>,
}

/// One line of the table.
pub(super) struct Row {
    pub(super) title: &'static str,
    pub(super) budgets: Vec<Budget>,
    pub(super) helm: Cost,
    pub(super) skeg: Cost,
}

/// Everything a measurement needs.
pub(super) struct Bench {
    pub(super) helm: Contender,
    pub(super) skeg: Contender,
    pub(super) time: PathBuf,
    pub(super) inputs: Inputs,
    pub(super) address: String,
    pub(super) link: Link,
    pub(super) runs: u32,
    pub(super) turn: u32,
}

impl Bench {
    /// Measures one work with both programs.
    pub(super) fn measure(&mut self, work: Work) -> Result<Row> {
        let (mut by_helm, mut by_skeg) = (Vec::new(), Vec::new());
        // One run of each before it counts: caches of the file system are warm for both.
        for run in 0..=self.runs {
            let helm = self.time_once(work, true)?;
            let skeg = self.time_once(work, false)?;
            if run > 0 {
                by_helm.push(helm);
                by_skeg.push(skeg);
            }
        }
        Ok(Row {
            title: work.title(),
            budgets: work.budgets(),
            helm: self.cost(work, true, by_helm)?,
            skeg: self.cost(work, false, by_skeg)?,
        })
    }

    fn cost(&mut self, work: Work, is_helm: bool, walls: Vec<Duration>) -> Result<Cost> {
        let mut peaks = Vec::new();
        for _ in 0..MEMORY_RUNS {
            peaks.push(self.peak_memory(work, is_helm)?);
        }
        let traffic = work
            .is_remote()
            .then(|| self.traffic(work, is_helm))
            .transpose()?;
        Ok(Cost {
            wall: median(walls),
            peak_kib: median(peaks),
            traffic,
        })
    }

    fn time_once(&mut self, work: Work, is_helm: bool) -> Result<Duration> {
        let program = self.contender(is_helm).program.clone();
        let mut command = process::program(program);
        let address = self.address.clone();
        self.prepare(&mut command, work, &address)?;
        let started = Instant::now();
        let status = command.status()?;
        let wall = started.elapsed();
        if status.success() {
            return Ok(wall);
        }
        Err(self.complaint(work, is_helm))
    }

    fn peak_memory(&mut self, work: Work, is_helm: bool) -> Result<u64> {
        let mut command = under_time(&self.time, &self.contender(is_helm).program);
        let address = self.address.clone();
        self.prepare(&mut command, work, &address)?;
        peak_of(&mut command)?.ok_or_else(|| self.complaint(work, is_helm))
    }

    fn traffic(&mut self, work: Work, is_helm: bool) -> Result<Traffic> {
        let mut command = process::program(&self.contender(is_helm).program);
        let address = self.link.address();
        self.prepare(&mut command, work, &address)?;
        let _before = self.link.take_traffic();
        if !command.status()?.success() {
            return Err(self.complaint(work, is_helm));
        }
        Ok(self.link.take_traffic())
    }

    fn prepare(&mut self, command: &mut Command, work: Work, address: &str) -> Result<()> {
        self.turn += 1;
        if work == Work::SearchNewIndex {
            self.inputs.renew_index()?;
        }
        self.inputs.isolate(command);
        if !work.uses_cache() {
            command.env("SKEG_NO_CACHE", "1");
        }
        command
            .args(work.arguments(address, self.turn))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        Ok(())
    }

    fn contender(&self, is_helm: bool) -> &Contender {
        if is_helm { &self.helm } else { &self.skeg }
    }

    /// Runs the work once more to hear what the program has to say.
    fn complaint(&mut self, work: Work, is_helm: bool) -> Failure {
        let contender = self.contender(is_helm);
        let (name, mut command) = (contender.name, process::program(&contender.program));
        let address = self.address.clone();
        if let Err(failure) = self.prepare(&mut command, work, &address) {
            return failure;
        }
        let said = command.capture().err().map(|failure| failure.to_string());
        Failure::new(format!(
            "{name} failed at {}: {}",
            work.title(),
            said.unwrap_or_else(|| "but not when run again".to_owned())
        ))
    }
}

/// A program whose peak memory GNU time tells when it ends.
pub(super) fn under_time(time: &Path, program: &Path) -> Command {
    let mut command = process::program(time);
    command.args(["--quiet", "--format", "%M"]).arg(program);
    command
}

/// Runs such a command; nothing when it failed.
pub(super) fn peak_of(command: &mut Command) -> Result<Option<u64>> {
    let output = command.stderr(Stdio::piped()).output()?;
    if !output.status.success() {
        return Ok(None);
    }
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let last = text.lines().last().unwrap_or_default();
    let peak = last.trim().parse().context(format!("peak memory: {last}"))?;
    Ok(Some(peak))
}

pub(super) fn median<T: Ord + Copy>(mut values: Vec<T>) -> T {
    values.sort_unstable();
    values[values.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_median_is_the_middle_one() {
        assert_eq!(median(vec![3, 1, 2]), 2);
        assert_eq!(median(vec![5]), 5);
        assert_eq!(median(vec![9, 1, 1, 1, 8]), 1);
    }
}
