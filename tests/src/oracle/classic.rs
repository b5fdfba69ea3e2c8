//! The classic repository of a case: a web server that has the files of the working directory.

use std::path::{Path, PathBuf};

use skeg_test_support::{PlainReply, PlainRequest, PlainServer};

/// `me:secret` as a header.
const LOGIN: &str = "Basic bWU6c2VjcmV0";

/// Starts a server for the files below `root`; the query of a request counts for nothing.
///
/// What is below a directory `private` is there for `me` with the password `secret` alone, and what is below `strangers` for
/// nobody who sends a login at all. A file with `.status` behind its name holds the status of all answers about the file, and one with
/// `.location` where it has gone.
pub(super) fn start(root: PathBuf) -> PlainServer {
    PlainServer::start(move |request| answer(&root, request))
}

fn answer(root: &Path, request: &PlainRequest<'_>) -> PlainReply {
    let target = request.target.split(['?', '#']).next().unwrap_or_default();
    let path = target.trim_start_matches('/');
    let login = request.headers.get("authorization");
    let is_below = |directory: &str| path.split('/').any(|part| part == directory);
    if is_below("private") && login.is_none_or(|login| login != LOGIN) {
        return PlainReply::new(401);
    }
    if is_below("strangers") && login.is_some() {
        return PlainReply::new(403);
    }
    if let Ok(location) = fs_err::read_to_string(root.join(format!("{path}.location"))) {
        return PlainReply::new(302).header("location", location.trim());
    }
    let content = fs_err::read(root.join(path));
    if let Ok(status) = fs_err::read_to_string(root.join(format!("{path}.status"))) {
        let status = status
            .trim()
            .parse()
            .expect("because the case has a number there");
        return PlainReply::new(status).body(content.unwrap_or_default());
    }
    match content {
        Ok(content) => PlainReply::new(200).body(content),
        Err(_) => PlainReply::new(404),
    }
}
