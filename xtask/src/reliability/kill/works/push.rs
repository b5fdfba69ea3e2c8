//! Push: into a new repository, and every other time over a tag that names another chart.

use std::path::PathBuf;
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::process::Run as _;

use super::super::content::{Content as _, Remote, Tags, digest_of};
use super::super::fixture::Fixture;
use super::super::judge::{self, Finding};
use super::super::place::Place;
use super::super::runner::Work;

const ARCHIVE: &str = "large-1.0.0.tgz";

/// A push that is killed.
pub(in super::super) struct Push<'run> {
    fixture: &'run Fixture,
    place: Place,
    path: String,
    before: Tags,
    /// What the tag is to name; learned from the first run.
    new: Option<Tags>,
    /// Another repository, which nothing may happen to.
    bystander: Tags,
}

impl<'run> Push<'run> {
    pub(super) fn new(fixture: &'run Fixture) -> Result<Self> {
        let mut push = Self {
            fixture,
            place: fixture.place("push")?,
            path: String::new(),
            before: Tags::new(),
            new: None,
            bystander: Tags::new(),
        };
        push.store(&fixture.archive, "bystander")?;
        push.bystander = push.repository("bystander").tags()?;
        Ok(push)
    }

    fn repository(&self, path: &str) -> Remote {
        self.fixture.target.repository(&format!("{path}/large"))
    }

    /// Pushes an archive, undisturbed.
    fn store(&self, archive: &[u8], path: &str) -> Result<()> {
        fs_err::write(self.place.destination().join(ARCHIVE), archive)?;
        let to = self.fixture.target.direct(path);
        self.place
            .skeg(&["push", ARCHIVE, &to, "--plain-http"])
            .capture()?;
        Ok(())
    }

    /// What the tag names after the first run, whose layer is to be the archive.
    fn learn(&self) -> Result<Tags> {
        let repository = self.repository(&self.path);
        let tags = repository.tags()?;
        for digest in tags.values().flatten() {
            let manifest = repository.manifest(digest)?.unwrap_or_default();
            let manifest = serde_json::from_slice::<serde_json::Value>(&manifest)?;
            let layer = manifest["layers"][0]["digest"].as_str();
            if layer != Some(&*digest_of(&self.fixture.archive)) {
                return Err(Failure::new("the pushed chart is not the archive"));
            }
        }
        Ok(tags)
    }

    fn bystander(&self) -> Result<Vec<Finding>> {
        judge::complete(&self.repository("bystander"), &self.bystander, &self.bystander)
    }
}

impl Work for Push<'_> {
    fn title(&self) -> &'static str {
        "push of a 3 MB chart, every other time over an older one"
    }

    fn prepare(&mut self, turn: usize) -> Result<()> {
        self.place.reset()?;
        self.path = format!("push-{turn}");
        if turn % 2 == 1 {
            self.store(&self.fixture.other_archive, &self.path)?;
        }
        fs_err::write(self.place.destination().join(ARCHIVE), &self.fixture.archive)?;
        self.before = self.repository(&self.path).tags()?;
        Ok(())
    }

    fn command(&self) -> Command {
        let to = self.fixture.target.slow(&self.path);
        self.place.skeg(&["push", ARCHIVE, &to, "--plain-http"])
    }

    fn after_kill(&mut self) -> Result<Vec<Finding>> {
        let new = self.new.clone().unwrap_or_default();
        let mut findings = judge::repository(&self.repository(&self.path), &self.before, &new)?;
        findings.extend(self.bystander()?);
        Ok(findings)
    }

    fn after_run(&mut self, _output: &str) -> Result<Vec<Finding>> {
        let new = match &self.new {
            Some(new) => new.clone(),
            None => self.learn()?,
        };
        let mut findings = judge::complete(&self.repository(&self.path), &self.before, &new)?;
        findings.extend(self.bystander()?);
        self.new = Some(new);
        Ok(findings)
    }

    fn leftovers(&self) -> Result<Vec<PathBuf>> {
        self.place.leftovers(&[ARCHIVE])
    }
}
