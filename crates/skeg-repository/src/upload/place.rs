//! Where ChartMuseum takes charts: below its context path is `api`, and below that the path of the repository.

use std::io::{self, BufRead};

use serde::Deserialize;
use url::Url;

use crate::url::ResolveUrlError;

/// Where something of the API is, for a repository at an address: `CONTEXT/api/REPOSITORY/REST`.
///
/// # Errors
/// The address is none.
pub(super) fn api_url(address: &str, context_path: &str, rest: &[&str]) -> Result<Url, ResolveUrlError> {
    let failed = |problem: String| ResolveUrlError {
        text: address.to_owned(),
        problem,
    };
    let mut url = Url::parse(address).map_err(|error| failed(error.to_string()))?;
    let parts = |path: &str| {
        let parts = path.split('/').filter(|part| !part.is_empty());
        parts.map(str::to_owned).collect::<Vec<_>>()
    };
    let context = parts(context_path);
    let path = parts(url.path());
    let repository = path.strip_prefix(&*context).unwrap_or(&path);
    let api = ["api".to_owned()];
    let before = [&*context, &api, repository].concat();
    let path: Vec<&str> = before
        .iter()
        .map(String::as_str)
        .chain(rest.iter().copied())
        .collect();
    url.set_query(None);
    url.set_fragment(None);
    let text = format!("/{}", path.join("/"));
    url.set_path(&text);
    Ok(url)
}

/// What ChartMuseum says about itself in an index.
#[derive(Default, Deserialize)]
struct Head {
    #[serde(rename = "serverInfo", default)]
    server: Option<Server>,
}

#[derive(Default, Deserialize)]
struct Server {
    #[serde(rename = "contextPath", default)]
    context_path: Option<String>,
}

/// The context path of the ChartMuseum that made an index; empty if it says nothing of one. Memory does not grow with the index.
///
/// # Errors
/// It cannot be read.
pub fn server_context_path(mut index: impl BufRead) -> io::Result<String> {
    if index.fill_buf()?.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{') {
        let head: Result<Head, _> = serde_json::from_reader(index);
        let server = head.unwrap_or_default().server.unwrap_or_default();
        return Ok(server.context_path.unwrap_or_default());
    }
    let mut is_inside = false;
    let mut line = Vec::new();
    loop {
        line.clear();
        if index.read_until(b'\n', &mut line)? == 0 {
            return Ok(String::new());
        }
        let text = String::from_utf8_lossy(&line);
        if !text.starts_with(' ') {
            is_inside = text.trim_end() == "serverInfo:";
        } else if let Some(path) = text.trim().strip_prefix("contextPath:").filter(|_| is_inside) {
            return Ok(path.trim().trim_matches(['"', '\'']).to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_url(address: &str, context_path: &str, expected: &str) {
        let url = api_url(address, context_path, &["charts"]).unwrap();
        assert_eq!(url.as_str(), expected);
    }

    #[test]
    fn the_api_is_between_the_context_path_and_the_repository() {
        check_url("http://a", "", "http://a/api/charts");
        check_url("http://a:80/?x#y", "", "http://a/api/charts");
        check_url("http://a:81/", "/", "http://a:81/api/charts");
        check_url("https://a/one/two/", "", "https://a/api/one/two/charts");
        check_url("https://a/one/two", "/one", "https://a/one/api/two/charts");
        check_url("https://a/one/two", "one/two/", "https://a/one/two/api/charts");
        check_url("https://a/one/two", "/on", "https://a/on/api/one/two/charts");
        check_url("https://a", "/x", "https://a/x/api/charts");
        check_url("https://a/c%20d", "", "https://a/api/c%20d/charts");
        assert!(api_url("a", "", &[]).is_err());
    }

    #[track_caller]
    fn check_context(index: &str, expected: &str) {
        assert_eq!(
            server_context_path(index.as_bytes()).unwrap(),
            expected,
            "{index}"
        );
    }

    #[test]
    fn an_index_tells_the_context_path() {
        check_context("", "");
        check_context("apiVersion: v1\nentries: {}\nserverInfo: {}\n", "");
        check_context(
            "apiVersion: v1\nentries: {}\nserverInfo:\n  contextPath: /a/b\n",
            "/a/b",
        );
        check_context("serverInfo:\r\n  other: x\r\n  contextPath: \"/a\"\r\n", "/a");
        check_context(
            "entries:\n  contextPath: /x\nserverInfo:\nother:\n  contextPath: /y\n",
            "",
        );
        check_context("{\"entries\":{},\"serverInfo\":{\"contextPath\":\"/a\"}}", "/a");
        check_context(" {\"entries\":{}}", "");
        check_context("{\"serverInfo\":null}", "");
        check_context("{\"serverInfo\":", "");
        check_context("\u{0}\u{ff}\n<html>", "");
    }
}
