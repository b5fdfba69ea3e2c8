//! `skeg push`.

mod classic;

use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Serialize;
use skeg_oci::Tag;
use skeg_registry::{ChartArchive, ChartReference, RepositoryLocation};
use skeg_registry::{ExistingTag, PushOptions, PushOutcome, PushTarget, TagState};

use crate::access::Access;
use crate::args::{AccessArgs, OutputArgs, OutputFormat};
use crate::chart_source::{display_name, explain_underscore};
use crate::classic::read_list;
use crate::commands::package::package_directory;
use crate::context::Context;
use crate::error::CommandError;
use crate::scratch::{ScratchDirectory, scratch};
use crate::work::{block_on, blocking};

/// Upload charts to a registry, or to a classic repository
///
/// A chart is an archive made by `package`, or a directory, which is packaged on the way. A provenance file beside the
/// archive (`ARCHIVE.prov`) goes with it. In a registry the name and the version of the chart are appended to the remote. A classic
/// repository, named by its address or as in `repo list`, must be served by ChartMuseum.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg push [chart] [remote] [flags]")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct PushArgs {
    /// The archives or directories
    #[arg(required = true, value_name = "CHART")]
    charts: Vec<PathBuf>,

    /// Where to: `oci://HOST[/PATH]`, `oci-layout://DIR`, `https://…`, or the name of a repository
    remote: String,

    /// Give the chart this tag too (can be repeated)
    #[arg(long = "tag", value_name = "TAG", value_delimiter = ',')]
    tags: Vec<String>,

    /// Push nothing; print the digest that the chart would have
    #[arg(long)]
    dry_run: bool,

    /// Leave a version that is there already as it is
    #[arg(long, conflicts_with = "no_overwrite")]
    if_absent: bool,

    /// Fail if a tag exists already with another digest
    #[arg(long)]
    no_overwrite: bool,

    /// Push even if the remote ends with the chart's name already
    #[arg(long)]
    allow_repeated_name: bool,

    /// The time of creation in the manifest, such as `2026-01-31T12:00:00Z`; by default that of the newest file
    #[arg(long, value_name = "TIME", value_parser = parse_created)]
    created: Option<Timestamp>,

    #[command(flatten)]
    classic: classic::ClassicArgs,

    #[command(flatten)]
    access: AccessArgs,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PushReport {
    #[serde(rename = "ref")]
    reference: String,
    repository: String,
    tag: String,
    digest: String,
    media_type: &'static str,
    size: u64,
    status: &'static str,
    tags: Vec<String>,
}

/// What is the same for every chart of one command.
struct Push<'command> {
    target: PushTarget,
    extra_tags: Vec<Tag>,
    args: &'command PushArgs,
    access: Access,
    context: &'command Context,
}

/// One chart that is ready to go.
struct Prepared {
    archive: ChartArchive,
    location: RepositoryLocation,
    tag: Tag,
    /// Keeps the archive of a directory until it is pushed.
    _scratch: Option<ScratchDirectory>,
}

/// Helm 4.3.1: `Pushed:` and `Digest:` on standard output.
pub(crate) fn push(args: &PushArgs, context: &Context) -> Result<(), CommandError> {
    let destination = destination(&args.remote, context)?;
    // Nothing is pushed when one of the names is wrong.
    for chart in &args.charts {
        is_directory(chart)?;
    }
    let target = match destination {
        Destination::Classic(place) => return classic::push(place, args, context),
        Destination::Registry(target) => target,
    };
    refuse_classic_flags(&args.classic)?;
    let push = Push {
        extra_tags: parse_tags(&args.tags)?,
        access: Access::new(&args.access, target.host(), context)?,
        target,
        args,
        context,
    };
    let (reports, failed) = block_on(push.all())?;
    let format = args.output.output;
    format.print_all(args.charts.len(), &reports, context.printer())?;
    failed.map_or(Ok(()), Err)
}

