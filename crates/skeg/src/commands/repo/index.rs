//! `skeg repo index`.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use skeg_repository::{DirectoryIndex, IndexFormat, IndexLayout};

use super::index_from::FromArgs;
use crate::classic::warn_of_rejected;
use crate::context::Context;
use crate::env::EnvironmentVariable;
use crate::error::CommandError;
use crate::surroundings;

/// Make the index of a directory of packaged charts
///
/// Writes `index.yaml` into the directory. With `--url oci://HOST/PATH` the charts have the addresses under which `skeg push`
/// puts them below that path. With `--from oci://HOST/PATH` the index has every version of every chart below that path of a
/// registry instead, for people who must serve a classic repository: no archive is needed, each entry says where it is in
/// the registry. A version that cannot be read is an error, and the index stays as it was.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg repo index [DIR] [flags]")]
pub(crate) struct IndexArgs {
    /// The directory
    #[arg(value_name = "DIR")]
    directory: PathBuf,

    /// The address of the repository; without it the charts have addresses relative to the index
    #[arg(
        long,
        value_name = "URL",
        default_value = "",
        hide_default_value = true,
        conflicts_with = "from"
    )]
    url: String,

    /// Take over the entries of this index that are not in the directory
    #[arg(long, value_name = "FILE")]
    merge: Option<PathBuf>,

    /// Write JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    from: FromArgs,
}

/// Helm 4.3.1: prints nothing. What was found in a registry is told of, as nobody sees it in the directory.
pub(super) fn index(args: &IndexArgs, context: &Context) -> Result<(), CommandError> {
    let now = now(context)?;
    let format = if args.json {
        IndexFormat::Json
    } else {
        IndexFormat::Yaml
    };
    let mut index = if args.from.is_given() {
        args.from.index(&now, context)?
    } else {
        args.from.refuse_flags()?;
        let layout = IndexLayout {
            url: args.url.clone(),
            created: now.clone(),
        };
        DirectoryIndex::scan(&args.directory, &layout).map_err(CommandError::user)?
    };
    if let Some(path) = args.merge.as_deref().filter(|path| !path.as_os_str().is_empty()) {
        merge(&mut index, path, format, &now, context)?;
    }
    let path = args.directory.join("index.yaml");
    index.write(&path, format, &now).map_err(CommandError::user)
}

/// Helm 4.3.1: an index to merge that is not there is made, and empty.
fn merge(
    index: &mut DirectoryIndex,
    path: &Path,
    format: IndexFormat,
    now: &str,
    context: &Context,
) -> Result<(), CommandError> {
    if !path.exists() {
        let _made = DirectoryIndex::default().write(path, format, now);
        return Ok(());
    }
    let merged = index.merge(path).map_err(CommandError::user)?;
    warn_of_rejected(merged.rejected(), &path.display().to_string(), context.printer());
    Ok(())
}

/// The time of the index: now, or what `SOURCE_DATE_EPOCH` says.
fn now(context: &Context) -> Result<String, CommandError> {
    let Some(text) = context.environment().get(EnvironmentVariable::SOURCE_DATE_EPOCH) else {
        let now = Timestamp::from_nanosecond(surroundings::now()).map_err(CommandError::internal)?;
        return Ok(now.to_string());
    };
    let time = text
        .parse()
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok());
    let time = time.ok_or_else(|| {
        CommandError::user(format!(
            "`SOURCE_DATE_EPOCH` is `{text}`, which is no number of seconds"
        ))
    })?;
    Ok(time.to_string())
}
