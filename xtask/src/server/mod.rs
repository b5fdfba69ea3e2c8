//! Real registries on loopback: started for one run of the tests, gone after it.
//!
//! A registry is started through a guard process (`cargo xtask guard`) that ends it when the
//! task ends, however the task ends.

mod certificate;
mod config;
mod files;
mod guard;
mod guarded;
mod token;

use std::net::TcpListener;
use std::net::TcpStream;
use std::path::Path;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use crate::failure::Failure;
use crate::failure::Result;
use crate::paths;
use crate::peers::Peer;

pub(crate) use certificate::Authority;
pub(crate) use files::FileServer;
pub(crate) use guard::run as run_guard;
pub(crate) use guarded::Guarded;

use token::TokenServer;

/// The account every protected registry knows.
pub(crate) const USER: &str = "harbourmaster";

/// Its password. It opens loopback registries of a test run and nothing else.
pub(crate) const PASSWORD: &str = "loopback-only";

/// How a registry asks who is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Authentication {
    /// Not at all.
    None,
    /// Basic authentication against an htpasswd file.
    Htpasswd,
    /// Bearer tokens from a token server.
    Token,
}

impl Authentication {
    /// All ways, the simplest first.
    pub(crate) const ALL: [Self; 3] = [Self::None, Self::Htpasswd, Self::Token];

    /// The word in messages and in the tests' environment.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Htpasswd => "htpasswd",
            Self::Token => "token",
        }
    }
}

/// What kind of registry to start.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setup {
    /// Which program.
    pub(crate) peer: Peer,
    /// How it asks who is there.
    pub(crate) authentication: Authentication,
    /// Whether it speaks TLS.
    pub(crate) tls: bool,
}

impl Setup {
    /// One registry, as a person would name it.
    pub(crate) fn describe(self) -> String {
        format!(
            "{}, authentication {}, {}",
            self.peer.name(),
            self.authentication.name(),
            if self.tls { "TLS" } else { "plain HTTP" }
        )
    }
}

/// A registry that runs until this is dropped.
pub(crate) struct Server {
    setup: Setup,
    address: String,
    guarded: Guarded,
    directory: tempfile::TempDir,
}

impl Server {
    /// Starts a registry on a free loopback port and waits until it answers.
    pub(crate) fn start(setup: Setup, program: &Path) -> Result<Self> {
        Self::start_with(setup, program, config::Storage::Directory)
    }

    /// Starts a registry that keeps its content in memory, so that no disk is measured with it.
    pub(crate) fn start_in_memory(peer: Peer, program: &Path) -> Result<Self> {
        let setup = Setup {
            peer,
            authentication: Authentication::None,
            tls: false,
        };
        Self::start_with(setup, program, config::Storage::Memory)
    }

    fn start_with(setup: Setup, program: &Path, storage: config::Storage) -> Result<Self> {
        let directory = paths::scratch(setup.peer.name())?;
        let authority = setup
            .tls
            .then(|| Authority::create(directory.path()))
            .transpose()?;
        let token_server = (setup.authentication == Authentication::Token)
            .then(|| TokenServer::start(directory.path(), authority.as_ref()))
            .transpose()?;
        let address = free_address()?;
        let config = config::Config {
            setup,
            storage,
            directory: directory.path(),
            address: &address,
            authority: authority.as_ref(),
            token_server: token_server.as_ref(),
        };
        let arguments = config.write()?;
        let guarded = Guarded::spawn(program, &arguments, directory.path())?;
        let mut server = Self {
            setup,
            address,
            guarded,
            directory,
        };
        server.wait_until_ready()?;
        Ok(server)
    }

    /// `127.0.0.1:PORT`.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// The certificate a client has to trust, when the registry speaks TLS.
    pub(crate) fn certificate_authority(&self) -> Option<PathBuf> {
        self.setup.tls.then(|| Authority::path(self.directory.path()))
    }

    /// The last lines the registry printed.
    pub(crate) fn log_tail(&self) -> String {
        self.guarded.log_tail()
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect(&self.address).is_err() {
            let ended = self.guarded.has_ended()?;
            if ended || Instant::now() > deadline {
                let state = if ended { "ended" } else { "does not answer" };
                return Err(Failure::new(format!(
                    "the registry ({}) {state}:\n{}",
                    self.setup.describe(),
                    self.log_tail()
                )));
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

/// A loopback address nobody listens on. Someone else could take it before the registry does;
/// then the registry says so and the task fails with its words.
pub(crate) fn free_address() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    Ok(listener.local_addr()?.to_string())
}
