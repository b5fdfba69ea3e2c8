//! The registries, the lines to them, and the charts that are in them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::failure::Result;
use crate::peers::{self, Peer};
use crate::process::Run as _;
use crate::sample::{Random, write_chart};
use crate::server::{Authentication, Server, Setup};

use super::content::Remote;
use super::link::{Link, Pace};
use super::place::Place;

/// The versions of the chart that is copied, and the bytes of each.
pub(super) const VERSIONS: [&str; 3] = ["1.0.0", "1.1.0", "2.0.0"];
const SMALL: usize = 400_000;

/// The bytes of the chart that is pushed and pulled.
const LARGE: usize = 3_000_000;

/// A line that a chart of some megabytes takes half a second over.
const PACE: Pace = Pace {
    bytes_per_second: 6_000_000,
    delay: Duration::from_millis(15),
};

/// A line for works that ask little.
const QUICK: Pace = Pace {
    bytes_per_second: 6_000_000,
    delay: Duration::from_millis(5),
};

/// A registry and the line to it.
pub(super) struct Registry {
    server: Server,
    pub(super) link: Link,
}

/// Everything the works share.
pub(super) struct Fixture {
    pub(super) program: PathBuf,
    pub(super) directory: PathBuf,
    /// Has the charts.
    pub(super) source: Registry,
    /// Gets charts.
    pub(super) target: Registry,
    /// Asks for a login.
    pub(super) guarded: Registry,
    /// `large-1.0.0.tgz`.
    pub(super) archive: Vec<u8>,
    /// Another archive of that name and version.
    pub(super) other_archive: Vec<u8>,
}

impl Registry {
    fn start(authentication: Authentication, pace: Pace) -> Result<Self> {
        let setup = Setup {
            peer: Peer::Distribution,
            authentication,
            tls: false,
        };
        let server = Server::start(setup, &peers::program(Peer::Distribution)?)?;
        let link = Link::start(server.address(), pace)?;
        Ok(Self { server, link })
    }

    /// A reference that goes over the line.
    pub(super) fn slow(&self, path: &str) -> String {
        format!("oci://{}/{path}", self.link.address())
    }

    /// A reference that does not.
    pub(super) fn direct(&self, path: &str) -> String {
        format!("oci://{}/{path}", self.server.address())
    }

    /// What the judges look at.
    pub(super) fn repository(&self, repository: &str) -> Remote {
        Remote {
            address: self.server.address().to_owned(),
            repository: repository.to_owned(),
        }
    }
}

impl Fixture {
    /// Starts the registries and fills the source by helm; what refers to the charts is attached by `program`.
    pub(super) fn create(directory: &Path, program: &Path) -> Result<Self> {
        let source = Registry::start(Authentication::None, PACE)?;
        let maker = Maker {
            place: Place::create(directory, "fixture", program)?,
            helm: peers::program(Peer::Helm)?,
            random: Random::new(1),
        };
        let (archive, other_archive) = maker.fill(&source)?;
        Ok(Self {
            program: program.to_owned(),
            directory: directory.to_owned(),
            source,
            target: Registry::start(Authentication::None, PACE)?,
            guarded: Registry::start(Authentication::Htpasswd, QUICK)?,
            archive,
            other_archive,
        })
    }

    /// Directories for one work.
    pub(super) fn place(&self, name: &str) -> Result<Place> {
        Place::create(&self.directory, name, &self.program)
    }
}

struct Maker {
    place: Place,
    helm: PathBuf,
    random: Random,
}

impl Maker {
    /// Pushes the charts and gives back the large one, and another one of its version.
    fn fill(mut self, source: &Registry) -> Result<(Vec<u8>, Vec<u8>)> {
        let charts = source.direct("charts");
        let other = self.package("large", "1.0.0", 100_000)?;
        let archive = self.package("large", "1.0.0", LARGE)?;
        self.helm(&["push", "large-1.0.0.tgz", &charts, "--plain-http"])?;
        for version in VERSIONS {
            self.package("small", version, SMALL)?;
            let archive = format!("small-{version}.tgz");
            self.helm(&["push", &archive, &charts, "--plain-http"])?;
            let reference = format!("{charts}/small:{version}");
            for kind in ["report", "sbom"] {
                let path = self.place.destination().join(kind);
                fs_err::write(&path, format!("{kind} of {version}\n"))?;
                let media_type = format!("application/vnd.example.{kind}");
                let attach = ["attach", &reference, kind, "--type", &media_type, "--plain-http"];
                self.place.skeg(&attach).capture()?;
            }
        }
        Ok((archive, other))
    }

    fn helm(&self, arguments: &[&str]) -> Result<()> {
        self.place.command(&self.helm, arguments).capture()?;
        Ok(())
    }

    fn package(&mut self, name: &str, version: &str, size: usize) -> Result<Vec<u8>> {
        let directory = self.place.destination();
        let chart = directory.join(name);
        write_chart(&chart, name, version, &self.random.bytes(size))?;
        self.helm(&["package", name])?;
        Ok(fs_err::read(directory.join(format!("{name}-{version}.tgz")))?)
    }
}
