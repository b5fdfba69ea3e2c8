//! Pull: without the cache, through an empty cache, and unpacked.

use std::path::PathBuf;
use std::process::Command;

use crate::failure::{Failure, Result};

use super::super::content::digest_of;
use super::super::fixture::Fixture;
use super::super::judge::{self, Finding};
use super::super::place::{Files, Place, files_below, read};
use super::super::runner::Work;
use super::cache::Store;

const ARCHIVE: &str = "large-1.0.0.tgz";
const DIRECTORY: &str = "large";

/// Which pull.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Without the cache.
    Archive,
    /// Through the cache, which is empty before.
    Cached,
    /// Without the cache, unpacked.
    Unpacked,
}

/// A pull that is killed. Every other time an older archive is in its place.
pub(in super::super) struct Pull<'run> {
    fixture: &'run Fixture,
    place: Place,
    kind: Kind,
    before: Option<Vec<u8>>,
    /// What the unpacked chart consists of; learned from the first run.
    unpacked: Files,
    store: Store,
}

impl<'run> Pull<'run> {
    pub(super) fn new(fixture: &'run Fixture, kind: Kind) -> Result<Self> {
        Ok(Self {
            fixture,
            place: fixture.place(match kind {
                Kind::Archive => "pull",
                Kind::Cached => "pull-cached",
                Kind::Unpacked => "pull-unpacked",
            })?,
            kind,
            before: None,
            unpacked: Files::new(),
            store: Store::new(&fixture.archive),
        })
    }

    fn directory(&self) -> PathBuf {
        self.place.destination().join(DIRECTORY)
    }

    /// The unpacked chart is there whole, or it is not there.
    fn unpacked(&self) -> Result<Vec<Finding>> {
        if !self.directory().exists() || files_below(&self.directory())? == self.unpacked {
            return Ok(Vec::new());
        }
        Ok(vec![Finding::Torn("the unpacked chart is not whole".to_owned())])
    }

    fn learn(&mut self) -> Result<()> {
        self.unpacked = files_below(&self.directory())?;
        let data = self.unpacked.get(&PathBuf::from("files/data"));
        let made = self
            .fixture
            .directory
            .join("fixture/destination/large/files/data");
        if data != Some(&digest_of(&fs_err::read(made)?)) {
            return Err(Failure::new(
                "the unpacked chart is not the one that was packaged",
            ));
        }
        Ok(())
    }

    fn archive(&self) -> Result<Vec<Finding>> {
        let now = read(&self.place.destination().join(ARCHIVE))?;
        let before = self.before.as_deref();
        Ok(judge::file(
            ARCHIVE,
            now.as_deref(),
            before,
            &self.fixture.archive,
        ))
    }
}

impl Work for Pull<'_> {
    fn title(&self) -> &'static str {
        match self.kind {
            Kind::Archive => "pull of 3 MB without the cache, every other time over an older file",
            Kind::Cached => "pull of 3 MB through an empty cache, every other time over an older file",
            Kind::Unpacked => "pull of 3 MB, unpacked",
        }
    }

    fn prepare(&mut self, turn: usize) -> Result<()> {
        self.place.reset()?;
        let is_older_there = turn % 2 == 1 && self.kind != Kind::Unpacked;
        self.before = is_older_there.then(|| self.fixture.other_archive.clone());
        if let Some(older) = &self.before {
            fs_err::write(self.place.destination().join(ARCHIVE), older)?;
        }
        self.store.forget();
        let _before = self.fixture.source.link.take_received();
        Ok(())
    }

    fn command(&self) -> Command {
        let chart = self.fixture.source.slow("charts/large:1.0.0");
        let mut command = self.place.skeg(&["pull", &chart, "--plain-http"]);
        match self.kind {
            Kind::Archive => command.arg("--no-cache"),
            Kind::Cached => &mut command,
            Kind::Unpacked => command.args(["--no-cache", "--untar"]),
        };
        command
    }

    fn after_kill(&mut self) -> Result<Vec<Finding>> {
        let mut findings = match self.kind {
            Kind::Unpacked => self.unpacked()?,
            _ => self.archive()?,
        };
        if self.kind == Kind::Cached {
            findings.extend(self.store.after_kill(&self.place)?);
        }
        let _before = self.fixture.source.link.take_received();
        Ok(findings)
    }

    fn is_done(&self) -> Result<bool> {
        Ok(self.kind == Kind::Unpacked && self.directory().exists())
    }

    fn after_run(&mut self, _output: &str) -> Result<Vec<Finding>> {
        if self.kind == Kind::Unpacked {
            if self.unpacked.is_empty() {
                self.learn()?;
            }
            return self.unpacked();
        }
        let now = read(&self.place.destination().join(ARCHIVE))?;
        let mut findings = judge::file(ARCHIVE, now.as_deref(), Some(&[]), &self.fixture.archive);
        if self.kind == Kind::Cached {
            let received = self.fixture.source.link.take_received();
            findings.extend(self.store.after_run(&self.place, received)?);
        }
        Ok(findings)
    }

    fn leftovers(&self) -> Result<Vec<PathBuf>> {
        self.place.leftovers(&[ARCHIVE, DIRECTORY])
    }

    fn remark(&self) -> Option<String> {
        (self.kind == Kind::Cached).then(|| self.store.remark("The pull through the cache"))
    }
}
