//! Two registries, a thousand charts and more in the first of them, and commands that are measured.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::failure::{Context, Failure, Result};
use crate::link::{Conditions, Link, Traffic};
use crate::paths;
use crate::peers::{self, Peer};
use crate::process::{self, Run};
use crate::sample::{Random, write_chart};
use crate::server::{Authentication, Server, Setup};

use super::web::Web;

/// The round trip of the links.
pub(super) const LATENCY: Duration = Duration::from_millis(50);

/// How many repositories there are below `charts/`.
pub(super) const REPOSITORIES: usize = 100;

/// How many versions each of them has.
pub(super) const VERSIONS: usize = 10;

/// How many tags the repository `many` has.
pub(super) const TAGS: usize = 10_000;

/// How many bytes of data that do not compress the chart `large` has.
pub(super) const LARGE: usize = 12_000_000;

/// Where everything happens.
pub(super) struct Stage {
    program: PathBuf,
    time: PathBuf,
    directory: tempfile::TempDir,
    pub(super) source: Server,
    pub(super) destination: Server,
    turn: Cell<usize>,
}

/// What a command cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cost {
    pub(super) wall: Duration,
    pub(super) peak_kib: u64,
}

/// A link before each registry.
pub(super) struct Links {
    pub(super) source: Link,
    pub(super) destination: Link,
}

impl Stage {
    /// Starts the registries and fills the first.
    pub(super) fn set(peer: Peer, registry: &Path, program: &Path) -> Result<Self> {
        let setup = Setup {
            peer,
            authentication: Authentication::None,
            tls: false,
        };
        let stage = Self {
            program: program.to_path_buf(),
            time: peers::program(Peer::Time)?,
            directory: paths::scratch("scale")?,
            source: Server::start(setup, registry)?,
            destination: Server::start(setup, registry)?,
            turn: Cell::new(0),
        };
        stage.push_charts()?;
        stage.push_tags()?;
        Ok(stage)
    }

    /// Links with the same conditions before both registries.
    pub(super) fn links(&self, conditions: Conditions) -> Result<Links> {
        Ok(Links {
            source: Link::start(self.source.address(), conditions)?,
            destination: Link::start(self.destination.address(), conditions)?,
        })
    }

    /// A link before the first registry alone.
    pub(super) fn link(&self, conditions: Conditions) -> Result<Link> {
        Link::start(self.source.address(), conditions)
    }

    /// A word that was not used before, for destinations that are empty.
    pub(super) fn fresh(&self) -> String {
        self.turn.set(self.turn.get() + 1);
        format!("run-{}", self.turn.get())
    }

    /// Writes a file for a command to read, and says where it is.
    pub(super) fn write(&self, name: &str, text: &str) -> Result<PathBuf> {
        let path = self.directory.path().join(name);
        fs_err::write(&path, text)?;
        Ok(path)
    }

    /// The directories of the charts in the first registry, named by chart and version.
    pub(super) fn charts(&self) -> PathBuf {
        self.directory.path().join("charts")
    }

    /// The program that is measured.
    pub(super) fn program(&self) -> &Path {
        &self.program
    }

    /// A command of skeg, with an empty home.
    pub(super) fn skeg(&self) -> Result<Command> {
        self.command(&self.program)
    }

    /// A command in a directory of its own, which nothing of the machine's configuration reaches.
    pub(super) fn command(&self, program: &Path) -> Result<Command> {
        Ok(self.command_in(&self.home()?, program))
    }

    /// A directory of its own.
    pub(super) fn home(&self) -> Result<PathBuf> {
        let home = self.directory.path().join(self.fresh());
        fs_err::create_dir_all(&home)?;
        Ok(home)
    }

    /// A command in a directory that others may have left something in.
    pub(super) fn command_in(&self, home: &Path, program: &Path) -> Command {
        let mut command = process::program(&self.time);
        command
            .args(["--quiet", "--format", "%M", "--output", "peak"])
            .arg(program);
        process::isolate(&mut command, home);
        command
    }

    fn push_charts(&self) -> Result<()> {
        let directory = self.charts();
        let mut names = Vec::new();
        for repository in 0..REPOSITORIES {
            for version in 0..VERSIONS {
                let (name, version) = (chart(repository), version_of(version));
                let path = directory.join(format!("{name}-{version}"));
                write_chart(&path, &name, &version, "replicas: 1\n".as_bytes())?;
                names.push(path);
            }
        }
        let large = directory.join("large");
        write_chart(&large, "large", "1.0.0", &Random::new(1).bytes(LARGE))?;
        names.push(large);
        let destination = format!("oci://{}/charts", self.source.address());
        let mut command = process::program(&self.program);
        let command = command
            .arg("push")
            .args(names)
            .args([&destination, "--plain-http"]);
        command.env("HOME", self.directory.path()).capture()?;
        Ok(())
    }

    fn push_tags(&self) -> Result<()> {
        let mut web = Web::connect(self.source.address())?;
        let repository = format!("charts/{}", chart(0));
        let manifest = web.manifest(&repository, &version_of(0))?;
        for number in 0..TAGS {
            let tag = format!("{}.{}.{}", number / 1000, number / 10 % 100, number % 10);
            web.tag(&repository.replace(&chart(0), "many"), &tag, &manifest)
                .or_else(|_| self.mount_and_tag(&mut web, &tag, &manifest))?;
        }
        Ok(())
    }

    /// The first tag needs the blobs, which skeg brings.
    fn mount_and_tag(&self, web: &mut Web, tag: &str, manifest: &[u8]) -> Result<()> {
        let place = format!("oci://{}/charts", self.source.address());
        process::program(&self.program)
            .args(["copy", &format!("{place}/{}:{}", chart(0), version_of(0))])
            .args([&format!("{place}/many:{tag}"), "--plain-http"])
            .env("HOME", self.directory.path())
            .capture()?;
        web.tag("charts/many", tag, manifest)
    }
}

impl Links {
    /// What went through both, each its own.
    pub(super) fn take_traffic(&self) -> [Traffic; 2] {
        [self.source.take_traffic(), self.destination.take_traffic()]
    }
}

/// Runs a command of [`Stage::command`] to its end.
pub(super) fn measure(command: &mut Command) -> Result<Cost> {
    let directory = command
        .get_current_dir()
        .map(Path::to_path_buf)
        .expect("because a stage sets it");
    let started = Instant::now();
    let output = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .output()?;
    let wall = started.elapsed();
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let message = format!("`{}`: {}", process::describe(command), said.trim_end());
        return Err(Failure::new(message));
    }
    let peak = fs_err::read_to_string(directory.join("peak"))?;
    let peak_kib = peak.trim().parse().context(format!("peak memory: {peak}"))?;
    Ok(Cost { wall, peak_kib })
}

/// The name of a chart.
pub(super) fn chart(number: usize) -> String {
    format!("chart-{number:03}")
}

/// The version with this number.
pub(super) fn version_of(number: usize) -> String {
    format!("1.{number}.0")
}
