//! The flags of `upgrade`.

use skeg_release::{ServerSide, UpgradeOptions};

use crate::context::Context;
use crate::env::EnvironmentVariable;
use crate::releases::{RenderingArgs, ReuseArgs, RevisionArgs, parse_server_side};

/// How many revisions are kept unless something else is asked for.
pub(crate) const HISTORY_MAX: usize = 10;

/// Upgrade a release to another chart, or to other values
///
/// The chart is rendered with the values of the command line; without any, with those of the release as it is. `--reuse-values`
/// lays them over all values of the release, `--reset-then-reuse-values` over what the user set for it, and `--reset-values`
/// over those of the chart alone. Objects that are in the manifest no more are deleted.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg upgrade [RELEASE] [CHART] [flags]")]
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
    pub(super) revision: RevisionArgs,

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

    /// Delete what is new when something fails
    #[arg(long)]
    cleanup_on_fail: bool,

    /// Keep at most so many revisions; 0 keeps all; 10 if absent, or what `HELM_MAX_HISTORY` says
    #[arg(long, value_name = "NUMBER")]
    history_max: Option<usize>,
}

impl UpgradeArgs {
    /// The same for the operation.
    pub(super) fn options(&self, context: &Context) -> UpgradeOptions {
        let revision = &self.revision;
        UpgradeOptions {
            description: revision.description.clone(),
            history_max: history_max(self.history_max, context),
            take_ownership: revision.take_ownership,
            server_side: self.server_side,
            rollback_on_failure: revision.undoes_failures(),
            cleanup_on_fail: self.cleanup_on_fail,
            skip_validation: revision.disable_openapi_validation,
            change: revision.change.options(context),
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
