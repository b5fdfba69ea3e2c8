//! Pulling from classic repositories.

use std::path::PathBuf;

use skeg_repository::file_name;

use super::{Provenance, PullArgs, PullReport, PulledChart};
use crate::classic::{Fetched, LocatedArchive, fetch, fetch_provenance};
use crate::context::Context;
use crate::error::CommandError;
use crate::paths::clean;
use crate::scratch::scratch;
use crate::work::blocking;

/// Helm 4.3.1: the archive has the name of its address, and nothing is printed.
pub(super) async fn pull(
    name: &str,
    located: &LocatedArchive,
    args: &PullArgs,
    context: &Context,
) -> Result<PulledChart, CommandError> {
    let file = file_name(&located.url);
    let (path, fetched) = if args.untar {
        unpacked(name, &file, located, args, context).await?
    } else {
        let path = clean(&args.destination).join(&file);
        let fetched = fetch(located, &path, context).await?;
        (path, fetched)
    };
    let provenance = provenance(name, &file, located, args).await?;
    Ok(PulledChart {
        resolved: None,
        report: PullReport {
            reference: crate::remote::go_words::shown(&located.url),
            digest: fetched.digest.to_string(),
            version: located.version.clone(),
            path,
            size: fetched.size,
            provenance: provenance.path(),
        },
        provenance,
    })
}

async fn unpacked(
    name: &str,
    file: &str,
    located: &LocatedArchive,
    args: &PullArgs,
    context: &Context,
) -> Result<(PathBuf, Fetched), CommandError> {
    let directory = clean(&args.destination.join(&args.untardir));
    let target = directory.join(name.rsplit('/').next().unwrap_or(name));
    if target.exists() {
        return Err(CommandError::user(format!(
            "failed to untar: a file or directory with the name {} already exists",
            target.display()
        )));
    }
    let limits = context.limits()?;
    let scratch = scratch()?;
    let archive = scratch.path().join(file);
    let fetched = fetch(located, &archive, context).await?;
    let name = name.to_owned();
    let path = blocking(move || {
        let _scratch = scratch;
        let unpacked = skeg_chart::unpack_archive(&archive, &directory, &limits);
        unpacked.map_err(|error| CommandError::user(error).about(&archive, &name))
    });
    Ok((path.await?, fetched))
}

/// Fetches the provenance file, or says why there is none: to Helm that is no failure.
async fn provenance(
    name: &str,
    file: &str,
    located: &LocatedArchive,
    args: &PullArgs,
) -> Result<Provenance, CommandError> {
    if !args.prov || args.untar {
        return Ok(Provenance::NotWanted);
    }
    let path = args.destination.join(format!("{file}.prov"));
    Ok(match fetch_provenance(located, &path).await? {
        Ok(()) => Provenance::Pulled(path),
        Err(problem) => Provenance::Missing(format!("WARNING: Verification not found for {name}: {problem}")),
    })
}
