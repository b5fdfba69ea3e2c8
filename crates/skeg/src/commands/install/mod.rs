//! `skeg install`.

mod args;
mod name;
mod run;

pub(crate) use self::args::InstallArgs;
pub(crate) use self::run::{InstallRequest, annotate, install_chart};

use skeg_engine::on_render_stack;

use crate::context::Context;
use crate::error::CommandError;
use crate::releases::{DryRun, print_deprecated};
use crate::surroundings;

/// Helm 4.3.1: renders a chart, brings it to the cluster and keeps a record of it.
pub(crate) fn install(args: &InstallArgs, context: &Context) -> Result<(), CommandError> {
    print_deprecated(
        &[
            (args.apply.force, "force", "use --force-replace instead"),
            (args.atomic, "atomic", "use --rollback-on-failure instead"),
        ],
        context,
    );
    args.apply.check()?;
    on_render_stack(|| {
        let dry_run = DryRun::parse(args.dry_run.dry_run.as_deref(), DryRun::None, context)?;
        let request = request(args, dry_run, context).map_err(failed)?;
        install_chart(&request, context).map_err(failed)
    })
}

fn request<'a>(
    args: &'a InstallArgs,
    dry_run: DryRun,
    context: &Context,
) -> Result<InstallRequest<'a>, CommandError> {
    let surroundings = surroundings::of_machine(context.environment());
    let (name, chart) = name::name_and_chart(args, context, &surroundings)?;
    Ok(InstallRequest {
        name,
        chart,
        rendering: &args.rendering,
        dry_run,
        hide_secret: args.dry_run.hide_secret,
        hide_notes: args.hide_notes,
        skip_crds: args.skip_crds,
        output: args.output.output,
        labels: &args.labels,
        options: args.options(context),
    })
}

/// Helm 4.3.1 says first that it was the installation that failed.
fn failed(error: CommandError) -> CommandError {
    error.prefixed("INSTALLATION FAILED: ")
}
