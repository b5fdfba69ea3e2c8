//! Login and logout: one entry of a file that has others, and things that only other programs know.

use std::path::PathBuf;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::failure::{Context as _, Result};
use crate::server::{PASSWORD, USER};

use super::super::fixture::Fixture;
use super::super::judge::{self, Finding};
use super::super::place::{Place, read};
use super::super::runner::Work;

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Login,
    Logout,
}

/// A login or a logout that is killed.
pub(in super::super) struct Login<'run> {
    fixture: &'run Fixture,
    place: Place,
    kind: Kind,
    before: Value,
}

impl<'run> Login<'run> {
    pub(super) fn new(fixture: &'run Fixture, kind: Kind) -> Result<Self> {
        let name = if kind == Kind::Login { "login" } else { "logout" };
        Ok(Self {
            fixture,
            place: fixture.place(name)?,
            kind,
            before: Value::Null,
        })
    }

    fn host(&self) -> String {
        self.fixture.guarded.link.address()
    }

    fn judge(&self, allowed: &[Option<&str>]) -> Result<Vec<Finding>> {
        let now = read(&self.place.logins())?;
        let now = now.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Ok(judge::logins(&self.before, now.as_deref(), &self.host(), allowed))
    }

    /// What the entry says before: nothing, or another login.
    fn old(&self) -> Option<&str> {
        self.before["auths"][&self.host()]["auth"].as_str()
    }
}

fn auth(password: &str) -> String {
    STANDARD.encode(format!("{USER}:{password}"))
}

impl Work for Login<'_> {
    fn title(&self) -> &'static str {
        match self.kind {
            Kind::Login => "login, every other time over an older one",
            Kind::Logout => "logout",
        }
    }

    fn prepare(&mut self, turn: usize) -> Result<()> {
        self.place.reset()?;
        self.before = json!({
            "HttpHeaders": {"X-Example": "kept"},
            "auths": {"first.example": {"auth": "b25lOnR3bw=="}, "second.example/path": {"identitytoken": "a token"}},
            "credHelpers": {"third.example": "none-such"},
            "unknown": {"to": ["everybody", 1, null]},
        });
        if turn % 2 == 1 || self.kind == Kind::Logout {
            let host = self.host();
            self.before["auths"][&host] = json!({"auth": auth("an older one")});
        }
        let path = self.place.logins();
        fs_err::create_dir_all(path.parent().context("the file of logins is in no directory")?)?;
        fs_err::write(&path, format!("{:#}\n", self.before))?;
        Ok(())
    }

    fn command(&self) -> Command {
        let host = self.host();
        match self.kind {
            Kind::Login => {
                let mut command = self.place.skeg(&["registry", "login", &host, "--plain-http"]);
                command.args(["--username", USER, "--password-stdin"]);
                command
            }
            Kind::Logout => self.place.skeg(&["registry", "logout", &host]),
        }
    }

    fn input(&self) -> &'static str {
        PASSWORD
    }

    fn after_kill(&mut self) -> Result<Vec<Finding>> {
        let new = auth(PASSWORD);
        let new = (self.kind == Kind::Login).then_some(&*new);
        self.judge(&[self.old(), new])
    }

    fn after_run(&mut self, _output: &str) -> Result<Vec<Finding>> {
        let new = auth(PASSWORD);
        self.judge(&[(self.kind == Kind::Login).then_some(&*new)])
    }

    fn leftovers(&self) -> Result<Vec<PathBuf>> {
        self.place.leftovers(&[])
    }
}
