//! The flags of `install`.

use skeg_release::InstallOptions;

use crate::context::Context;
use crate::releases::{RenderingArgs, RevisionArgs};

/// Install a chart as a release on a Kubernetes cluster
///
/// A chart is a directory, an archive, `oci://HOST/PATH/NAME`, `oci-layout://DIR/NAME`, or `REPOSITORY/NAME`. Which cluster that is
/// the kubeconfig says, as for `kubectl`. The objects are applied by the server unless `--server-side=false`; a record of the
/// release is kept in a Secret of its namespace, where `helm` finds it too.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg install [NAME] [CHART] [flags]")]
pub(crate) struct InstallArgs {
    /// The name of the release, and the chart
    #[arg(value_name = "[NAME] CHART", required = true)]
    pub(super) arguments: Vec<String>,

    #[command(flatten)]
    pub(super) rendering: RenderingArgs,

    #[command(flatten)]
    pub(super) revision: RevisionArgs,

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

    /// Use the name of a release that failed or was uninstalled, and whose history was kept
    #[arg(long)]
    replace: bool,

    /// Make a name of the chart's and the time, instead of the argument NAME
    #[arg(long, short)]
    pub(super) generate_name: bool,

    /// Make the name of the release by this template
    #[arg(long, value_name = "TEMPLATE", allow_hyphen_values = true)]
    pub(super) name_template: Option<String>,
}

impl InstallArgs {
    /// The same for the operation.
    pub(super) fn options(&self, context: &Context) -> InstallOptions {
        let revision = &self.revision;
        InstallOptions {
            description: revision.description.clone(),
            create_namespace: revision.create_namespace,
            replace: self.replace,
            take_ownership: revision.take_ownership,
            server_side: self.server_side,
            rollback_on_failure: revision.undoes_failures(),
            skip_validation: revision.disable_openapi_validation,
            change: revision.change.options(context),
            ..InstallOptions::default()
        }
    }
}
