//! Fetching an archive, out of the store of content if it is there.

use std::fs::File;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;

use skeg_chart::Chart;
use skeg_files::Readers;
use skeg_oci::Digest;
use skeg_registry::ChartReference;
use skeg_repository::{DownloadError, DownloadedChart};
use skeg_store::{Claim, Lookup, Store};

use super::{ClassicChart, DownloadedIndex, Found, LocatedArchive, in_words_of_go};
use crate::access::Access;
use crate::args::ChartSelectionArgs;
use crate::chart_source::{self, FetchOptions, FetchedChart};
use crate::context::Context;
use crate::error::CommandError;
use crate::scratch::scratch;
use crate::surroundings::clock;
use crate::work::{block_on, blocking};

/// An archive that was fetched.
pub(crate) struct Fetched {
    pub(crate) size: u64,
    pub(crate) digest: Digest,
}

/// Loads what is wanted of a chart in a classic repository.
pub(crate) fn fetch_chart(
    reference: &ClassicChart,
    selection: &ChartSelectionArgs,
    options: FetchOptions,
    context: &Context,
) -> Result<FetchedChart, CommandError> {
    let located = match reference.locate(selection, &mut DownloadedIndex::default(), context)? {
        Found::Archive(located) => located,
        Found::Base(reference) => {
            return chart_source::fetch_chart(&reference, selection, options, context);
        }
        Found::Registry(reference, expected) => {
            let selection = ChartSelectionArgs {
                version: None,
                devel: false,
                access: selection.access.clone(),
            };
            return fetch_indexed(&reference, expected.as_ref(), &selection, options, context);
        }
    };
    let name = reference.to_string();
    let origin = located.origin();
    block_on(async {
        let scratch = scratch()?;
        let path = scratch.path().join("chart.tgz");
        fetch(&located, &path, context).await?;
        blocking(move || {
            let _scratch = scratch;
            let loaded = Chart::load(&path, &options.load);
            loaded
                .map(|chart| FetchedChart::from_elsewhere(chart, origin))
                .map_err(|error| CommandError::user(error).about(&path, &name))
        })
        .await
    })
}

/// Loads a chart in a registry that an index names by tag; what the tag means is compared with the digest of the index.
fn fetch_indexed(
    reference: &ChartReference,
    expected: Option<&Digest>,
    selection: &ChartSelectionArgs,
    options: FetchOptions,
    context: &Context,
) -> Result<FetchedChart, CommandError> {
    let access = Access::new(&selection.access, reference.location().host(), context)?;
    let pinned = block_on(async {
        let repository = access.reader(reference.location())?;
        let request = chart_source::request(reference, selection);
        let resolved = chart_source::resolve(&repository, &request, context).await?;
        let actual = &resolved.artifact.archive.digest;
        match expected.filter(|expected| *expected != actual) {
            Some(expected) => Err(CommandError::user(format!(
                "{reference}: the archive has the digest {actual}, but the index says {expected}"
            ))),
            None => Ok(resolved.reference),
        }
    })?;
    chart_source::fetch_chart(&pinned, selection, options, context)
}

/// Writes an archive to a path, first under a temporary name.
pub(crate) async fn fetch(
    located: &LocatedArchive,
    path: &Path,
    context: &Context,
) -> Result<Fetched, CommandError> {
    let mut temporary = skeg_files::temporary_beside(path, Readers::Umask)?;
    let store = store(context)?;
    let known = located.digest.as_ref().zip(store.as_ref());
    let stored = known.and_then(|(digest, store)| from_store(store, digest, temporary.as_file_mut()));
    let downloaded = match stored {
        Some(stored) => stored,
        None => download(located, temporary.as_file_mut(), store.as_ref()).await?,
    };
    temporary.persist(path).map_err(|error| error.error)?;
    Ok(Fetched {
        size: downloaded.size,
        digest: downloaded.digest,
    })
}

/// The store, unless it is not wanted, or not there: then everything is downloaded.
fn store(context: &Context) -> Result<Option<Store>, CommandError> {
    if !context.uses_cache() {
        return Ok(None);
    }
    Ok(context.store()?.ok())
}

fn from_store(store: &Store, digest: &Digest, file: &mut File) -> Option<DownloadedChart> {
    let Ok(Lookup::Found(content)) = store.get(digest, clock()) else {
        return None;
    };
    let size = content.size();
    content.copy_to(file).ok()?;
    let digest = digest.clone();
    Some(DownloadedChart { size, digest })
}

async fn download(
    located: &LocatedArchive,
    file: &mut File,
    store: Option<&Store>,
) -> Result<DownloadedChart, CommandError> {
    let downloaded = located
        .remote
        .download_chart(&located.url, located.digest.as_ref(), file)
        .await;
    let downloaded = downloaded.map_err(|error| in_words_of_go(&located.url, &error))?;
    if let (Some(store), Some(_)) = (store, &located.digest) {
        // What is not kept is fetched again.
        let _kept = keep(store, &downloaded.digest, file);
    }
    Ok(downloaded)
}

fn keep(store: &Store, digest: &Digest, file: &mut File) -> Option<()> {
    let Ok(Claim::Granted(partial)) = store.claim(digest) else {
        return None;
    };
    let mut copy = partial.file().ok()?;
    file.seek(SeekFrom::Start(0)).ok()?;
    copy.set_len(0).ok()?;
    std::io::copy(file, &mut copy).ok()?;
    copy.flush().ok()?;
    partial.commit(None, clock()).ok()
}

/// Writes the provenance file of an archive to a path; the inner error says why there is none, in Helm's words.
pub(crate) async fn fetch_provenance(
    located: &LocatedArchive,
    path: &Path,
) -> Result<Result<(), String>, CommandError> {
    let mut temporary = skeg_files::temporary_beside(path, Readers::Umask)?;
    let downloaded = located
        .remote
        .download_provenance(&located.url, temporary.as_file_mut())
        .await;
    match downloaded {
        Ok(()) => {
            temporary.persist(path).map_err(|error| error.error)?;
            Ok(Ok(()))
        }
        Err(error @ DownloadError::Fetch(_)) => {
            let url = format!("{}.prov", located.url);
            Ok(Err(in_words_of_go(&url, &error).message()))
        }
        Err(error) => Err(in_words_of_go(&located.url, &error)),
    }
}
