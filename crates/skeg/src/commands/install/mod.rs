//! `skeg install`.

mod args;
mod name;
mod run;

pub(crate) use self::args::InstallArgs;
pub(crate) use self::run::{InstallRequest, annotate, install_chart};

use skeg_engine::on_render_stack;

use crate::context::Context;
use crate::error::CommandError;
use crate::releases::DryRun;
use crate::surroundings;

/// Helm 4.3.1: renders a chart, brings it to the cluster and keeps a record of it.
pub(crate) fn install(args: &InstallArgs, context: &Context) -> Result<(), CommandError> {
    args.revision.check(context)?;
    on_render_stack(|| {
        let dry_run = args.revision.dry_run(context)?;
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
        hide_secret: args.revision.dry_run.hide_secret,
        hide_notes: args.revision.hide_notes,
        skip_crds: args.revision.skip_crds,
        output: args.revision.output.output,
        labels: &args.revision.labels,
        options: args.options(context),
    })
}

/// Helm 4.3.1 says first that it was the installation that failed.
fn failed(error: CommandError) -> CommandError {
    error.prefixed("INSTALLATION FAILED: ")
}
