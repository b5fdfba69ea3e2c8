//! Lists that come in pages: tags, repositories, referrers.
//!
//! A page's `Link` leads to the next one. It must lead to the registry itself, and not in a circle.
//!
//! Spec: distribution-spec v1.1, "Listing Tags"; RFC 8288.

use std::collections::HashSet;

use url::Url;

use crate::error::RequestError;
use crate::registry::Registry;
use crate::repository::Repository;
use crate::request::{Call, MalformedLink, Retries, next_link};
use crate::transport::{Attempts, Response, as_known, is_same_origin, redact};

/// How many pages a list may have.
const MAX_PAGES: usize = 10_000;

/// How many entries of a page are asked for where a registry gives fewer: what ECR, ACR and GHCR allow at most.
const LARGE_PAGE: usize = 1000;

/// Whose list it is.
#[derive(Clone, Debug)]
pub(crate) enum Origin {
    Repository(Repository),
    Registry(Registry),
}

/// Why there is no next page.
#[derive(Debug)]
pub(crate) enum PageError {
    Request(RequestError),
    /// What is wrong with the list, as a phrase.
    Answer(String),
}

/// Reads a list page by page, one request for each.
#[derive(Debug)]
pub(crate) struct Pager {
    origin: Origin,
    next: Option<Page>,
    seen: HashSet<Url>,
    /// Whether larger pages may be asked for than the registry gives by itself.
    may_enlarge: bool,
}

/// One request for a page, and the same one as the registry has written it, if it was changed.
#[derive(Debug)]
struct Page {
    call: Call,
    as_written: Option<Call>,
}

impl Pager {
    pub(crate) fn new(origin: Origin, first: Call) -> Self {
        let call = Call {
            retries: Retries::Caller,
            ..first
        };
        Self {
            origin,
            next: Some(Page {
                call,
                as_written: None,
            }),
            seen: HashSet::new(),
            may_enlarge: true,
        }
    }

    /// The next page; `None` after the last one, and after an error.
    pub(crate) async fn next(&mut self) -> Result<Option<Response>, PageError> {
        let Some(page) = self.next.take() else {
            return Ok(None);
        };
        let response = match (self.origin.send(&page.call).await, &page.as_written) {
            // Quay and others refuse large pages.
            (Err(RequestError::Response(error)), Some(as_written)) if error.status().is_client_error() => {
                self.may_enlarge = false;
                self.origin.send(as_written).await
            }
            (result, _) => result,
        };
        let response = response.map_err(PageError::Request)?;
        self.next = self.page_after(&page.call, &response)?;
        Ok(Some(response))
    }

    fn page_after(&mut self, call: &Call, response: &Response) -> Result<Option<Page>, PageError> {
        let link = next_link(&response.headers);
        let link = link.map_err(|MalformedLink| answer("the link to its next page is malformed"))?;
        let Some(link) = link else {
            return Ok(None);
        };
        let Ok(next) = response.url.join(&link) else {
            return Err(answer("the address of its next page is malformed"));
        };
        let base = self.origin.url().map_err(PageError::Request)?;
        let next = as_known(next, &base);
        if !is_same_origin(&next, &base) {
            let problem = format!("its next page is on another host, `{}`", redact(&next));
            return Err(PageError::Answer(problem));
        }
        if !self.seen.insert(next.clone()) {
            return Err(answer("its pages go in a circle"));
        }
        if self.seen.len() >= MAX_PAGES {
            return Err(answer("it does not end"));
        }
        let as_written = call.clone().next_page(next.clone());
        let larger = self.may_enlarge.then(|| enlarged(&next)).flatten();
        Ok(Some(match larger {
            Some(url) => Page {
                call: call.clone().next_page(url),
                as_written: Some(as_written),
            },
            None => Page {
                call: as_written,
                as_written: None,
            },
        }))
    }
}

impl Origin {
    /// Sends a call until it succeeds or fails for good. What another host answers, to which a redirect led, is final.
    async fn send(&self, call: &Call) -> Result<Response, RequestError> {
        let mut attempts = Attempts::new();
        loop {
            let result = match self {
                Self::Repository(repository) => repository.call(call).await,
                Self::Registry(registry) => registry.call(call).await,
            };
            let Err(error) = result else {
                return result;
            };
            if self.is_elsewhere(&error) || !self.wait_to_retry(&mut attempts, &error).await {
                return Err(error);
            }
        }
    }

    async fn wait_to_retry(&self, attempts: &mut Attempts, error: &RequestError) -> bool {
        match self {
            Self::Repository(repository) => repository.wait_to_retry(attempts, error).await,
            Self::Registry(registry) => registry.wait_to_retry(attempts, error).await,
        }
    }

    fn url(&self) -> Result<Url, RequestError> {
        match self {
            Self::Repository(repository) => repository.url(),
            Self::Registry(registry) => registry.url(),
        }
    }

    /// Tells whether a redirect led away from the registry before the request failed, or could not be followed.
    pub(crate) fn is_elsewhere(&self, error: &RequestError) -> bool {
        let url = match error {
            RequestError::Response(error) => return error.is_foreign,
            RequestError::Redirect { .. } => return true,
            RequestError::Connect { url, .. }
            | RequestError::Timeout { url, .. }
            | RequestError::Broken { url, .. }
            | RequestError::Malformed { url, .. }
            | RequestError::TlsServer { url, .. } => url,
            _ => return false,
        };
        let (Ok(failed), Ok(base)) = (Url::parse(url), self.url()) else {
            return false;
        };
        !is_same_origin(&failed, &base)
    }
}

/// The same address with a larger `n`, where it has one.
fn enlarged(url: &Url) -> Option<Url> {
    let is_small = |pair: &str| {
        let number = pair.strip_prefix("n=").and_then(|n| n.parse::<usize>().ok());
        number.is_some_and(|n| n < LARGE_PAGE)
    };
    let query = url.query()?;
    if !query.split('&').any(is_small) {
        return None;
    }
    let large = format!("n={LARGE_PAGE}");
    let pairs = query
        .split('&')
        .map(|pair| if is_small(pair) { large.as_str() } else { pair });
    let mut larger = url.clone();
    larger.set_query(Some(&pairs.collect::<Vec<_>>().join("&")));
    Some(larger)
}

fn answer(problem: &str) -> PageError {
    PageError::Answer(problem.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: Option<&str>) {
        let larger = enlarged(&Url::parse(url).unwrap());
        assert_eq!(larger.as_ref().map(Url::as_str), expected);
    }

    #[test]
    fn case_40_larger_pages_are_asked_for_where_the_link_says_how_large() {
        check("https://a/t?last=b&n=100", Some("https://a/t?last=b&n=1000"));
        check(
            "https://a/t?n=100&last=a%2Bb",
            Some("https://a/t?n=1000&last=a%2Bb"),
        );
        check("https://a/t?n=1000&last=b", None);
        check("https://a/t?n=5000", None);
        check("https://a/t?n=x", None);
        check("https://a/t?token=n=1", None);
        check("https://a/t", None);
    }
}