enum Destination {
    Registry(PushTarget),
    Classic(classic::Place),
}

/// What has no scheme may be the name of a repository.
fn destination(remote: &str, context: &Context) -> Result<Destination, CommandError> {
    let scheme = remote
        .split_once("://")
        .map(|(scheme, _)| scheme.to_ascii_lowercase());
    let entry = match scheme.as_deref() {
        Some("http" | "https") => {
            let address = remote.to_owned();
            return Ok(Destination::Classic(classic::Place { address, entry: None }));
        }
        Some(_) => None,
        None => read_list(context)?.and_then(|list| list.get(remote).cloned()),
    };
    match entry {
        Some(entry) if !entry.is_oci() => Ok(Destination::Classic(classic::Place {
            address: entry.url.clone(),
            entry: Some(entry),
        })),
        Some(entry) => parse_target(&entry.url),
        None => parse_target(remote),
    }
}

fn parse_target(remote: &str) -> Result<Destination, CommandError> {
    let target = PushTarget::parse(remote).map_err(CommandError::push_target)?;
    Ok(Destination::Registry(target))
}

/// In a registry a push replaces what is there unless it is told not to.
fn refuse_classic_flags(args: &classic::ClassicArgs) -> Result<(), CommandError> {
    let flags = [
        ("--force", args.force),
        ("--context-path", args.context_path.is_some()),
        ("--access-token", args.access_token.is_some()),
    ];
    match flags.iter().find(|(_, is_given)| *is_given) {
        Some((flag, _)) => Err(CommandError::user(format!(
            "`{flag}` is for classic repositories, and the remote is none"
        ))
        .hint(format!("leave `{flag}` out"))),
        None => Ok(()),
    }
}

impl Push<'_> {
    /// Pushes one chart after the other, up to the first that fails.
    async fn all(&self) -> Result<(Vec<PushReport>, Option<CommandError>), CommandError> {
        let mut reports = Vec::new();
        for chart in &self.args.charts {
            match self.one(chart).await {
                Ok(report) => reports.push(report),
                Err(error) => return Ok((reports, Some(error))),
            }
        }
        Ok((reports, None))
    }

    async fn one(&self, chart: &Path) -> Result<PushReport, CommandError> {
        let prepared = self.prepare(chart).await?;
        let reference = ChartReference::new(prepared.location.clone(), Some(prepared.tag.clone()), None);
        let options = self.options(&prepared.tag);
        let content = prepared.archive.to_artifact(self.args.created);
        let outcome = if self.args.dry_run {
            PushOutcome {
                digest: content.manifest.digest().clone(),
                tags: Vec::new(),
            }
        } else {
            let repository = self.access.repository(&prepared.location)?.for_writing();
            let pushed = skeg_registry::push(&repository, &prepared.archive, &content, &options).await;
            pushed.map_err(|error| CommandError::push(&reference, error))?
        };
        let report = PushReport {
            reference: reference.to_string(),
            repository: prepared.location.to_url(),
            tag: prepared.tag.to_string(),
            digest: outcome.digest.to_string(),
            media_type: "application/vnd.oci.image.manifest.v1+json",
            size: content.manifest.bytes().len() as u64,
            status: status(self.args, &outcome),
            tags: options.tags.iter().map(ToString::to_string).collect(),
        };
        warn_about_moved_tags(&prepared.location, &outcome, self.context);
        if self.args.output.output == OutputFormat::Table {
            print_lines(&reference, &report, self.context)?;
        }
        Ok(report)
    }

    /// Reads the archive, or makes one of a directory, and decides where it goes.
    async fn prepare(&self, chart: &Path) -> Result<Prepared, CommandError> {
        let (archive, scratch) = read_archive(chart, self.context).await?;
        let metadata = archive.metadata();
        if !self.args.allow_repeated_name {
            let refused = self.target.refuse_repeated_name(metadata.name());
            refused.map_err(CommandError::reference)?;
        }
        let location = self.target.repository(metadata.name());
        Ok(Prepared {
            location: location.map_err(CommandError::reference)?,
            tag: Tag::from_version(metadata.version()).map_err(CommandError::user)?,
            archive,
            _scratch: scratch,
        })
    }

    fn options(&self, tag: &Tag) -> PushOptions {
        let extra_tags = self.extra_tags.iter().filter(|extra| *extra != tag);
        PushOptions {
            tags: std::iter::once(tag).chain(extra_tags).cloned().collect(),
            existing: match (self.args.no_overwrite, self.args.if_absent) {
                (true, _) => ExistingTag::Refuse,
                (false, true) => ExistingTag::Keep,
                (false, false) => ExistingTag::Overwrite,
            },
        }
    }
}

