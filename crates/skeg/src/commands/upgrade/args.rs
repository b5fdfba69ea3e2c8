//! The flags of `upgrade`.

use skeg_release::{ChangeOptions, ServerSide, UpgradeOptions};

use crate::args::OutputArgs;
use crate::context::Context;
use crate::env::EnvironmentVariable;
use crate::releases::{
    ApplyArgs, DryRunArgs, RenderingArgs, ReuseArgs, WaitArgs, parse_pairs, parse_server_side,
};

/// How many revisions are kept unless something else is asked for.
pub(crate) const HISTORY_MAX: usize = 10;

/// Upgrade a release to another chart, or to other values
///
/// The chart is rendered with the values of the command line; without any, with those of the release as it is. `--reuse-values`
/// lays them over all values of the release, `--reset-then-reuse-values` over what the user set for it, and `--reset-values`
/// over those of the chart alone. Objects that are in the manifest no more are deleted.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg upgrade [RELEASE] [CHART] [flags]")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct UpgradeArgs {
    /// The name of the release, and the chart
    #[arg(value_name = "RELEASE CHART")]
    pub(super) arguments: Vec<String>,

    /// Install the chart if there is no release of this name
    #[arg(long, short)]
    pub(super) install: bool,

    #[command(flatten)]
    pub(super) rendering: RenderingArgs,

    #[command(flatten)]
    pub(super) reuse: ReuseArgs,

    /// Show first what changes on the server; with `--dry-run=server`, only that
    #[arg(long)]
    pub(super) diff: bool,

    #[command(flatten)]
    pub(super) dry_run: DryRunArgs,

    #[command(flatten)]
    wait: WaitArgs,

    /// With `--wait`, wait until all jobs have ended too
    #[arg(long)]
    wait_for_jobs: bool,

    #[command(flatten)]
    pub(super) apply: ApplyArgs,

    /// Who applies the objects: the server (`true`), the client (`false`), or whoever did it before (`auto`)
    #[arg(
        long,
        value_name = "WHO",
        num_args = 0..=1,
        require_equals = true,
        default_value = "auto",
        default_missing_value = "true",
        value_parser = parse_server_side
    )]
    server_side: ServerSide,

    /// Take objects over that are there and belong to no release, or to another one
    #[arg(long)]
    take_ownership: bool,

    /// Go back to the last revision that was well when something fails; then objects are waited for by watching
    #[arg(long)]
    rollback_on_failure: bool,

    #[arg(long, hide = true)]
    pub(super) atomic: bool,

    /// Delete what is new when something fails
    #[arg(long)]
    cleanup_on_fail: bool,

    /// Keep at most so many revisions; 0 keeps all; 10 if absent, or what `HELM_MAX_HISTORY` says
    #[arg(long, value_name = "NUMBER")]
    history_max: Option<usize>,

    /// With `--install`, create the namespace of the release if it is not there
    #[arg(long)]
    pub(super) create_namespace: bool,

    /// With `--install`, install no resource definitions of `crds/`
    #[arg(long)]
    pub(super) skip_crds: bool,

    /// Do not look for a kind in each object before anything is done
    #[arg(long)]
    disable_openapi_validation: bool,

    /// What `history` says of the revision
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    description: Option<String>,

    /// Labels of the release, over those that it has; `KEY=null` takes one away
    #[arg(long, short, value_name = "KEY=VALUE", allow_hyphen_values = true, value_parser = parse_pairs)]
    pub(super) labels: Vec<Vec<String>>,

    /// Do not print the notes
    #[arg(long)]
    pub(super) hide_notes: bool,

    #[command(flatten)]
    pub(super) output: OutputArgs,
}

impl UpgradeArgs {
    /// The same for the operation.
    pub(super) fn options(&self, context: &Context) -> UpgradeOptions {
        UpgradeOptions {
            description: self.description.clone(),
            history_max: history_max(self.history_max, context),
            take_ownership: self.take_ownership,
            server_side: self.server_side,
            rollback_on_failure: self.rollback_on_failure || self.atomic,
            cleanup_on_fail: self.cleanup_on_fail,
            skip_validation: self.disable_openapi_validation,
            change: ChangeOptions {
                wait: self.wait.options(context),
                wait_for_jobs: self.wait_for_jobs,
                disable_hooks: self.apply.no_hooks,
                force_replace: self.apply.replaces(),
                force_conflicts: self.apply.force_conflicts,
            },
            ..UpgradeOptions::default()
        }
    }
}

/// The number of revisions that are kept.
pub(crate) fn history_max(flag: Option<usize>, context: &Context) -> usize {
    let from_environment = || {
        context
            .environment()
            .get(EnvironmentVariable::MAX_HISTORY)?
            .parse()
            .ok()
    };
    flag.or_else(from_environment).unwrap_or(HISTORY_MAX)
}
