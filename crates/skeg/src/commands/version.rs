//! `skeg version`.

use serde::Serialize;
use skeg_engine::HelmVersion;

use crate::args::OutputArgs;
use crate::context::Context;
use crate::error::CommandError;

/// The Helm that skeg stands in for: what its `version` prints is what scripts look at.
const HELM: HelmVersion = HelmVersion::OURS;

/// Print the version of Helm that skeg stands in for, and with `-o json` its own
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg version [flags]")]
pub(crate) struct VersionArgs {
    /// Print the version number only
    #[arg(long)]
    short: bool,

    /// Print what this Go template makes of `.Version`, `.GitCommit`, `.GitTreeState`, `.GoVersion` and
    /// `.KubeClientVersion`
    #[arg(long, value_name = "TEMPLATE")]
    template: Option<String>,

    #[command(flatten)]
    output: OutputArgs,
}

/// The document of `-o json`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Versions<'version> {
    version: &'version str,
    git_commit: &'version str,
    git_tree_state: &'version str,
    go_version: &'version str,
    kube_client_version: &'version str,
    skeg_version: &'static str,
}

pub(crate) fn version(args: &VersionArgs, context: &Context) -> Result<(), CommandError> {
    let printer = context.printer();
    if let Some(template) = args.template.as_deref().filter(|template| !template.is_empty()) {
        let mut text = Vec::new();
        let outcome = HELM.render(template, &mut text);
        printer.data(text)?;
        return outcome.map_err(|error| CommandError::user(error.to_string()));
    }
    if args.output.output.print(&versions(&HELM), printer)? {
        return Ok(());
    }
    let text = if args.short { short(&HELM) } else { long(&HELM) };
    Ok(printer.line(text)?)
}

fn short(helm: &HelmVersion) -> String {
    format!(
        "{}+g{}",
        helm.version,
        helm.git_commit.get(..7).unwrap_or_default()
    )
}

fn long(helm: &HelmVersion) -> String {
    let HelmVersion {
        version,
        git_commit,
        git_tree_state,
        go_version,
        kube_client_version,
    } = helm;
    format!(
        "version.BuildInfo{{Version:\"{version}\", GitCommit:\"{git_commit}\", GitTreeState:\"{git_tree_state}\", \
         GoVersion:\"{go_version}\", KubeClientVersion:\"{kube_client_version}\"}}"
    )
}

fn versions(helm: &HelmVersion) -> Versions<'_> {
    Versions {
        version: &helm.version,
        git_commit: &helm.git_commit,
        git_tree_state: &helm.git_tree_state,
        go_version: &helm.go_version,
        kube_client_version: &helm.kube_client_version,
        skeg_version: env!("CARGO_PKG_VERSION"),
    }
}
