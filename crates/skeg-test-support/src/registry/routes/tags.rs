//! The tag list with its pages, and the catalogue of repositories.

use http::Method;
use serde_json::json;

use super::super::response::Reply;
use super::{Backend, Call, method_not_allowed, query_values};

pub(super) fn list(call: &Call<'_>) -> Reply {
    if *call.method() != Method::GET {
        return method_not_allowed();
    }
    let quirks = &call.backend.quirks;
    let asked = call.parameter("n").map(|n| n.parse::<usize>());
    let Ok(asked) = asked.transpose() else {
        return Reply::error(400, "PAGINATION_NUMBER_INVALID", "invalid number of tags");
    };
    if asked > quirks.tags_page_max && quirks.tags_page_max.is_some() {
        return Reply::error(400, "TOO_MANY_TAGS_REQUESTED", "too many tags requested");
    }
    let contents = call.backend.contents.lock();
    let Some(repository) = contents.repositories.get(call.repository) else {
        let message = "repository name not known to registry";
        return Reply::error(404, "NAME_UNKNOWN", message);
    };
    let last = call.parameter("last").unwrap_or_default();
    let rest: Vec<&String> = repository.tags.keys().filter(|tag| **tag > last).collect();
    let limit = [asked, quirks.tags_page_size].into_iter().flatten().min();
    let page = &rest[..limit.unwrap_or(rest.len()).min(rest.len())];
    let reply = Reply::json(&json!({"name": call.repository, "tags": page}));
    match page.last() {
        Some(last) if page.len() < rest.len() => {
            let path = call.path("tags/list");
            let next = format!("<{path}?last={last}&n={}>; rel=\"next\"", page.len());
            reply.header("link", &next)
        }
        _ => reply,
    }
}

pub(super) fn catalog(backend: &Backend, query: &str) -> Reply {
    let value = |name| query_values(query, name).into_iter().next();
    let Ok(asked) = value("n").map(|n| n.parse::<usize>()).transpose() else {
        return Reply::error(400, "PAGINATION_NUMBER_INVALID", "invalid number of results");
    };
    let last = value("last").unwrap_or_default();
    let contents = backend.contents.lock();
    let rest: Vec<&String> = contents
        .repositories
        .keys()
        .filter(|name| **name > last)
        .collect();
    let limit = [asked, backend.quirks.catalog_page_size]
        .into_iter()
        .flatten()
        .min();
    let page = &rest[..limit.unwrap_or(rest.len()).min(rest.len())];
    let reply = Reply::json(&json!({"repositories": page}));
    match page.last() {
        Some(last) if page.len() < rest.len() => {
            let next = format!(
                "</v2/_catalog?last={}&n={}>; rel=\"next\"",
                last.replace('/', "%2F"),
                page.len()
            );
            reply.header("link", &next)
        }
        _ => reply,
    }
}
