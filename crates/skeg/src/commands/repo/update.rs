//! `skeg repo update`.

use std::time::Duration;

use futures_util::stream::{self, StreamExt as _};
use skeg_repository::{Remote, RepositoryEntry};

use super::add::access_with;
use crate::args::parse_duration;
use crate::classic;
use crate::context::Context;
use crate::error::CommandError;
use crate::work::block_on;

/// How many indexes are fetched at the same time.
const SIDE_BY_SIDE: usize = 8;

/// Fetch the indexes of repositories that have changed
#[derive(Debug, clap::Args)]
#[command(
    visible_alias = "up",
    override_usage = "skeg repo update [REPO1 [REPO2 ...]] [flags]"
)]
pub(crate) struct UpdateArgs {
    /// The names; all repositories if there are none
    #[arg(value_name = "NAME")]
    names: Vec<String>,

    /// Give an index up that was paused and not answered for so long, all tries together
    #[arg(long, value_name = "DURATION", default_value = "2m0s", allow_hyphen_values = true, value_parser = parse_duration)]
    timeout: Duration,
}

/// Helm 4.3.1: one line for each repository as it comes, and the failed ones in the error.
pub(super) fn update(args: &UpdateArgs, context: &Context) -> Result<(), CommandError> {
    let file = classic::read_list(context)?.unwrap_or_default();
    if file.repositories().is_empty() {
        let error = CommandError::user("no repositories found. You must add one before updating");
        return Err(error.hint("add one by `skeg repo add NAME URL`"));
    }
    if let Some(unknown) = args.names.iter().find(|name| file.get(name).is_none()) {
        let error = CommandError::user(format!(
            "no repositories found matching '{unknown}'.  Nothing will be updated"
        ));
        return Err(error.hint("`skeg repo list` shows the names"));
    }
    let printer = context.printer();
    printer.line("Hang tight while we grab the latest from your chart repositories...")?;
    let wanted = file
        .repositories()
        .iter()
        .filter(|entry| args.names.is_empty() || args.names.contains(&entry.name));
    let failed = block_on(async {
        let mut failed = Vec::new();
        let updates = wanted.map(|entry| async move { (entry, update_one(entry, args, context).await) });
        let mut updates = stream::iter(updates).buffer_unordered(SIDE_BY_SIDE);
        while let Some((entry, result)) = updates.next().await {
            let name = skeg_go::quote::quote(&entry.name);
            let url = crate::remote::go_words::shown(&entry.url);
            match result {
                Ok(()) => printer.line(format!(
                    "...Successfully got an update from the {name} chart repository"
                ))?,
                Err(error) => {
                    let text = error.message();
                    printer.line(format!(
                        "...Unable to get an update from the {name} chart repository ({url}):\n\t{text}"
                    ))?;
                    failed.push((url, error));
                }
            }
        }
        Ok(failed)
    })?;
    if failed.is_empty() {
        return Ok(printer.line("Update Complete. ⎈Happy Helming!⎈")?);
    }
    let urls: Vec<&str> = failed.iter().map(|(url, _)| url.as_str()).collect();
    let text = format!(
        "failed to update the following repositories: [{}]",
        urls.join(" ")
    );
    let hints = failed.iter().flat_map(|(_, error)| error.hints());
    Err(hints.fold(CommandError::user(text), |error, hint| error.hint(hint.as_str())))
}

/// There is no index of a path in a registry: what is there is asked for when it is used.
async fn update_one(
    entry: &RepositoryEntry,
    args: &UpdateArgs,
    context: &Context,
) -> Result<(), CommandError> {
    if entry.is_oci() {
        return Ok(());
    }
    let access = access_with(args.timeout);
    let remote = Remote::of_entry(classic::client(&access, Some(entry), context), entry);
    classic::refresh(&entry.name, &remote, context).await
}
