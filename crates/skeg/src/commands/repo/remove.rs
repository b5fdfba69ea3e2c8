//! `skeg repo remove`.

use crate::classic;
use crate::context::Context;
use crate::error::CommandError;

/// Remove names of repositories, and what is cached of them
#[derive(Debug, clap::Args)]
#[command(
    visible_alias = "rm",
    override_usage = "skeg repo remove [REPO1 [REPO2 ...]] [flags]"
)]
pub(crate) struct RemoveArgs {
    /// The names
    #[arg(required = true, value_name = "NAME")]
    names: Vec<String>,
}

/// Helm 4.3.1: one line for each that is removed. Of several names, those before one that is not there are removed.
pub(super) fn remove(args: &RemoveArgs, context: &Context) -> Result<(), CommandError> {
    let known = classic::read_list(context)?.unwrap_or_default();
    if known.repositories().is_empty() {
        return Err(CommandError::user("no repositories configured"));
    }
    for name in &args.names {
        let quoted = skeg_go::quote::quote(name);
        let removed = classic::list(context).change(|file| Ok::<_, CommandError>(file.remove(name)))?;
        if !removed {
            let error = CommandError::user(format!("no repo named {quoted} found"));
            return Err(error.hint("`skeg repo list` shows the names"));
        }
        classic::cache(context).remove(name)?;
        context
            .printer()
            .line(format!("{quoted} has been removed from your repositories"))?;
    }
    Ok(())
}
