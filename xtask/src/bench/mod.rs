//! Whole commands of skeg and helm side by side: time, peak memory, requests.
//!
//! Times and memory are measured directly at a registry on loopback, the two programs in turn so
//! that a busy machine is unfair to both. Requests are counted in another run, through a proxy
//! that makes every answer late, so that what runs side by side is seen to.

mod index;
mod inputs;
mod measure;
mod rendering;
mod report;
mod work;

use std::time::Duration;

use clap::Args;

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
    /// Program to measure instead of a release build of this checkout
    #[arg(long)]
    program: Option<std::path::PathBuf>,
}

/// Measures every work and prints the table.
pub(crate) fn run(args: &BenchArgs) -> Result<()> {
    let helm = Contender {
        name: "helm",
        program: peers::program(Peer::Helm)?,
    };
    let skeg = Contender {
        name: "skeg",
        program: dist::named_or_built(args.program.as_deref())?,
    };
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
    let page = report::render(&rows, args.runs);
    println!("\n{page}");
    if args.write {
        write_section("commands", &page)?;
    }
    Ok(())
}

/// Replaces one section of the page, or adds it.
pub(crate) fn write_section(name: &str, section: &str) -> Result<()> {
    let path = paths::root().join(PAGE);
    let before = fs_err::read_to_string(&path)?;
    fs_err::write(&path, sections::replaced(&before, name, section))?;
    println!("wrote {}", path.display());
    Ok(())
}
