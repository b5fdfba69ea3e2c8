//! `cargo xtask reliability scale`: many charts, many tags and bad links, against real registries.
//!
//! `stage` is what a run needs: two registries, charts in the first of them, links with conditions before both.
//! `copies`, `lists` and `faults` are the runs; `race` is the same work by the programs of others. What must hold is
//! judged where it is measured and ends the task; times are only reported.

mod copies;
mod dependencies;
mod faults;
mod lists;
mod migration;
mod page;
mod race;
mod stage;
mod web;

use std::path::PathBuf;

use crate::dist;
use crate::failure::{Failure, Result};
use crate::peers;

use self::page::Figure;
use self::race::Race;
use self::stage::Stage;

/// What to run.
#[derive(Debug, clap::Args)]
pub(super) struct ScaleArgs {
    /// Program to measure instead of a release build of this checkout
    #[arg(long)]
    program: Option<PathBuf>,
    /// Run these only
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
}

/// The parts of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// The same work by the programs of others, which takes minutes
    Race,
    /// Twenty dependencies, by helm and by skeg
    Dependencies,
    /// A thousand versions out of a classic repository, by skeg and by helm, which takes minutes
    Migration,
    /// Many charts
    Copies,
    /// Many tags and repositories
    Lists,
    /// Links that break, and registries that refuse
    Faults,
}

impl ScaleArgs {
    /// Whether there is something to do at every registry.
    fn has_figures(&self) -> bool {
        [Part::Copies, Part::Lists, Part::Faults]
            .into_iter()
            .any(|part| self.has(part))
    }

    fn has(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }
}

/// Runs that show something.
type Runs = fn(&Stage) -> Result<Vec<Figure>>;

/// What one registry showed.
struct Shown {
    registry: &'static str,
    figures: Vec<Figure>,
}

/// Runs everything against each registry that is present, the race against the first of them.
pub(super) fn run(args: &ScaleArgs) -> Result<Sections> {
    let program = dist::named_or_built(args.program.as_deref())?;
    let states = peers::ensure(&peers::REGISTRIES);
    peers::require(&states)?;
    let mut shown = Vec::new();
    let mut benchmarks = Vec::new();
    for state in &states {
        let Some(registry) = state.program() else {
            continue;
        };
        if !shown.is_empty() && !args.has_figures() {
            // Other programs are compared with at one registry only.
            break;
        }
        let name = state.peer().name();
        println!("registry: {name}");
        let stage = Stage::set(state.peer(), registry, &program)?;
        if shown.is_empty() {
            benchmarks = benchmark(args, &stage)?;
        }
        shown.push(Shown {
            registry: name,
            figures: figures(args, &stage)?,
        });
    }
    if shown.is_empty() {
        return Err(Failure::new("no registry is present"));
    }
    Ok(Sections {
        figures: args.only.is_empty().then(|| page::figures(&shown)),
        benchmarks,
    })
}

/// What is compared with other programs, by section.
fn benchmark(args: &ScaleArgs, stage: &Stage) -> Result<Vec<(&'static str, String)>> {
    let mut sections = Vec::new();
    if args.has(Part::Race) {
        sections.push(("link", page::race(&Race::run(stage)?)));
    }
    if args.has(Part::Dependencies) {
        sections.push(("dependencies", page::dependencies(&dependencies::run(stage)?)));
    }
    if args.has(Part::Migration) {
        sections.push(("migration", page::migration(&migration::run(stage)?)));
    }
    Ok(sections)
}

/// The sections that the runs give: one for the page about reliability, if nothing was left out, others by name for the
/// benchmarks.
pub(super) struct Sections {
    pub(super) figures: Option<String>,
    pub(super) benchmarks: Vec<(&'static str, String)>,
}

fn figures(args: &ScaleArgs, stage: &Stage) -> Result<Vec<Figure>> {
    let runs: [(Part, Runs); 3] = [
        (Part::Copies, copies::run),
        (Part::Lists, lists::run),
        (Part::Faults, faults::run),
    ];
    let mut figures = Vec::new();
    for (_, run) in runs.iter().filter(|(part, _)| args.has(*part)) {
        figures.extend(run(stage)?);
    }
    Ok(figures)
}
