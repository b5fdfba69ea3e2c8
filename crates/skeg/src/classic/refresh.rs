//! Fetching an index into the cache.

use skeg_oci_client::UrlAnswer;
use skeg_repository::{Index, NewIndex, Remote};

use super::{cache, in_words_of_go, read_all, warn_of_rejected};
use crate::context::Context;
use crate::error::CommandError;
use crate::work::blocking;

/// Fetches the index of a repository into the cache, unless the one there is still the same.
pub(crate) async fn refresh(name: &str, remote: &Remote, context: &Context) -> Result<(), CommandError> {
    let cache = cache(context);
    let url =
        skeg_repository::resolve_reference(remote.address(), "index.yaml").map_err(CommandError::user)?;
    let mut file = cache.temporary()?;
    let known = cache.validators(name, &url);
    let downloaded = remote.download_index(known, file.as_file_mut()).await;
    let received = match downloaded.map_err(|error| in_words_of_go(&url, &error))? {
        UrlAnswer::NotModified => return Ok(()),
        UrlAnswer::Content(received) => received,
    };
    let name = name.to_owned();
    let address = remote.address().to_owned();
    let printer = context.shared_printer();
    blocking(move || {
        let index = Index::parse(&read_all(file.as_file_mut())?)?;
        warn_of_rejected(
            index.rejected(),
            &crate::remote::go_words::shown(&address),
            &printer,
        );
        let new = NewIndex {
            file,
            index: &index,
            validators: received.validators,
        };
        Ok(cache.store(&name, &url, new)?)
    })
    .await
}
