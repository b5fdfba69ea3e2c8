//! Flags that several commands on releases have.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use skeg_release::{ChangeOptions, ServerSide, WaitOptions, WaitStrategy};

use super::DryRun;
use crate::args::{
    AccessArgs, ChartSelectionArgs, OutputArgs, OutputFormat, RepositoryArgs, TlsArgs, ValuesArgs,
    parse_duration, parse_size, split_list,
};
use crate::chart_source::Announce;
use crate::context::Context;
use crate::error::CommandError;
use crate::rendering::{LoadManner, PostRendererArgs};

/// The labels that Helm keeps for itself.
const SYSTEM_LABELS: [&str; 6] = skeg_release::SYSTEM_LABELS;

/// What is rendered, and how.
#[derive(Debug, Default, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct RenderingArgs {
    #[command(flatten)]
    pub(crate) values: ValuesArgs,

    /// Fetch the dependencies of the chart first if some are missing in `charts/`, as `skeg dependency update` does
    #[arg(long)]
    pub(crate) dependency_update: bool,

    /// Do not hold the values against the schema of the chart
    #[arg(long)]
    pub(crate) skip_schema_validation: bool,

    /// Let templates look up the addresses of hosts
    #[arg(long)]
    pub(crate) enable_dns: bool,

    /// Explain errors: show the line of the template, how it was reached, and where to set what is missing
    #[arg(long)]
    pub(crate) explain: bool,

    /// Fail when a template prints more than this, such as `64MiB`; `0` is no limit
    #[arg(long, value_name = "SIZE", default_value = "1GiB", value_parser = parse_size)]
    pub(crate) max_output: usize,

    /// Fail when a template takes more steps than this; `0` is no limit
    #[arg(long, value_name = "NUMBER", default_value_t = 100_000_000)]
    pub(crate) max_steps: u64,

    /// Show the notes of the charts inside too
    #[arg(long)]
    pub(crate) render_subchart_notes: bool,

    #[command(flatten)]
    pub(crate) post_renderer: PostRendererArgs,

    #[command(flatten)]
    pub(crate) repository: RepositoryArgs,

    #[command(flatten)]
    pub(crate) source: SourceArgs,
}

impl RenderingArgs {
    /// How the chart is loaded. Helm 4.3.1 says among its output which chart was taken; where that is to be read by programs,
    /// it is said aside.
    pub(crate) fn load_manner(&self, output: OutputFormat) -> LoadManner {
        LoadManner {
            updates_dependencies: self.dependency_update,
            announce: match output {
                OutputFormat::Table => Announce::AsOutput,
                OutputFormat::Json | OutputFormat::Yaml => Announce::Aside,
            },
        }
    }
}

/// Which version of the chart is meant, and how to reach where it is. `--timeout` is about the cluster here.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct SourceArgs {
    /// A version such as `1.2.3` or a range such as `^1.2`; the highest stable version if absent
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,

    /// Take pre-releases too, as `--version '>0.0.0-0'` does
    #[arg(long)]
    devel: bool,

    /// User name for the registry that the command names; sent to no other host
    #[arg(long, value_name = "NAME")]
    username: Option<String>,

    /// Password for the registry that the command names; sent to no other host
    #[arg(long, value_name = "PASSWORD")]
    password: Option<String>,

    /// Trust the certificates of this file too
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,

    /// Show this client certificate
    #[arg(long, value_name = "FILE")]
    cert_file: Option<PathBuf>,

    /// The key of the client certificate
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,

    /// Do not check the certificate of the registry
    #[arg(long, visible_alias = "insecure")]
    insecure_skip_tls_verify: bool,

    /// Speak HTTP without TLS
    #[arg(long)]
    plain_http: bool,
}

impl SourceArgs {
    /// The same for a chart whose version is in its reference.
    pub(crate) fn new(devel: bool, access: &AccessArgs) -> Self {
        let AccessArgs {
            username,
            password,
            tls,
        } = access.clone();
        Self {
            version: None,
            devel,
            username,
            password,
            ca_file: tls.ca_file,
            cert_file: tls.cert_file,
            key_file: tls.key_file,
            insecure_skip_tls_verify: tls.insecure_skip_tls_verify,
            plain_http: tls.plain_http,
        }
    }

    /// The same in the form of commands without a cluster.
    pub(crate) fn selection(&self) -> ChartSelectionArgs {
        ChartSelectionArgs {
            version: self.version.clone(),
            devel: self.devel,
            access: AccessArgs {
                username: self.username.clone(),
                password: self.password.clone(),
                tls: TlsArgs {
                    ca_file: self.ca_file.clone(),
                    cert_file: self.cert_file.clone(),
                    key_file: self.key_file.clone(),
                    insecure_skip_tls_verify: self.insecure_skip_tls_verify,
                    plain_http: self.plain_http,
                    timeout: None,
                },
            },
        }
    }
}

