//! `skeg uninstall`.

use skeg_cluster::Propagation;
use skeg_release::UninstallOptions;

use crate::context::Context;
use crate::error::CommandError;
use crate::releases::{Session, WaitArgs, check_release_name, operation_error};

/// Uninstall releases: delete their objects and their records
///
/// What belongs to another release, or is to be kept by its own annotation, stays and is named. With `--keep-history` the records
/// stay, and `skeg rollback` brings the release back.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg uninstall RELEASE_NAME [...] [flags]")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct UninstallArgs {
    /// The names of releases
    #[arg(value_name = "RELEASE_NAME", required = true)]
    releases: Vec<String>,

    /// Delete nothing
    #[arg(
        long,
        value_name = "BOOL",
        num_args = 0..=1,
        require_equals = true,
        default_value = "false",
        default_missing_value = "true",
        value_parser = clap::builder::BoolishValueParser::new(),
        action = clap::ArgAction::Set
    )]
    dry_run: bool,

    /// Run no hooks
    #[arg(long)]
    no_hooks: bool,

    /// Succeed if there is no such release
    #[arg(long)]
    ignore_not_found: bool,

    /// Keep the records
    #[arg(long)]
    keep_history: bool,

    #[command(flatten)]
    wait: WaitArgs,

    /// What happens to what belongs to the objects, such as the pods of a job: `background`, `foreground` or `orphan`
    #[arg(long, value_name = "HOW", default_value = "background")]
    cascade: String,

    /// What `history` says of the revision
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    description: Option<String>,
}

/// Helm 4.3.1: one release after the other, up to the first that fails.
pub(crate) fn uninstall(args: &UninstallArgs, context: &Context) -> Result<(), CommandError> {
    let session = Session::open(context)?;
    let options = args.options(context);
    for name in &args.releases {
        let operator = session.operator();
        let outcome = session.run(async {
            session.ask_server().await?;
            check_release_name(name, "uninstall: Release name is invalid")?;
            let outcome = skeg_release::uninstall(&operator, name, &options).await;
            outcome.map_err(|error| operation_error(&error, ""))
        })?;
        let printer = context.printer();
        if !outcome.info.is_empty() {
            printer.line(&outcome.info)?;
        }
        printer.line(format!("release \"{name}\" uninstalled"))?;
    }
    Ok(())
}

impl UninstallArgs {
    fn options(&self, context: &Context) -> UninstallOptions {
        UninstallOptions {
            disable_hooks: self.no_hooks,
            keep_history: self.keep_history,
            ignore_not_found: self.ignore_not_found,
            dry_run: self.dry_run,
            propagation: match self.cascade.as_str() {
                "foreground" => Propagation::Foreground,
                "orphan" => Propagation::Orphan,
                _ => Propagation::Background,
            },
            description: self.description.clone(),
            wait: self.wait.options(context),
        }
    }
}
