//! The table: what each work costs both programs, and which budgets hold.

use std::fmt::Write;
use std::time::Duration;

use crate::peers::Peer;
use crate::process;
use crate::process::Run;

use super::measure::Cost;
use super::measure::Row;
use super::work::Budget;

/// Renders the section about commands that talk to registries, or to nobody.
pub(super) fn render(rows: &[Row], runs: u32) -> String {
    tables(heading(runs), rows)
}

/// Renders the section about releases.
pub(super) fn render_releases(rows: &[Row], runs: u32) -> String {
    tables(releases_heading(runs), rows)
}

/// The table and the one about budgets, below a heading.
fn tables(heading: String, rows: &[Row]) -> String {
    let mut page = heading;
    line(
        &mut page,
        "| work | helm | skeg | helm ÷ skeg | helm's memory | skeg's memory | helm's requests | skeg's requests | helm received | skeg received |\n\
         |---|---|---|---|---|---|---|---|---|---|",
    );
    for row in rows {
        line(&mut page, &table_line(row));
    }
    line(&mut page, "\n### Budgets\n");
    line(
        &mut page,
        "| work | budget | measured | holds |\n|---|---|---|---|",
    );
    for row in rows {
        for &budget in &row.budgets {
            line(&mut page, &budget_line(row, budget));
        }
    }
    page
}

fn heading(runs: u32) -> String {
    format!(
        "## Commands beside helm\n\n\
         Written by `cargo xtask bench --write`. Whole commands of skeg and helm {}, in turn on the same machine, against distribution {} on\n\
         loopback: the median of {runs} runs, peak resident memory as GNU time reports it, and requests\n\
         as a proxy counts them that delays every answer by 40 ms (in parentheses those that wait for\n\
         one another).\n\n\
         Machine: {}.\n\n",
        Peer::Helm.version(),
        Peer::Distribution.version(),
        machine()
    )
}

fn releases_heading(runs: u32) -> String {
    format!(
        "## Releases beside helm\n\n\
         Written by `cargo xtask bench --only releases --write`. Commands of skeg and helm {}, in turn on the same machine, with\n\
         kube-apiserver {} and etcd on loopback: the median of {runs} runs, peak resident memory as GNU time reports it, and\n\
         requests as a proxy counts them that makes each of them 20 ms late (in parentheses those that wait for one another).\n\
         Every release has 100 ConfigMaps. The list is over 100 releases with 10 revisions of 40 KB each.\n\n\
         Machine: {}.\n\n",
        Peer::Helm.version(),
        Peer::KubeApiserver.version(),
        machine()
    )
}

fn table_line(row: &Row) -> String {
    let (helm, skeg) = (&row.helm, &row.skeg);
    format!(
        "| {} | {} | {} | {:.1} | {} | {} | {} | {} | {} | {} |",
        row.title,
        duration(helm.wall),
        duration(skeg.wall),
        ratio(helm.wall, skeg.wall),
        memory(helm),
        memory(skeg),
        requests(helm),
        requests(skeg),
        received(helm),
        received(skeg),
    )
}

fn budget_line(row: &Row, budget: Budget) -> String {
    let skeg = &row.skeg;
    let traffic = skeg.traffic;
    let (promise, measured, holds) = match budget {
        Budget::WallTime { helm_over } => {
            let measured = ratio(row.helm.wall, skeg.wall);
            let promise = format!("helm's time ÷ {helm_over}");
            (
                promise,
                format!("helm's time ÷ {measured:.1}"),
                measured >= helm_over,
            )
        }
        Budget::PeakMemory(most) => {
            let measured = mebibytes(skeg);
            (
                format!("≤ {most} MiB"),
                format!("{measured:.1} MiB"),
                measured <= most,
            )
        }
        Budget::MemoryShare { helm_over } => {
            let measured = mebibytes(&row.helm) / mebibytes(skeg);
            (
                format!("helm's memory ÷ {helm_over}"),
                format!("helm's memory ÷ {measured:.1}"),
                measured >= helm_over,
            )
        }
        Budget::Requests(most) => {
            let measured = traffic.map_or(0, |traffic| traffic.requests);
            (
                format!("≤ {most} requests"),
                measured.to_string(),
                measured <= most,
            )
        }
        Budget::RoundTrips(most) => {
            let measured = traffic.map_or(0, |traffic| traffic.round_trips);
            (
                format!("≤ {most} one after the other"),
                measured.to_string(),
                measured <= most,
            )
        }
        Budget::Received(below) => {
            let measured = kibibytes(traffic.map_or(0, |traffic| traffic.received));
            (
                format!("< {below} KiB received"),
                format!("{measured:.1} KiB"),
                measured < below,
            )
        }
    };
    let word = if holds { "yes" } else { "**no**" };
    format!("| {} | {promise} | {measured} | {word} |", row.title)
}

fn duration(wall: Duration) -> String {
    let milliseconds = wall.as_secs_f64() * 1000.0;
    if milliseconds < 10.0 {
        return format!("{milliseconds:.1} ms");
    }
    format!("{milliseconds:.0} ms")
}

fn ratio(helm: Duration, skeg: Duration) -> f64 {
    helm.as_secs_f64() / skeg.as_secs_f64()
}

fn memory(cost: &Cost) -> String {
    format!("{:.1} MiB", mebibytes(cost))
}

fn mebibytes(cost: &Cost) -> f64 {
    kibibytes(cost.peak_kib)
}

/// A 1024th; the numbers are far below what a double holds exactly.
#[expect(
    clippy::cast_precision_loss,
    reason = "sizes of memory and files are far below 2^52"
)]
fn kibibytes(bytes: u64) -> f64 {
    bytes as f64 / 1024.0
}

fn requests(cost: &Cost) -> String {
    cost.traffic.map_or_else(
        || "–".to_owned(),
        |traffic| format!("{} ({})", traffic.requests, traffic.round_trips),
    )
}

fn received(cost: &Cost) -> String {
    cost.traffic.map_or_else(
        || "–".to_owned(),
        |traffic| format!("{:.1} KiB", kibibytes(traffic.received)),
    )
}

/// The processor, the number of cores and the system, as far as they can be told.
fn machine() -> String {
    let processors = fs_err::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = processors
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(':'))
        .map_or("unknown processor", |(_, name)| name.trim());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let system = process::program("uname")
        .args(["-s", "-r", "-m"])
        .capture()
        .unwrap_or_else(|_| std::env::consts::OS.to_owned());
    format!("{model}, {cores} cores, {}", system.trim())
}

fn line(page: &mut String, text: &str) {
    writeln!(page, "{text}").expect("because a String takes everything");
}
