//! The repositories of a registry, where it lists them.
//!
//! The catalog is no part of the specification: distribution, zot, Harbor, ACR and ECR have one, hosted registries of
//! many tenants (Docker Hub, GHCR) have none, and it often is for administrators only.

use serde::Deserialize;
use skeg_oci::RepositoryName;

use crate::error::{ListRepositoriesError, RequestError, ResponseError};
use crate::pages::{Origin, PageError, Pager};
use crate::registry::Registry;
use crate::request::Call;
use crate::transport::{Limited, Response};

/// How large one page may be.
const PAGE_LIMIT: usize = 8 * 1024 * 1024;

/// The pages of a registry's list of repositories. Made by [`Registry::catalog`].
#[derive(Debug)]
pub struct CatalogPages {
    pager: Pager,
    is_first: bool,
}

impl Registry {
    /// Begins to list the repositories. Nothing is asked before the first [`CatalogPages::next`].
    pub fn catalog(&self) -> CatalogPages {
        CatalogPages {
            pager: Pager::new(Origin::Registry(self.clone()), Call::catalog()),
            is_first: true,
        }
    }
}

impl CatalogPages {
    /// The names of the next page, in the registry's order; `None` after the last one, and after an error.
    ///
    /// # Errors
    ///
    /// [`ListRepositoriesError::Unsupported`] when the registry has no such list, or not for us.
    pub async fn next(&mut self) -> Result<Option<Vec<RepositoryName>>, ListRepositoriesError> {
        let is_first = std::mem::replace(&mut self.is_first, false);
        let response = match self.pager.next().await {
            Ok(Some(response)) => response,
            Ok(None) => return Ok(None),
            Err(PageError::Answer(problem)) => return Err(ListRepositoriesError::Answer { problem }),
            Err(PageError::Request(error)) if is_first && is_refusal(&error) => {
                return Err(ListRepositoriesError::Unsupported { source: error });
            }
            Err(PageError::Request(error)) => return Err(error.into()),
        };
        let names = parse_page(response).await?;
        Ok(Some(
            names
                .iter()
                .filter_map(|name| RepositoryName::parse(name).ok())
                .collect(),
        ))
    }
}

/// Every refusal means that there is no list for us, but one that may pass.
fn is_refusal(error: &RequestError) -> bool {
    let is_final = |response: &ResponseError| response.is_foreign || !response.is_retryable();
    match error {
        RequestError::Redirect { .. } => true,
        _ => error.response().is_some_and(is_final),
    }
}

#[derive(Deserialize)]
struct Page {
    repositories: Option<Vec<String>>,
}

async fn parse_page(response: Response) -> Result<Vec<String>, ListRepositoriesError> {
    let answer = |problem: &str| ListRepositoriesError::Answer {
        problem: problem.to_owned(),
    };
    let Limited::Whole(body) = response.body.read(PAGE_LIMIT).await? else {
        return Err(answer("a page is far too long"));
    };
    let page: Page =
        serde_json::from_slice(&body).map_err(|_| answer("it is not JSON of the expected form"))?;
    Ok(page.repositories.unwrap_or_default())
}
