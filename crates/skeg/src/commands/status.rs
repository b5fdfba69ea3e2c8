//! `skeg status`.

use skeg_release::{ObjectForm, Release, ReleaseObjects, ReleaseObjectsError};

use crate::args::{OutputArgs, OutputFormat, parse_int};
use crate::context::Context;
use crate::error::CommandError;
use crate::releases::{ReleasePrinter, Session, cluster_error, is_in_memory, read_release};
use crate::surroundings::clock;

/// Show the state of a release: its objects on the cluster, its tests and its notes
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg status RELEASE_NAME [flags]")]
pub(crate) struct StatusArgs {
    /// The name of the release
    #[arg(value_name = "RELEASE_NAME")]
    release_name: String,

    /// Show this revision instead of the newest one
    #[arg(long, value_name = "NUMBER", value_parser = parse_int, allow_hyphen_values = true)]
    revision: Option<i64>,

    #[command(flatten)]
    output: OutputArgs,
}

/// Helm 4.3.1: the lines of the table, and the release without its chart as JSON and YAML.
pub(crate) fn status(args: &StatusArgs, context: &Context) -> Result<(), CommandError> {
    let session = Session::open(context)?;
    let release = read_release(&session, &args.release_name, args.revision)?;
    let format = args.output.output;
    let found = if is_in_memory(context) {
        ReleaseObjects::default()
    } else {
        objects(&session, &release, format)?
    };
    for mistake in &found.mistakes {
        let fields = [("error", mistake.clone())];
        context
            .printer()
            .warning_about("an object of the release cannot be shown", &fields);
    }
    let printer = ReleasePrinter::new(&release);
    let printer = match format {
        _ if found.is_empty() => printer.with_status(None, None),
        OutputFormat::Table => printer.with_status(Some(found.to_text(clock())), None),
        OutputFormat::Json | OutputFormat::Yaml => printer.with_status(None, Some(found.to_json())),
    };
    printer.print(format, context)
}

fn objects(
    session: &Session,
    release: &Release,
    format: OutputFormat,
) -> Result<ReleaseObjects, CommandError> {
    let form = match format {
        OutputFormat::Table => ObjectForm::Table,
        OutputFormat::Json | OutputFormat::Yaml => ObjectForm::Whole,
    };
    session.run(async {
        let found =
            ReleaseObjects::fetch(session.cluster(), &release.manifest, &release.namespace, form).await;
        found.map_err(|error| match error {
            ReleaseObjectsError::Cluster(error) => cluster_error(&error),
            error => CommandError::user(error.to_string()),
        })
    })
}
