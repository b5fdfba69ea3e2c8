//! Flags that Helm advises against, and flags that exclude each other.

use super::args::TemplateArgs;
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
    if let Some(wait) = flags.wait {
        wait.print_notice(context);
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
