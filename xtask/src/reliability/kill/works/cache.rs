//! The cache: what it has after a kill, and that a download goes on where it was.

use std::path::PathBuf;
use std::process::Command;

use crate::failure::Result;
use crate::process::Run as _;

use super::super::content::digest_of;
use super::super::fixture::Fixture;
use super::super::judge::{self, Finding};
use super::super::place::{Place, strangers};
use super::super::runner::Work;

/// Watches what the store keeps of one blob.
pub(super) struct Store {
    hex: String,
    size: u64,
    /// How much was there after the kill.
    kept: Option<u64>,
    /// Kills after which there was a part, or all of it.
    resumed: usize,
    /// The bytes of all those parts, and what then came over the line.
    totals: (u64, u64),
}

impl Store {
    pub(super) fn new(blob: &[u8]) -> Self {
        Self {
            hex: digest_of(blob).trim_start_matches("sha256:").to_owned(),
            size: blob.len() as u64,
            kept: None,
            resumed: 0,
            totals: (0, 0),
        }
    }

    /// Before another run.
    pub(super) fn forget(&mut self) {
        self.kept = None;
    }

    /// Every blob has its digest, by our hash and by skeg's; `cache info` works.
    pub(super) fn after_kill(&mut self, place: &Place) -> Result<Vec<Finding>> {
        let store = place.store();
        let mut findings = Vec::new();
        for path in strangers(&store.join("blobs/sha256"), &[])? {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            findings.extend(judge::blob_file(&name, &fs_err::read(&path)?));
        }
        for action in ["verify", "info"] {
            if let Err(failure) = place.skeg(&["cache", action]).capture() {
                findings.push(Finding::Torn(failure.to_string()));
            }
        }
        let whole = store.join("blobs/sha256").join(&self.hex);
        let part = store.join("partial").join(format!("sha256-{}", self.hex));
        let sizes = [whole, part].map(|path| fs_err::metadata(path).map_or(0, |data| data.len()));
        self.kept = Some(sizes[0].max(sizes[1]));
        Ok(findings)
    }

    /// What was kept was not sent again, and the blob is whole now.
    pub(super) fn after_run(&mut self, place: &Place, received: u64) -> Result<Vec<Finding>> {
        let mut findings = Vec::new();
        if let Some(kept) = self.kept.take() {
            findings.extend(judge::resumed(self.size, kept, received));
            if kept > 0 {
                self.resumed += 1;
                self.totals.0 += kept;
                self.totals.1 += received;
            }
        }
        findings.extend(self.after_kill(place)?);
        if self.kept.take() != Some(self.size) {
            findings.push(Finding::Lost("the blob is not in the cache".to_owned()));
        }
        Ok(findings)
    }

    pub(super) fn remark(&self, subject: &str) -> String {
        format!(
            "{subject}: {} kills left a part of the download, or all of it, in the cache: {} of {} bytes together. The next \
             runs received {} bytes, heads of answers included.",
            self.resumed,
            self.totals.0,
            self.size * self.resumed as u64,
            self.totals.1
        )
    }
}

/// `show values` of a remote chart, which fetches it into the cache.
pub(in super::super) struct ShowValues<'run> {
    fixture: &'run Fixture,
    place: Place,
    store: Store,
}

impl<'run> ShowValues<'run> {
    pub(super) fn new(fixture: &'run Fixture) -> Result<Self> {
        Ok(Self {
            fixture,
            place: fixture.place("cache")?,
            store: Store::new(&fixture.archive),
        })
    }
}

impl Work for ShowValues<'_> {
    fn title(&self) -> &'static str {
        "`show values` of 3 MB into an empty cache"
    }

    fn prepare(&mut self, _turn: usize) -> Result<()> {
        self.place.reset()?;
        self.store.forget();
        let _before = self.fixture.source.link.take_received();
        Ok(())
    }

    fn command(&self) -> Command {
        let chart = self.fixture.source.slow("charts/large:1.0.0");
        self.place.skeg(&["show", "values", &chart, "--plain-http"])
    }

    fn after_kill(&mut self) -> Result<Vec<Finding>> {
        let findings = self.store.after_kill(&self.place)?;
        let _before = self.fixture.source.link.take_received();
        Ok(findings)
    }

    fn after_run(&mut self, output: &str) -> Result<Vec<Finding>> {
        let received = self.fixture.source.link.take_received();
        let mut findings = self.store.after_run(&self.place, received)?;
        if output.trim() != "of: 1.0.0" {
            findings.push(Finding::Torn(format!("other values: {output}")));
        }
        Ok(findings)
    }

    fn leftovers(&self) -> Result<Vec<PathBuf>> {
        self.place.leftovers(&[])
    }

    fn remark(&self) -> Option<String> {
        Some(self.store.remark("`show values`"))
    }
}