/// What becomes of the values of a release in its next revision.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub(crate) struct ReuseArgs {
    /// Use the values of the release, and those of the command line over them
    #[arg(long)]
    pub(crate) reuse_values: bool,

    /// Use the values of the chart, and those of the command line over them
    #[arg(long)]
    pub(crate) reset_values: bool,

    /// Use the values of the chart, over them those that the user set for the release, and then those of the command line
    #[arg(long)]
    pub(crate) reset_then_reuse_values: bool,
}

/// How objects are brought to the server.
#[derive(Clone, Copy, Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
struct ApplyArgs {
    /// Put objects in the place of those that are there, instead of changing them
    #[arg(long)]
    force_replace: bool,

    #[arg(long, hide = true)]
    force: bool,

    /// Take fields over that others have set
    #[arg(long)]
    force_conflicts: bool,

    /// Run no hooks
    #[arg(long)]
    no_hooks: bool,
}

impl ApplyArgs {
    /// Whether objects are replaced, by whatever name.
    fn replaces(self) -> bool {
        self.force_replace || self.force
    }

    /// Helm 4.3.1: the two ways of insisting exclude each other.
    fn check(self) -> Result<(), CommandError> {
        let group = match (self.force_replace, self.force) {
            _ if !self.force_conflicts => return Ok(()),
            (_, true) => ["force", "force-conflicts"],
            (true, false) => ["force-replace", "force-conflicts"],
            (false, false) => return Ok(()),
        };
        let mut sorted = group;
        sorted.sort_unstable();
        Err(CommandError::user(format!(
            "if any flags in the group [{}] are set none of the others can be; [{}] were all set",
            group.join(" "),
            sorted.join(" ")
        )))
    }
}

/// How and how long objects are waited for.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct WaitArgs {
    /// Wait until the objects are ready: `watcher` (by watching), `legacy` (by asking, with the rules of Helm 3), or
    /// `hookOnly` (hooks only, as without the flag)
    #[arg(
        long,
        value_name = "STRATEGY",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "watcher",
        value_parser = parse_wait
    )]
    pub(crate) wait: Option<WaitFlag>,

    /// How long each phase may take
    #[arg(long, value_name = "DURATION", default_value = "5m0s", allow_hyphen_values = true, value_parser = parse_duration)]
    pub(crate) timeout: Duration,
}

impl WaitArgs {
    /// The same for the operation; warns of former spellings.
    pub(crate) fn options(self, context: &Context) -> WaitOptions {
        if let Some(WaitFlag::Boolean(waits)) = self.wait {
            warn_of_boolean(waits, context);
        }
        WaitOptions {
            strategy: self.wait.map_or(WaitStrategy::HookOnly, WaitFlag::strategy),
            timeout: self.timeout,
        }
    }
}

/// How a release is changed, whatever the change is.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct ChangeArgs {
    #[command(flatten)]
    wait: WaitArgs,

    /// With `--wait`, wait until all jobs have ended too
    #[arg(long)]
    wait_for_jobs: bool,

    #[command(flatten)]
    apply: ApplyArgs,
}

impl ChangeArgs {
    /// Warns of former names, and refuses flags that exclude each other.
    pub(crate) fn check(self, context: &Context) -> Result<(), CommandError> {
        let force = (self.apply.force, "force", "use --force-replace instead");
        print_deprecated(&[force], context);
        self.apply.check()
    }

    /// The same for the operation.
    pub(crate) fn options(self, context: &Context) -> ChangeOptions {
        ChangeOptions {
            wait: self.wait.options(context),
            wait_for_jobs: self.wait_for_jobs,
            disable_hooks: self.apply.no_hooks,
            force_replace: self.apply.replaces(),
            force_conflicts: self.apply.force_conflicts,
        }
    }
}

/// A revision that is made of a chart.
#[derive(Clone, Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct RevisionArgs {
    #[command(flatten)]
    pub(crate) dry_run: DryRunArgs,

    #[command(flatten)]
    pub(crate) change: ChangeArgs,

    /// Take objects over that are there and belong to no release, or to another one
    #[arg(long)]
    pub(crate) take_ownership: bool,

    /// Create the namespace of a new release if it is not there
    #[arg(long)]
    pub(crate) create_namespace: bool,

    /// Undo everything when something fails: uninstall what is new, or go back to the last revision that was well; then objects
    /// are waited for by watching
    #[arg(long)]
    rollback_on_failure: bool,

    #[arg(long, hide = true)]
    atomic: bool,

    /// Do not look for a kind in each object before anything is done
    #[arg(long)]
    pub(crate) disable_openapi_validation: bool,

    /// Install no resource definitions of `crds/` with a new release
    #[arg(long)]
    pub(crate) skip_crds: bool,

    /// What `history` says of the revision
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) description: Option<String>,

    /// Labels of the release, not of its objects; in an upgrade over those that it has, and `KEY=null` takes one away
    #[arg(long, short, value_name = "KEY=VALUE", allow_hyphen_values = true, value_parser = parse_pairs)]
    pub(crate) labels: Vec<Vec<String>>,

    /// Do not print the notes
    #[arg(long)]
    pub(crate) hide_notes: bool,

    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

