//! `skeg drift`.

use crate::args::{OutputArgs, OutputFormat};
use crate::context::Context;
use crate::error::CommandError;
use crate::releases::{Session, check_release_name, operation_error, print_differences};

/// Show what somebody has changed on the cluster since a release was installed
///
/// Every object of the manifest is held against what is on the server now. Fields that the manifest says nothing of do not count, and
/// neither does what the server writes in another way. Values of Secrets are compared and not shown.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg drift RELEASE_NAME [flags]")]
pub(crate) struct DriftArgs {
    /// The name of the release
    #[arg(value_name = "RELEASE_NAME")]
    release: String,

    /// Compare with this revision instead of the last one
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    revision: i64,

    /// Exit with 1 if there are differences
    #[arg(long)]
    exit_code: bool,

    #[command(flatten)]
    output: OutputArgs,
}

pub(crate) fn drift(args: &DriftArgs, context: &Context) -> Result<(), CommandError> {
    let session = Session::open(context)?;
    let operator = session.operator();
    let differences = session.run(async {
        check_release_name(&args.release, "release name is invalid")?;
        let found = skeg_release::drift(&operator, &args.release, args.revision).await;
        found.map_err(|error| operation_error(&error, ""))
    })?;
    if differences.is_empty() && args.output.output == OutputFormat::Table {
        let text = format!("release \"{}\" is as it was installed", args.release);
        return Ok(context.printer().line(text)?);
    }
    print_differences(&differences, args.output.output, context)?;
    if args.exit_code && !differences.is_empty() {
        return Err(CommandError::different());
    }
    Ok(())
}
