//! Copy of a range of versions with their referrers, to another registry and to a layout.

use std::path::PathBuf;
use std::process::Command;

use crate::failure::Result;
use crate::process::Run as _;

use super::super::content::{Content, Layout, Remote, Tags, UNTAGGED, is_list};
use super::super::fixture::{Fixture, VERSIONS};
use super::super::judge::{self, Finding};
use super::super::place::{Place, strangers};
use super::super::runner::Work;

const OPTIONS: [&str; 4] = ["--version", ">=1", "--referrers", "--plain-http"];

/// What both copies share: the source, which nothing may happen to.
struct Source<'run> {
    fixture: &'run Fixture,
    repository: Remote,
    tags: Tags,
}

impl<'run> Source<'run> {
    fn new(fixture: &'run Fixture) -> Result<Self> {
        let repository = fixture.source.repository("charts/small");
        let tags = repository.tags()?;
        Ok(Self {
            fixture,
            repository,
            tags,
        })
    }

    fn untouched(&self) -> Result<Vec<Finding>> {
        judge::complete(&self.repository, &self.tags, &self.tags)
    }

    /// Copies the first version, undisturbed, so that something is there before.
    fn copy_first(&self, place: &Place, to: &str) -> Result<()> {
        let from = self
            .fixture
            .source
            .direct(&format!("charts/small:{}", VERSIONS[0]));
        place.skeg(&["copy", &from, to, "--plain-http"]).capture()?;
        Ok(())
    }

    fn command(&self, place: &Place, to: &str) -> Command {
        let from = self.fixture.source.slow("charts/small");
        let mut command = place.skeg(&["copy", &from, to]);
        command.args(OPTIONS);
        command
    }
}

/// A copy between registries. Every other time a version is there before.
pub(in super::super) struct ToRegistry<'run> {
    source: Source<'run>,
    place: Place,
    path: String,
    before: Tags,
}

impl<'run> ToRegistry<'run> {
    pub(super) fn new(fixture: &'run Fixture) -> Result<Self> {
        Ok(Self {
            source: Source::new(fixture)?,
            place: fixture.place("copy")?,
            path: String::new(),
            before: Tags::new(),
        })
    }

    fn repository(&self) -> Remote {
        self.source.fixture.target.repository(&self.path)
    }
}

impl Work for ToRegistry<'_> {
    fn title(&self) -> &'static str {
        "copy of three versions with referrers to another registry"
    }

    fn prepare(&mut self, turn: usize) -> Result<()> {
        self.place.reset()?;
        self.path = format!("copy-{turn}/small");
        if turn % 2 == 1 {
            let to = self.source.fixture.target.direct(&self.path);
            self.source.copy_first(&self.place, &to)?;
        }
        self.before = self.repository().tags()?;
        Ok(())
    }

    fn command(&self) -> Command {
        let to = self.source.fixture.target.slow(&self.path);
        self.source.command(&self.place, &to)
    }

    fn after_kill(&mut self) -> Result<Vec<Finding>> {
        let mut findings = judge::repository(&self.repository(), &self.before, &self.source.tags)?;
        findings.extend(self.source.untouched()?);
        Ok(findings)
    }

    fn after_run(&mut self, _output: &str) -> Result<Vec<Finding>> {
        let mut findings = judge::complete(&self.repository(), &self.before, &self.source.tags)?;
        findings.extend(self.source.untouched()?);
        Ok(findings)
    }

    fn leftovers(&self) -> Result<Vec<PathBuf>> {
        self.place.leftovers(&[])
    }
}

/// A copy into a layout. Every other time a version is there before.
pub(in super::super) struct ToLayout<'run> {
    source: Source<'run>,
    place: Place,
    before: Tags,
    /// What is to be there; learned from the first run.
    new: Option<Tags>,
}

