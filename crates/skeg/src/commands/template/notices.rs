//! Flags that Helm advises against, and flags that exclude each other.

use super::args::{TemplateArgs, WaitStrategy};
use crate::context::Context;
use crate::error::CommandError;

/// Helm 4.3.1: a line for each flag of former versions.
pub(super) fn print_notices(args: &TemplateArgs, context: &Context) {
    const NO_EFFECT: &str = "this flag has no effect for 'helm template' and will be removed in Helm 5";
    let flags = &args.ineffective;
    let notices = [
        (flags.force, "force", "use --force-replace instead"),
        (flags.atomic, "atomic", "use --rollback-on-failure instead"),
        (flags.hide_notes, "hide-notes", NO_EFFECT),
        (flags.render_subchart_notes, "render-subchart-notes", NO_EFFECT),
        (
            args.capabilities.validate,
            "validate",
            "use '--dry-run=server' instead",
        ),
    ];
    for (_, flag, advice) in notices.into_iter().filter(|(is_set, ..)| *is_set) {
        let printer = context.printer();
        printer.status(format!("Flag --{flag} has been deprecated, {advice}"));
    }
    if let Some(WaitStrategy::Boolean(waits)) = flags.wait {
        let strategy = if waits { "watcher" } else { "hookOnly" };
        context.printer().warning(&format!(
            "--wait={waits} is deprecated (boolean value) and can be replaced with --wait={strategy}"
        ));
    }
}

/// Helm 4.3.1: some flags exclude each other.
pub(super) fn check_groups(args: &TemplateArgs) -> Result<(), CommandError> {
    let flags = &args.ineffective;
    let is_dry_run_set = args.capabilities.dry_run.is_some();
    let groups = [
        (flags.force && flags.force_conflicts, "force", "force-conflicts"),
        (
            flags.force_replace && flags.force_conflicts,
            "force-replace",
            "force-conflicts",
        ),
        (
            args.capabilities.validate && is_dry_run_set,
            "validate",
            "dry-run",
        ),
    ];
    let Some((_, first, second)) = groups.into_iter().find(|(is_broken, ..)| *is_broken) else {
        return Ok(());
    };
    let mut sorted = [first, second];
    sorted.sort_unstable();
    Err(CommandError::user(format!(
        "if any flags in the group [{first} {second}] are set none of the others can be; [{}] were all set",
        sorted.join(" ")
    )))
}

/// Where the outcome would be tried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DryRun {
    /// Nowhere.
    Client,
    /// In a cluster.
    Server,
}

impl DryRun {
    /// Helm 4.3.1: `client`, `server`, and what Helm 3 had.
    pub(super) fn parse(args: &TemplateArgs, context: &Context) -> Result<Self, CommandError> {
        let text = args.capabilities.dry_run.as_deref().unwrap_or("client");
        let invalid = |words: &str| {
            let quoted = skeg_go::quote::quote(text);
            Err(CommandError::user(format!(
                "invalid dry-run value ({quoted}). Must be {words}"
            )))
        };
        let dry_run = match text {
            "client" => Self::Client,
            "server" => Self::Server,
            "unset" => {
                let warning = "--dry-run is deprecated and should be replaced with '--dry-run=client'";
                context.printer().warning(warning);
                Self::Client
            }
            "1" | "t" | "T" | "true" | "TRUE" | "True" => {
                context.printer().warning(&format!(
                    "boolean '--dry-run={text}' flag is deprecated and must be replaced with '--dry-run=client'"
                ));
                Self::Client
            }
            "none" | "0" | "f" | "F" | "false" | "FALSE" | "False" => {
                return invalid("\"server\" or \"client\"");
            }
            _ => return invalid("\"none\", \"server\", or \"client\""),
        };
        Ok(if args.capabilities.validate {
            Self::Server
        } else {
            dry_run
        })
    }
}
