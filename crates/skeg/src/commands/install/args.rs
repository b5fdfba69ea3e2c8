//! The flags of `install`.

use skeg_release::{ChangeOptions, InstallOptions};

use crate::args::OutputArgs;
use crate::context::Context;
use crate::releases::{ApplyArgs, DryRunArgs, RenderingArgs, WaitArgs, parse_pairs};

/// Install a chart as a release on a Kubernetes cluster
///
/// A chart is a directory, an archive, `oci://HOST/PATH/NAME`, `oci-layout://DIR/NAME`, or `REPOSITORY/NAME`. Which cluster that is
/// the kubeconfig says, as for `kubectl`. The objects are applied by the server unless `--server-side=false`; a record of the
/// release is kept in a Secret of its namespace, where `helm` finds it too.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg install [NAME] [CHART] [flags]")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct InstallArgs {
    /// The name of the release, and the chart
    #[arg(value_name = "[NAME] CHART", required = true)]
    pub(super) arguments: Vec<String>,

    #[command(flatten)]
    pub(super) rendering: RenderingArgs,

    #[command(flatten)]
    pub(super) dry_run: DryRunArgs,

    #[command(flatten)]
    pub(super) wait: WaitArgs,

    /// With `--wait`, wait until all jobs have ended too
    #[arg(long)]
    wait_for_jobs: bool,

    #[command(flatten)]
    pub(super) apply: ApplyArgs,

    /// Let the server apply the objects; `--server-side=false` lets the client
    #[arg(
        long,
        value_name = "BOOL",
        num_args = 0..=1,
        require_equals = true,
        default_value = "true",
        default_missing_value = "true",
        value_parser = clap::builder::BoolishValueParser::new(),
        action = clap::ArgAction::Set
    )]
    server_side: bool,

    /// Take objects over that are there and belong to no release, or to another one
    #[arg(long)]
    take_ownership: bool,

    /// Create the namespace of the release if it is not there
    #[arg(long)]
    create_namespace: bool,

    /// Use the name of a release that failed or was uninstalled, and whose history was kept
    #[arg(long)]
    replace: bool,

    /// Uninstall everything again when something fails; then objects are waited for by watching
    #[arg(long)]
    rollback_on_failure: bool,

    #[arg(long, hide = true)]
    pub(super) atomic: bool,

    /// Do not look for a kind in each object before anything is done
    #[arg(long)]
    disable_openapi_validation: bool,

    /// Install no resource definitions of `crds/`
    #[arg(long)]
    pub(super) skip_crds: bool,

    /// Make a name of the chart's and the time, instead of the argument NAME
    #[arg(long, short)]
    pub(super) generate_name: bool,

    /// Make the name of the release by this template
    #[arg(long, value_name = "TEMPLATE", allow_hyphen_values = true)]
    pub(super) name_template: Option<String>,

    /// What `history` says of the revision
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    description: Option<String>,

    /// Labels of the release, not of its objects
    #[arg(long, short, value_name = "KEY=VALUE", allow_hyphen_values = true, value_parser = parse_pairs)]
    pub(super) labels: Vec<Vec<String>>,

    /// Do not print the notes
    #[arg(long)]
    pub(super) hide_notes: bool,

    #[command(flatten)]
    pub(super) output: OutputArgs,
}

impl InstallArgs {
    /// The same for the operation.
    pub(super) fn options(&self, context: &Context) -> InstallOptions {
        InstallOptions {
            description: self.description.clone(),
            create_namespace: self.create_namespace,
            replace: self.replace,
            take_ownership: self.take_ownership,
            server_side: self.server_side,
            rollback_on_failure: self.rollback_on_failure || self.atomic,
            skip_validation: self.disable_openapi_validation,
            change: ChangeOptions {
                wait: self.wait.options(context),
                wait_for_jobs: self.wait_for_jobs,
                disable_hooks: self.apply.no_hooks,
                force_replace: self.apply.replaces(),
                force_conflicts: self.apply.force_conflicts,
            },
            ..InstallOptions::default()
        }
    }
}
