//! `skeg migrate`.

mod report;
mod rewriting;
mod source;
mod transfer;

use std::path::PathBuf;

use skeg_go::semver::VersionConstraint;
use skeg_migrate::{Plan, Selection, plan};
use skeg_registry::PushTarget;

use self::report::{MigrateReport, VersionReport};
use self::rewriting::Rewriting;
use self::source::Source;
use self::transfer::Transfer;
use crate::access::Access;
use crate::args::{AccessArgs, OutputArgs};
use crate::context::Context;
use crate::copying::{TransferArgs, run_copies};
use crate::error::CommandError;

/// Take the charts of a classic repository to a registry
///
/// Every version goes to `oci://HOST/PATH/NAME`, as `push` would take it there: its digest must be that of the index, its
/// provenance file goes along. What is there already is compared and not sent again, so that a second run finds out with few
/// requests that there is nothing to do, and goes on where another was stopped. A version that fails does not keep the others
/// from being taken. The login of the repository is that of its name; see `skeg repo add`.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg migrate [repository] [remote] [flags]")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct MigrateArgs {
    /// The repository: its name, or `http(s)://…`
    #[arg(value_name = "REPOSITORY")]
    repository: String,

    /// Where to: `oci://HOST[/PATH]` or `oci-layout://DIR`
    remote: String,

    /// Take the charts whose names fit only, such as `web-*` (can be repeated)
    #[arg(long, value_name = "PATTERN", value_delimiter = ',')]
    include: Vec<String>,

    /// Leave the charts out whose names fit (can be repeated)
    #[arg(long, value_name = "PATTERN", value_delimiter = ',')]
    exclude: Vec<String>,

    /// Take the versions of this range only, such as `'>=1 <3'`
    #[arg(long, value_name = "RANGE", allow_hyphen_values = true)]
    version: Option<String>,

    /// Take so many versions of each chart only, the highest ones
    #[arg(long, value_name = "COUNT")]
    latest: Option<usize>,

    /// Let pre-releases count for `--latest`
    #[arg(long)]
    devel: bool,

    /// Replace versions that are there and are something else
    #[arg(long)]
    overwrite: bool,

    /// Do not look for provenance files
    #[arg(long)]
    no_provenance: bool,

    /// Change dependencies of the charts below this directory that are in the old repository to the new place (can be
    /// repeated)
    #[arg(long, value_name = "DIR")]
    rewrite_dependencies: Vec<PathBuf>,

    /// Take nothing and change nothing; print what would be done
    #[arg(long)]
    dry_run: bool,

    /// Send the login of the repository to other hosts too that its index names
    #[arg(long)]
    pass_credentials: bool,

    #[command(flatten)]
    transfers: TransferArgs,

    #[command(flatten)]
    access: AccessArgs,

    #[command(flatten)]
    output: OutputArgs,
}

pub(crate) fn migrate(args: &MigrateArgs, context: &Context) -> Result<(), CommandError> {
    let target = PushTarget::parse(&args.remote).map_err(CommandError::push_target)?;
    let selection = selection(args)?;
    if !args.rewrite_dependencies.is_empty() && matches!(target, PushTarget::Layout { .. }) {
        return Err(
            CommandError::user("dependencies cannot be in a directory of image layouts")
                .hint("leave `--rewrite-dependencies` out, or take the charts to a registry"),
        );
    }
    let rewriting = Rewriting::find(&args.rewrite_dependencies)?;
    let source = Source::open(args, context)?;
    let index = source.index(context)?;
    let plan = plan(&index, &selection, &target);
    if plan.versions.is_empty() && plan.skipped.is_empty() {
        return Err(nothing_selected(args, &source));
    }
    let access = Access::new(&args.access, target.host(), context)?;
    let transfer = Transfer::new(&access, &source, args, context)?;
    let (mut versions, errors) = run_copies(&access, async { transfer.run(&plan).await })?;
    let manner = (args.dry_run, context.printer());
    let (rewritten, more_errors) = rewriting.run(&source, &target, &versions, manner);
    versions.extend(skipped(&plan, context));
    let report = MigrateReport::new(&source, args, versions, rewritten);
    report.print(&args.output, context)?;
    let errors = errors.into_iter().chain(more_errors).collect();
    CommandError::all_of(errors, context.printer())
}

/// An error that says what it is about.
fn about(name: &str, error: &CommandError) -> CommandError {
    error.reworded(format!("{name}: {}", error.message()))
}

fn selection(args: &MigrateArgs) -> Result<Selection, CommandError> {
    let pattern = |error| {
        CommandError::user(error)
            .hint("`*` stands for anything, `?` for a character, `[a-z]` for one of several")
    };
    let mut selection = Selection::everything();
    for include in &args.include {
        selection = selection.include(include).map_err(pattern)?;
    }
    for exclude in &args.exclude {
        selection = selection.exclude(exclude).map_err(pattern)?;
    }
    if let Some(range) = &args.version {
        let range = VersionConstraint::parse(range).map_err(|_| {
            CommandError::user(format!("improper constraint: {}", skeg_go::quote::quote(range)))
                .hint("write a version such as `1.2.3` or a range such as `>=1 <3`")
        })?;
        selection = selection.range(range);
    }
    if let Some(count) = args.latest {
        selection = selection.newest(count);
    }
    if args.devel {
        if args.latest.is_none() {
            return Err(CommandError::user("`--devel` is for `--latest`, which is not given")
                .hint("leave it out: pre-releases are taken anyway, or are in `--version` if the range names one"));
        }
        selection = selection.pre_releases();
    }
    Ok(selection)
}

fn nothing_selected(args: &MigrateArgs, source: &Source) -> CommandError {
    let error = CommandError::user(format!("there is nothing to take in {}", source.shown()));
    let is_narrowed = !args.include.is_empty() || !args.exclude.is_empty() || args.version.is_some();
    let hint = if is_narrowed || args.latest.is_some() {
        "look whether `--include`, `--exclude`, `--version` and `--latest` say what you mean"
    } else {
        "the index of the repository has no charts"
    };
    error.hint(hint)
}

/// What cannot be taken, which is told as well.
fn skipped(plan: &Plan<'_>, context: &Context) -> Vec<VersionReport> {
    let skipped = plan.skipped.iter().map(|skipped| {
        let report = VersionReport::skipped(skipped);
        context.printer().warning(&format!(
            "{} {} is left out: {}",
            report.name,
            report.version,
            crate::error::chain(&skipped.obstacle)
        ));
        report
    });
    skipped.collect()
}
