//! Whole commands of skeg and helm side by side: time, peak memory, requests.
//!
//! Times and memory are measured directly at a registry on loopback, the two programs in turn so
//! that a busy machine is unfair to both. Requests are counted in another run, through a proxy
//! that makes every answer late, so that what runs side by side is seen to.

mod index;
mod inputs;
mod measure;
mod releases;
mod rendering;
mod report;
mod work;

use std::time::Duration;

use clap::Args;
use clap::ValueEnum;

use crate::dist;
use crate::failure::Result;
use crate::link::Conditions;
use crate::link::Link;
use crate::paths;
use crate::peers;
use crate::peers::Peer;
use crate::sections;
use crate::server::Authentication;
use crate::server::Server;
use crate::server::Setup;

use inputs::Inputs;
use measure::Bench;
use measure::Contender;
use work::Work;

/// Where the table is kept.
const PAGE: &str = "docs/reference/benchmarks.md";

/// Long enough that requests sent side by side are seen side by side.
const LATENCY: Duration = Duration::from_millis(40);

/// How to measure.
#[derive(Debug, Args)]
pub(crate) struct BenchArgs {
    /// Write the table to docs/reference/benchmarks.md
    #[arg(long)]
    write: bool,
    /// How often each command is timed
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// Measure one part of the page only
    #[arg(long, value_enum)]
    only: Option<Part>,
    /// Program to measure instead of a release build of this checkout
    #[arg(long)]
    program: Option<std::path::PathBuf>,
}

/// A part of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Commands that talk to a registry, or to nobody
    Commands,
    /// Commands on releases in a cluster
    Releases,
}

/// Measures every work and prints the tables.
pub(crate) fn run(args: &BenchArgs) -> Result<()> {
    let contenders = || -> Result<[Contender; 2]> {
        let helm = Contender {
            name: "helm",
            program: peers::program(Peer::Helm)?,
        };
        let skeg = Contender {
            name: "skeg",
            program: dist::named_or_built(args.program.as_deref())?,
        };
        Ok([helm, skeg])
    };
    if args.only != Some(Part::Releases) {
        finish(args, "commands", &commands(args, contenders()?)?)?;
    }
    if args.only != Some(Part::Commands) {
        finish(args, "releases", &releases::measure(args.runs, contenders()?)?)?;
    }
    Ok(())
}

fn finish(args: &BenchArgs, name: &str, section: &str) -> Result<()> {
    println!("\n{section}");
    if args.write {
        write_section(name, section)?;
    }
    Ok(())
}

fn commands(args: &BenchArgs, [helm, skeg]: [Contender; 2]) -> Result<String> {
    let setup = Setup {
        peer: Peer::Distribution,
        authentication: Authentication::None,
        tls: false,
    };
    let server = Server::start(setup, &peers::program(Peer::Distribution)?)?;
    let link = Link::start(
        server.address(),
        Conditions {
            latency: LATENCY,
            ..Conditions::default()
        },
    )?;
    let directory = paths::scratch("bench")?;
    let inputs = Inputs::create(directory.path(), &helm.program, server.address())?;
    let mut bench = Bench {
        helm,
        skeg,
        time: peers::program(Peer::Time)?,
        inputs,
        address: server.address().to_owned(),
        link,
        runs: args.runs,
        turn: 0,
    };
    let mut rows = Vec::new();
    for work in Work::ALL {
        println!("measuring: {}", work.title());
        rows.push(bench.measure(work)?);
    }
    Ok(report::render(&rows, args.runs))
}

/// Replaces one section of the page, or adds it.
pub(crate) fn write_section(name: &str, section: &str) -> Result<()> {
    let path = paths::root().join(PAGE);
    let before = fs_err::read_to_string(&path)?;
    fs_err::write(&path, sections::replaced(&before, name, section))?;
    println!("wrote {}", path.display());
    Ok(())
}
