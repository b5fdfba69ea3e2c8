//! The tag list of a repository, whole or page by page.
//!
//! Spec: distribution-spec v1.1, "Listing Tags".

use std::future::Future;

use serde::Deserialize;
use skeg_oci::Tag;

use crate::any::AnyRepository;
use crate::error::{ListTagsError, RequestError};
use crate::layout::LayoutRepository;
use crate::memory::MemoryRepository;
use crate::pages::{Origin, PageError, Pager};
use crate::repository::Repository;
use crate::request::Call;
use crate::target::ListTags;
use crate::transport::{Limited, Response};

/// How large one page may be.
const PAGE_LIMIT: usize = 8 * 1024 * 1024;

/// How many tags the whole list may have. The largest known repositories have some ten thousand.
const MAX_TAGS: usize = 1_000_000;

/// Lists tags page by page, so that memory does not grow with their number.
pub trait ListTagPages {
    /// Begins to list the tags. Nothing is asked before the first [`TagPages::next`].
    fn tag_pages(&self) -> impl Future<Output = TagPages> + Send;
}

/// The pages of a tag list.
#[derive(Debug)]
pub struct TagPages(Source);

#[derive(Debug)]
enum Source {
    Registry(Box<Pager>),
    /// All at once.
    Whole(Option<Result<Vec<Tag>, ListTagsError>>),
}

impl TagPages {
    pub(crate) fn whole(tags: Result<Vec<Tag>, ListTagsError>) -> Self {
        Self(Source::Whole(Some(tags)))
    }

    /// The tags of the next page, in the registry's order; `None` after the last one, and after an error. A registry gets
    /// one request for each page.
    ///
    /// # Errors
    ///
    /// [`ListTagsError::NotFound`] when there is no such repository.
    pub async fn next(&mut self) -> Result<Option<Vec<Tag>>, ListTagsError> {
        let pager = match &mut self.0 {
            Source::Whole(tags) => return tags.take().transpose(),
            Source::Registry(pager) => pager,
        };
        let Some(response) = pager.next().await.map_err(page_error)? else {
            return Ok(None);
        };
        let page = parse_page(response).await?;
        // What is no tag by the grammar cannot be asked for either.
        Ok(Some(page.iter().filter_map(|tag| Tag::parse(tag).ok()).collect()))
    }
}

impl ListTagPages for Repository {
    async fn tag_pages(&self) -> TagPages {
        pages(self)
    }
}

impl ListTagPages for LayoutRepository {
    async fn tag_pages(&self) -> TagPages {
        TagPages::whole(self.list_tags().await)
    }
}

impl ListTagPages for MemoryRepository {
    async fn tag_pages(&self) -> TagPages {
        TagPages::whole(self.list_tags().await)
    }
}

impl ListTagPages for AnyRepository {
    async fn tag_pages(&self) -> TagPages {
        match self {
            Self::Remote(repository) => repository.tag_pages().await,
            Self::Mirrored(repository) => repository.origin().tag_pages().await,
            Self::Layout(repository) => repository.tag_pages().await,
        }
    }
}

fn pages(repository: &Repository) -> TagPages {
    let call = Call::list_tags(repository.name());
    let pager = Pager::new(Origin::Repository(repository.clone()), call);
    TagPages(Source::Registry(Box::new(pager)))
}

/// Reads all pages.
pub(crate) async fn list(repository: &Repository) -> Result<Vec<Tag>, ListTagsError> {
    let mut pages = pages(repository);
    let mut tags = Vec::new();
    while let Some(page) = pages.next().await? {
        tags.extend(page);
        if tags.len() > MAX_TAGS {
            return Err(answer("it does not end"));
        }
    }
    Ok(tags)
}

fn page_error(error: PageError) -> ListTagsError {
    match error {
        PageError::Request(RequestError::Response(error)) if error.is_not_found() => {
            ListTagsError::NotFound { source: Some(error) }
        }
        PageError::Request(error) => error.into(),
        PageError::Answer(problem) => ListTagsError::Answer { problem },
    }
}

#[derive(Deserialize)]
struct Page {
    tags: Option<Vec<String>>,
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
