//! `skeg create`.

use std::path::{Path, PathBuf};

use skeg_chart::{CreatedChart, create_chart, create_chart_from_starter};

use crate::context::Context;
use crate::error::CommandError;

/// Create a chart: a directory with everything that a web service needs
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg create NAME [flags]")]
pub(crate) struct CreateArgs {
    /// The directory to make; its last component is the chart's name
    name: PathBuf,

    /// Begin with a copy of this chart: a path, or a name below `starters` in Helm's data directory
    #[arg(long, short = 'p', value_name = "CHART")]
    starter: Option<PathBuf>,
}

/// Helm 4.3.1: `Creating NAME` and one warning for each file that is replaced, on standard output.
pub(crate) fn create(args: &CreateArgs, context: &Context) -> Result<(), CommandError> {
    let printer = context.printer();
    let name = args
        .name
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let name = name.ok_or_else(|| {
        let error = CommandError::user(format!("`{}` does not end with a name", args.name.display()));
        error.hint("the last component of the path is the name of the chart")
    })?;
    let parent = args
        .name
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let parent = std::path::absolute(parent)?;
    printer.line(format!("Creating {}", args.name.display()))?;
    let created = create_in(&parent, &name, args, context)?;
    for file in &created.overwritten {
        printer.line(format!(
            "WARNING: File \"{}\" already exists. Overwriting.",
            file.display()
        ))?;
    }
    Ok(())
}

fn create_in(
    parent: &Path,
    name: &str,
    args: &CreateArgs,
    context: &Context,
) -> Result<CreatedChart, CommandError> {
    let created = match &args.starter {
        None => create_chart(parent, name),
        Some(starter) => {
            let starter = context.paths().data.join("starters").join(starter);
            create_chart_from_starter(parent, name, &starter, &context.limits()?)
        }
    };
    created.map_err(CommandError::user)
}