impl<'run> ToLayout<'run> {
    pub(super) fn new(fixture: &'run Fixture) -> Result<Self> {
        Ok(Self {
            source: Source::new(fixture)?,
            place: fixture.place("layout")?,
            before: Tags::new(),
            new: None,
        })
    }

    fn directory(&self) -> PathBuf {
        self.place.destination().join("mirror/small")
    }

    fn layout(&self) -> Layout {
        Layout(self.directory())
    }

    /// The marker is right where there is one, and every blob has its digest, whether something names it or not.
    fn files(&self) -> Result<Vec<Finding>> {
        let mut findings = Vec::new();
        let marker = self.directory().join("oci-layout");
        if marker.exists() {
            let marker = serde_json::from_slice::<serde_json::Value>(&fs_err::read(&marker)?);
            if !marker.is_ok_and(|marker| marker["imageLayoutVersion"] == "1.0.0") {
                findings.push(Finding::Torn("oci-layout".to_owned()));
            }
            if !self.directory().join("index.json").exists() {
                findings.push(Finding::Lost("a layout without index.json".to_owned()));
            }
        }
        for path in strangers(&self.directory().join("blobs/sha256"), &[])? {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            findings.extend(judge::blob_file(&name, &fs_err::read(&path)?));
        }
        Ok(findings)
    }

    /// What the layout has after the first run: the versions of the source and all of its referrers.
    fn learn(&self) -> Result<Tags> {
        let tags = self.layout().tags()?;
        let named = |tags: &Tags, lists: bool| -> std::collections::BTreeSet<String> {
            let chosen = tags.iter().filter(|(tag, _)| is_list(tag) == lists);
            chosen.flat_map(|(_, digests)| digests.clone()).collect()
        };
        let is_same = named(&tags, false) == named(&self.source.tags, false);
        let referrers = named(&self.source.tags, true);
        if is_same && referrers.is_subset(&named(&tags, true)) && !referrers.is_empty() {
            return Ok(tags);
        }
        let message = format!("the layout has {tags:?}, the source {:?}", self.source.tags);
        Err(crate::failure::Failure::new(message))
    }
}

impl Work for ToLayout<'_> {
    fn title(&self) -> &'static str {
        "copy of three versions with referrers to a layout"
    }

    fn prepare(&mut self, turn: usize) -> Result<()> {
        self.place.reset()?;
        if turn % 2 == 1 {
            self.source.copy_first(&self.place, "oci-layout://mirror/small")?;
        }
        self.before = self.layout().tags()?;
        Ok(())
    }

    fn command(&self) -> Command {
        self.source.command(&self.place, "oci-layout://mirror/small")
    }

    fn after_kill(&mut self) -> Result<Vec<Finding>> {
        let new = self.new.clone().unwrap_or_default();
        let mut findings = judge::repository(&self.layout(), &self.before, &new)?;
        findings.extend(self.files()?);
        findings.extend(self.source.untouched()?);
        Ok(findings)
    }

    fn after_run(&mut self, _output: &str) -> Result<Vec<Finding>> {
        let new = match &self.new {
            Some(new) => new.clone(),
            None => self.learn()?,
        };
        let mut findings = judge::complete(&self.layout(), &self.before, &new)?;
        findings.extend(self.files()?);
        findings.extend(self.source.untouched()?);
        self.new = Some(new);
        Ok(findings)
    }

    fn leftovers(&self) -> Result<Vec<PathBuf>> {
        let mut left = self.place.leftovers(&["mirror"])?;
        let expected = ["blobs", "index.json", "oci-layout", ".index.lock"];
        left.extend(strangers(&self.directory(), &expected)?);
        Ok(left)
    }

    fn remark(&self) -> Option<String> {
        let lists = self.new.as_ref()?.get(UNTAGGED)?.len();
        Some(format!(
            "A copy moves the tag of a version when that version is whole and then copies what refers to it ({lists} \
             referrers here); a copy that was killed in between completes the list of referrers when it runs again."
        ))
    }
}