impl RevisionArgs {
    /// Warns of former names, and refuses flags that exclude each other.
    pub(crate) fn check(&self, context: &Context) -> Result<(), CommandError> {
        self.change.check(context)?;
        let atomic = (self.atomic, "atomic", "use --rollback-on-failure instead");
        print_deprecated(&[atomic], context);
        Ok(())
    }

    /// Where the outcome is tried out, if it is.
    pub(crate) fn dry_run(&self, context: &Context) -> Result<DryRun, CommandError> {
        DryRun::parse(self.dry_run.dry_run.as_deref(), DryRun::None, context)
    }

    /// Whether everything is undone when something fails.
    pub(crate) fn undoes_failures(&self) -> bool {
        self.rollback_on_failure || self.atomic
    }
}

/// What `--wait` is set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WaitFlag {
    /// One of Helm's words.
    Strategy(WaitStrategy),
    /// `true` or `false`, as in Helm 3.
    Boolean(bool),
}

impl WaitFlag {
    fn strategy(self) -> WaitStrategy {
        match self {
            Self::Strategy(strategy) => strategy,
            Self::Boolean(true) => WaitStrategy::Watcher,
            Self::Boolean(false) => WaitStrategy::HookOnly,
        }
    }

    /// Helm 4.3.1 warns of what Helm 3 had.
    pub(crate) fn print_notice(self, context: &Context) {
        if let Self::Boolean(waits) = self {
            warn_of_boolean(waits, context);
        }
    }
}

fn warn_of_boolean(waits: bool, context: &Context) {
    let strategy = if waits { "watcher" } else { "hookOnly" };
    context.printer().warning(&format!(
        "--wait={waits} is deprecated (boolean value) and can be replaced with --wait={strategy}"
    ));
}

/// Reads a value of `--wait`.
pub(crate) fn parse_wait(text: &str) -> Result<WaitFlag, String> {
    match text {
        "watcher" => Ok(WaitFlag::Strategy(WaitStrategy::Watcher)),
        "legacy" => Ok(WaitFlag::Strategy(WaitStrategy::Legacy)),
        "hookOnly" => Ok(WaitFlag::Strategy(WaitStrategy::HookOnly)),
        "true" => Ok(WaitFlag::Boolean(true)),
        "false" => Ok(WaitFlag::Boolean(false)),
        _ => Err(format!(
            "invalid wait input {}. Valid inputs are watcher, hookOnly, and legacy",
            skeg_go::quote::quote(text)
        )),
    }
}

/// Reads a value of `--server-side`.
pub(crate) fn parse_server_side(text: &str) -> Result<ServerSide, String> {
    match text {
        "auto" => Ok(ServerSide::Auto),
        "true" => Ok(ServerSide::Always),
        "false" => Ok(ServerSide::Never),
        _ => Err(format!(
            "invalid/unknown release server-side apply method: {text}"
        )),
    }
}

/// Whether anything is to happen.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct DryRunArgs {
    /// Only show what would happen: `client` asks no cluster, `server` asks it and changes nothing, `none` does it
    #[arg(long, value_name = "WHERE", num_args = 0..=1, require_equals = true, default_missing_value = "unset")]
    pub(crate) dry_run: Option<String>,

    /// Show no Secrets in what would happen
    #[arg(long)]
    pub(crate) hide_secret: bool,
}

/// Says that flags have other names now; the last of each pair is the advice.
fn print_deprecated(flags: &[(bool, &str, &str)], context: &Context) {
    for (_, flag, advice) in flags.iter().filter(|(is_set, ..)| *is_set) {
        let printer = context.printer();
        printer.status(format!("Flag --{flag} has been deprecated, {advice}"));
    }
}

/// The labels of `--labels`, `KEY=VALUE` in lists.
pub(crate) fn labels(lists: &[Vec<String>]) -> Result<BTreeMap<String, String>, CommandError> {
    let pairs = lists.iter().flatten().filter_map(|pair| pair.split_once('='));
    let labels: BTreeMap<String, String> = pairs
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
    if labels.keys().any(|key| SYSTEM_LABELS.contains(&key.as_str())) {
        return Err(CommandError::user(format!(
            "user supplied labels contains system reserved label name. System labels: [{}]",
            SYSTEM_LABELS.join(" ")
        )));
    }
    Ok(labels)
}

/// Reads a list of pairs as Go's `StringToString` does: each must have `=`.
pub(crate) fn parse_pairs(text: &str) -> Result<Vec<String>, String> {
    let pairs = split_list(text).map_err(|error| error.to_string())?;
    match pairs.iter().find(|pair| !pair.contains('=')) {
        Some(pair) => Err(format!("{pair} must be formatted as key=value")),
        None => Ok(pairs),
    }
}
