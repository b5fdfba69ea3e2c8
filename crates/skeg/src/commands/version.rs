//! `skeg version`.

use serde::Serialize;

use crate::args::OutputArgs;
use crate::context::Context;
use crate::error::CommandError;

/// The Helm that skeg stands in for: what its `version` prints is what scripts look at.
const HELM: BuildInfo = BuildInfo {
    version: "v4.3.1",
    git_commit: "c0d08d0d6d9424d4a14febb5e8a3e51b0dd00dff",
    git_tree_state: "clean",
    go_version: "go1.27.2",
    kube_client_version: "v1.37",
    skeg_version: env!("CARGO_PKG_VERSION"),
};

/// Print the version of Helm that skeg stands in for, and with `-o json` its own
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg version [flags]")]
pub(crate) struct VersionArgs {
    /// Print the version number only
    #[arg(long)]
    short: bool,

    /// Print this text with `{{.Version}}`, `{{.GitCommit}}`, `{{.GitTreeState}}`, `{{.GoVersion}}`,
    /// `{{.KubeClientVersion}}` and `{{.SkegVersion}}` replaced
    #[arg(long, value_name = "TEMPLATE")]
    template: Option<String>,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
struct BuildInfo {
    version: &'static str,
    git_commit: &'static str,
    git_tree_state: &'static str,
    go_version: &'static str,
    kube_client_version: &'static str,
    skeg_version: &'static str,
}

/// A template that needs more than the fields.
#[derive(Debug, thiserror::Error)]
#[error("cannot print `{action}`: the template of `version` knows the fields of the version only")]
struct TemplateError {
    action: String,
}

pub(crate) fn version(args: &VersionArgs, context: &Context) -> Result<(), CommandError> {
    let printer = context.printer();
    if let Some(template) = &args.template {
        let text = HELM.render(template).map_err(|error| {
            CommandError::user(error).hint("fields are written as `{{.Version}}` or `{{ .Version }}`")
        })?;
        return Ok(printer.data(text)?);
    }
    if args.output.output.print(&HELM, printer)? {
        return Ok(());
    }
    let text = if args.short { HELM.short() } else { HELM.long() };
    Ok(printer.line(text)?)
}

impl BuildInfo {
    fn short(&self) -> String {
        format!("{}+g{}", self.version, &self.git_commit[..7])
    }

    fn long(&self) -> String {
        let Self {
            version,
            git_commit,
            git_tree_state,
            go_version,
            kube_client_version,
            ..
        } = self;
        format!(
            "version.BuildInfo{{Version:\"{version}\", GitCommit:\"{git_commit}\", GitTreeState:\"{git_tree_state}\", \
             GoVersion:\"{go_version}\", KubeClientVersion:\"{kube_client_version}\"}}"
        )
    }

    fn field(&self, name: &str) -> Option<&'static str> {
        Some(match name {
            ".Version" => self.version,
            ".GitCommit" => self.git_commit,
            ".GitTreeState" => self.git_tree_state,
            ".GoVersion" => self.go_version,
            ".KubeClientVersion" => self.kube_client_version,
            ".SkegVersion" => self.skeg_version,
            _ => return None,
        })
    }

    fn render(&self, template: &str) -> Result<String, TemplateError> {
        let mut text = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("{{") {
            let action = |text: &str| TemplateError {
                action: format!("{{{{{text}"),
            };
            let (name, after) = after.split_once("}}").ok_or_else(|| action(after))?;
            let value = self.field(name.trim());
            text.push_str(before);
            text.push_str(value.ok_or_else(|| action(&format!("{name}}}}}")))?);
            rest = after;
        }
        Ok(text + rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_print_fields() {
        assert_eq!(
            HELM.render("{{.Version}} {{ .GoVersion }}!").unwrap(),
            "v4.3.1 go1.27.2!"
        );
        assert_eq!(HELM.render("plain").unwrap(), "plain");
        let error = HELM.render("{{.Version").unwrap_err().to_string();
        assert!(error.starts_with("cannot print `{{.Version`"), "{error}");
        let error = HELM.render("{{ .Version | upper }}").unwrap_err().to_string();
        assert!(
            error.starts_with("cannot print `{{ .Version | upper }}`"),
            "{error}"
        );
    }
}
