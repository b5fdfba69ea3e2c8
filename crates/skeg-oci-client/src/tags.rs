//! The tag list of a registry's repository.
//!
//! Spec: distribution-spec v1.1, "Listing Tags".

use std::collections::HashSet;

use serde::Deserialize;
use skeg_oci::Tag;
use url::Url;

use crate::error::{ListTagsError, RequestError};
use crate::repository::Repository;
use crate::request::{Call, next_link};
use crate::transport::{Limited, Response, as_known, is_same_origin, redact};

/// How large one page may be.
const PAGE_LIMIT: usize = 8 * 1024 * 1024;

/// How many pages and tags there may be. The largest known repositories have some ten thousand tags.
const MAX_PAGES: usize = 10_000;
const MAX_TAGS: usize = 1_000_000;

#[derive(Deserialize)]
struct Page {
    tags: Option<Vec<String>>,
}

/// Reads the list page by page, as large as the registry likes them: some refuse to be told.
pub(crate) async fn list(repository: &Repository) -> Result<Vec<Tag>, ListTagsError> {
    let mut call = Call::list_tags(repository.name());
    let mut seen = HashSet::new();
    let mut tags = Vec::new();
    loop {
        let response = fetch_page(repository, &call).await?;
        let next = next_page(repository, &response)?;
        let page = parse_page(response).await?;
        // What is no tag by the grammar cannot be asked for either.
        tags.extend(page.iter().filter_map(|tag| Tag::parse(tag).ok()));
        let Some(next) = next else {
            return Ok(tags);
        };
        if !seen.insert(next.clone()) {
            return Err(answer("its pages go in a circle"));
        }
        if seen.len() >= MAX_PAGES || tags.len() >= MAX_TAGS {
            return Err(answer("it does not end"));
        }
        call = call.next_page(next);
    }
}

async fn fetch_page(repository: &Repository, call: &Call) -> Result<Response, ListTagsError> {
    match repository.call(call).await {
        Err(RequestError::Response(error)) if error.is_not_found() => {
            Err(ListTagsError::NotFound { source: Some(error) })
        }
        other => Ok(other?),
    }
}

/// The next page's URL, which must be the registry's own.
fn next_page(repository: &Repository, response: &Response) -> Result<Option<Url>, ListTagsError> {
    let Some(link) = next_link(&response.headers) else {
        return Ok(None);
    };
    let Ok(next) = response.url.join(&link) else {
        return Err(answer("the address of its next page is malformed"));
    };
    let base = repository.url()?;
    let next = as_known(next, &base);
    if !is_same_origin(&next, &base) {
        return Err(answer(&format!(
            "its next page is on another host, `{}`",
            redact(&next)
        )));
    }
    Ok(Some(next))
}

async fn parse_page(response: Response) -> Result<Vec<String>, ListTagsError> {
    let Limited::Whole(body) = response.body.read(PAGE_LIMIT).await? else {
        return Err(answer("a page is far too long"));
    };
    let page: Page =
        serde_json::from_slice(&body).map_err(|_| answer("it is not JSON of the expected form"))?;
    Ok(page.tags.unwrap_or_default())
}

fn answer(problem: &str) -> ListTagsError {
    ListTagsError::Answer {
        problem: problem.to_owned(),
    }
}