/// Reads an archive, or makes one of a directory, which is there as long as its scratch directory.
async fn read_archive(
    chart: &Path,
    context: &Context,
) -> Result<(ChartArchive, Option<ScratchDirectory>), CommandError> {
    let (path, scratch) = if is_directory(chart)? {
        let scratch = scratch()?;
        let path = package_directory(chart, scratch.path(), context).await?;
        (path, Some(scratch))
    } else {
        (chart.to_owned(), None)
    };
    let limits = context.limits()?;
    let archive = blocking(move || ChartArchive::read(&path, &limits).map_err(CommandError::user)).await?;
    Ok((archive, scratch))
}

/// Helm 4.3.1: `nosuch.tgz: no such file`.
fn is_directory(chart: &Path) -> Result<bool, CommandError> {
    match std::fs::metadata(chart) {
        Ok(metadata) if metadata.is_file() || metadata.is_dir() => Ok(metadata.is_dir()),
        Ok(_) => Err(CommandError::user(format!(
            "{}: neither an archive nor a directory",
            chart.display()
        ))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(CommandError::user(format!("{}: no such file", chart.display())))
        }
        Err(error) => Err(CommandError::user(format!("{}: {error}", chart.display()))),
    }
}

fn parse_tags(tags: &[String]) -> Result<Vec<Tag>, CommandError> {
    tags.iter()
        .map(|tag| Tag::from_version(tag).map_err(CommandError::user))
        .collect()
}

fn parse_created(text: &str) -> Result<Timestamp, jiff::Error> {
    let seconds = text
        .parse()
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok());
    seconds.map_or_else(|| text.parse(), Ok)
}

fn status(args: &PushArgs, outcome: &PushOutcome) -> &'static str {
    match outcome.tags.first() {
        _ if args.dry_run => "dry-run",
        Some((_, TagState::Kept { .. })) => "exists",
        Some((_, TagState::Unchanged)) => "unchanged",
        _ => "pushed",
    }
}

fn warn_about_moved_tags(location: &RepositoryLocation, outcome: &PushOutcome, context: &Context) {
    for (tag, state) in &outcome.tags {
        match state {
            TagState::Moved { from } => context.printer().warning(&format!(
                "{location}:{tag} was {from} and is {} now; `--no-overwrite` refuses that",
                outcome.digest
            )),
            TagState::Kept { digest } => {
                context.printer().status(format!(
                    "{location}:{tag} exists already as {digest} and was left alone"
                ));
            }
            TagState::Created | TagState::Unchanged => {}
        }
    }
}

fn print_lines(
    reference: &ChartReference,
    report: &PushReport,
    context: &Context,
) -> Result<(), CommandError> {
    let printer = context.printer();
    let name = display_name(reference);
    let verb = match report.status {
        "dry-run" => "Would push",
        "exists" => "Exists",
        _ => "Pushed",
    };
    printer.line(format!("{verb}: {name}"))?;
    printer.line(format!("Digest: {}", report.digest))?;
    explain_underscore(&name, |line| Ok(printer.line(line)?))
}
