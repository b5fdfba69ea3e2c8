//! `skeg upgrade`.

mod args;
mod run;
mod values;

pub(crate) use self::values::choose as choose_values;

pub(crate) use self::args::{UpgradeArgs, history_max};

use std::sync::Arc;

use skeg_engine::on_render_stack;
use skeg_release::{InstallOptions, StorageError};

use self::run::upgrade_release;
use super::install::{InstallRequest, install_chart};
use crate::args::OutputFormat;
use crate::context::Context;
use crate::error::CommandError;
use crate::releases::{DryRun, Session, operation_error};

/// Helm 4.3.1: renders a chart, and brings it to the cluster as a new revision of a release.
pub(crate) fn upgrade(args: &UpgradeArgs, context: &Context) -> Result<(), CommandError> {
    args.revision.check(context)?;
    let [name, chart] = args.arguments.as_slice() else {
        return Err(CommandError::user(
            "\"helm upgrade\" requires 2 arguments\n\nUsage:  helm upgrade [RELEASE] [CHART] [flags]",
        ));
    };
    on_render_stack(|| {
        let dry_run = args.revision.dry_run(context)?;
        let session = Arc::new(Session::open(context)?);
        if args.install
            && let Some(former) = former(&session, name)?
        {
            if args.revision.output.output == OutputFormat::Table {
                let quoted = skeg_go::quote::quote(name);
                context
                    .printer()
                    .line(format!("Release {quoted} does not exist. Installing it now."))?;
            }
            return install(args, (name, chart), dry_run, former, context);
        }
        upgrade_release(args, (name, chart), dry_run, session, context)
    })
}

/// Why a release is installed instead of upgraded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Former {
    Missing,
    Uninstalled,
}

/// Why the release is to be installed; none if there is one to be upgraded.
fn former(session: &Session, name: &str) -> Result<Option<Former>, CommandError> {
    session.run(async {
        match session.store().revisions(name).await {
            Err(StorageError::NotFound) => Ok(Some(Former::Missing)),
            Err(error) => Err(operation_error(&error.into(), "")),
            Ok(revisions) => {
                let last = revisions.last().and_then(|entry| entry.status());
                Ok((last == Some("uninstalled")).then_some(Former::Uninstalled))
            }
        }
    })
}

/// Helm 4.3.1, `--install`: what is not there is installed, and errors say nothing of an installation.
fn install(
    args: &UpgradeArgs,
    (name, chart): (&str, &str),
    dry_run: DryRun,
    former: Former,
    context: &Context,
) -> Result<(), CommandError> {
    let options = args.options(context);
    let request = InstallRequest {
        name: name.to_owned(),
        chart,
        rendering: &args.rendering,
        dry_run,
        hide_secret: args.revision.dry_run.hide_secret,
        hide_notes: args.revision.hide_notes,
        skip_crds: args.revision.skip_crds,
        output: args.revision.output.output,
        labels: &args.revision.labels,
        options: InstallOptions {
            description: options.description,
            create_namespace: args.revision.create_namespace,
            replace: former == Former::Uninstalled,
            take_ownership: options.take_ownership,
            server_side: options.server_side != skeg_release::ServerSide::Never,
            rollback_on_failure: options.rollback_on_failure,
            skip_validation: options.skip_validation,
            change: options.change,
            ..InstallOptions::default()
        },
    };
    install_chart(&request, context)
}
