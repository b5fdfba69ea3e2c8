//! The flags of `template`.

use std::path::PathBuf;

use crate::args::{ChartSelectionArgs, RepositoryArgs, ValuesArgs, pair_keys, parse_size, split_list};
use crate::releases::{WaitFlag, parse_wait};
use crate::rendering::PostRendererArgs;

/// The steps that a template may take unless more is asked for, which is some hours of Helm's time for a bundle of
/// charts and some seconds for a loop that does not end.
const MAX_STEPS: u64 = 100_000_000;

/// Render the templates of a chart and print the manifests
///
/// The output is that of `helm template`, byte for byte. No cluster is asked: what it could do is told by
/// `--kube-version` and `--api-versions`. A chart is a directory, an archive, `oci://HOST/PATH/NAME`, or
/// `oci-layout://DIR/NAME`; without a NAME the release is called `release-name`.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg template [NAME] [CHART] [flags]")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct TemplateArgs {
    /// The name of the release, and the chart
    #[arg(value_name = "[NAME] CHART", required = true)]
    pub(super) arguments: Vec<String>,

    #[command(flatten)]
    pub(super) values: ValuesArgs,

    #[command(flatten)]
    pub(super) capabilities: CapabilityArgs,

    #[command(flatten)]
    pub(super) shown: ShownArgs,

    #[command(flatten)]
    pub(super) release: ReleaseArgs,

    /// Fetch the dependencies of the chart first if some are missing in `charts/`, as `skeg dependency update` does
    #[arg(long)]
    pub(super) dependency_update: bool,

    /// Do not hold the values against the schema of the chart
    #[arg(long)]
    pub(super) skip_schema_validation: bool,

    /// Let templates look up the addresses of hosts
    #[arg(long)]
    pub(super) enable_dns: bool,

    /// Explain errors: show the line of the template, how it was reached, and where to set what is missing
    #[arg(long)]
    pub(super) explain: bool,

    /// Fail when a template prints more than this, such as `64MiB`; `0` is no limit
    #[arg(long, value_name = "SIZE", default_value = "1GiB", value_parser = parse_size)]
    pub(super) max_output: usize,

    /// Fail when a template takes more steps than this; a step is one action, or one round of a loop, counted
    /// each time it is done; `0` is no limit
    #[arg(long, value_name = "NUMBER", default_value_t = MAX_STEPS)]
    pub(super) max_steps: u64,

    #[command(flatten)]
    pub(super) post_renderer: PostRendererArgs,

    #[command(flatten)]
    pub(super) repository: RepositoryArgs,

    #[command(flatten)]
    pub(super) selection: ChartSelectionArgs,

    #[command(flatten)]
    pub(super) ineffective: IneffectiveArgs,
}

/// What the cluster that the manifests are for can do.
#[derive(Debug, clap::Args)]
pub(super) struct CapabilityArgs {
    /// Render for this version of Kubernetes
    #[arg(long, value_name = "VERSION", allow_hyphen_values = true)]
    pub(super) kube_version: Option<String>,

    /// Render for a cluster that has these API versions as well: `cert-manager.io/v1,monitoring.coreos.com/v1`
    #[arg(long, short, value_name = "VERSIONS", allow_hyphen_values = true, value_parser = split_list)]
    pub(super) api_versions: Vec<Vec<String>>,

    /// Must be `client`: no cluster is asked
    #[arg(long, value_name = "WHERE", num_args = 0..=1, require_equals = true, default_missing_value = "unset")]
    pub(super) dry_run: Option<String>,

    /// The same as `--dry-run=server`
    #[arg(long, hide = true)]
    pub(super) validate: bool,
}

/// What is printed, and where.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(super) struct ShownArgs {
    /// Print only what these templates make, such as `templates/deployment.yaml`; `*` stands for any name
    #[arg(long, short, value_name = "PATH", allow_hyphen_values = true)]
    pub(super) show_only: Vec<String>,

    /// Print the resource definitions in `crds/` too
    #[arg(long)]
    pub(super) include_crds: bool,

    /// Without effect, since resource definitions are printed only if asked for
    #[arg(long, hide = true)]
    pub(super) skip_crds: bool,

    /// Print no hooks
    #[arg(long)]
    pub(super) no_hooks: bool,

    /// Print no tests
    #[arg(long)]
    pub(super) skip_tests: bool,

    /// Write files into this directory instead of printing
    #[arg(long, value_name = "DIR")]
    pub(super) output_dir: Option<PathBuf>,

    /// Write below a directory with the name of the release
    #[arg(long)]
    pub(super) release_name: bool,
}

/// The release that the manifests are for.
#[derive(Debug, clap::Args)]
pub(super) struct ReleaseArgs {
    /// Say in `.Release` that this is an upgrade
    #[arg(long)]
    pub(super) is_upgrade: bool,

    /// Make the name of the release by this template
    #[arg(long, value_name = "TEMPLATE", allow_hyphen_values = true)]
    pub(super) name_template: Option<String>,

    /// Refuse a NAME; the release is called `release-name`
    #[arg(long, short)]
    pub(super) generate_name: bool,

    /// Labels of the release; they are checked, and appear nowhere
    #[arg(long, short, value_name = "KEY=VALUE", hide = true, allow_hyphen_values = true, value_parser = pair_keys)]
    pub(super) labels: Vec<Vec<String>>,
}

/// Flags of an installation. Helm takes them here too, and they change nothing.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(super) struct IneffectiveArgs {
    #[arg(long, hide = true)]
    create_namespace: bool,
    #[arg(long, hide = true)]
    disable_openapi_validation: bool,
    #[arg(long, hide = true, value_name = "TEXT", allow_hyphen_values = true)]
    description: Option<String>,
    #[arg(long, hide = true)]
    pub(super) force: bool,
    #[arg(long, hide = true)]
    pub(super) force_conflicts: bool,
    #[arg(long, hide = true)]
    pub(super) force_replace: bool,
    #[arg(long, hide = true)]
    replace: bool,
    #[arg(long, hide = true)]
    rollback_on_failure: bool,
    #[arg(long, hide = true)]
    pub(super) atomic: bool,
    #[arg(long, hide = true)]
    server_side: bool,
    #[arg(long, hide = true)]
    take_ownership: bool,
    #[arg(
        long,
        hide = true,
        value_name = "STRATEGY",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "watcher",
        value_parser = parse_wait
    )]
    pub(super) wait: Option<WaitFlag>,
    #[arg(long, hide = true)]
    wait_for_jobs: bool,
    #[arg(long, hide = true)]
    pub(super) hide_notes: bool,
    #[arg(long, hide = true)]
    pub(super) render_subchart_notes: bool,
}
