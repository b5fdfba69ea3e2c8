//! A classic repository on loopback, for the tests of what uses one.

use std::sync::{Arc, Mutex};

use skeg_test_support::{ChartBuilder, PlainReply, PlainServer, RequestRecord, sha256_digest};

/// A repository at `/charts/` whose index and archives a test may change.
pub(crate) struct Repository {
    pub(crate) server: PlainServer,
    pages: Pages,
}

/// What is served; of several pages of one path the last one.
type Pages = Arc<Mutex<Vec<(String, Vec<u8>)>>>;

impl Repository {
    pub(crate) fn start() -> Self {
        let pages = Pages::default();
        let shared = Arc::clone(&pages);
        let server = PlainServer::start(move |request| {
            let pages = shared.lock().expect("because no holder panics");
            let Some((_, body)) = pages.iter().rev().find(|(path, _)| path == request.target) else {
                return PlainReply::new(404);
            };
            let tag = format!("\"{}\"", digits(body));
            match request.headers.get("if-none-match") {
                Some(known) if known.as_bytes() == tag.as_bytes() => PlainReply::new(304),
                _ => PlainReply::new(200).header("ETag", &tag).body(body.clone()),
            }
        });
        Self { server, pages }
    }

    pub(crate) fn page(&self, path: &str, body: impl Into<Vec<u8>>) {
        self.pages
            .lock()
            .expect("because no holder panics")
            .push((path.to_owned(), body.into()));
    }

    /// Serves archives, and gives the entries of an index with their addresses and digests.
    pub(crate) fn entries(&self, charts: &[(&str, &str)]) -> String {
        let entry = |(name, version): &(&str, &str)| {
            let archive = ChartBuilder::new(name, version).archive().bytes();
            let digest = digits(&archive);
            let file = format!("{name}-{version}.tgz");
            self.page(&format!("/charts/{file}"), archive);
            format!("  - {{name: {name}, version: {version}, urls: [{file}], digest: {digest}}}\n")
        };
        let mut names: Vec<&str> = charts.iter().map(|(name, _)| *name).collect();
        names.dedup();
        let one = |name: &str| {
            let versions = charts.iter().filter(|(chart, _)| *chart == name);
            format!("  {name}:\n{}", versions.map(entry).collect::<String>())
        };
        names.into_iter().map(one).collect()
    }

    pub(crate) fn index(&self, entries: &str) {
        self.page(
            "/charts/index.yaml",
            format!("apiVersion: v1\nentries:\n{entries}"),
        );
    }

    pub(crate) fn url(&self) -> String {
        format!("{}/charts", self.server.base_url())
    }

    /// The requests after the first few, without the host.
    pub(crate) fn requests(&self, before: usize) -> Vec<String> {
        let log = self.server.requests();
        let line = |request: &RequestRecord| {
            let status = request.status.unwrap_or_default();
            format!("{} {} {status}", request.method, request.target)
        };
        log.iter().skip(before).map(line).collect()
    }
}

pub(crate) fn digits(bytes: &[u8]) -> String {
    sha256_digest(bytes).trim_start_matches("sha256:").to_owned()
}
