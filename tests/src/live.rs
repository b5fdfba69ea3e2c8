//! The registry a live run was given: described by variables, which `cargo xtask integration`
//! sets.

use std::path::PathBuf;

use crate::environment::variable;
use crate::outcome::Outcome;
use crate::program::Program;
use crate::sandbox::Sandbox;

/// How the registry asks who is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authentication {
    /// Not at all.
    None,
    /// Basic authentication.
    Htpasswd,
    /// Bearer tokens.
    Token,
}

/// A registry that is running on loopback.
#[derive(Debug, Clone)]
pub struct LiveRegistry {
    kind: String,
    host: String,
    authentication: Authentication,
    user: String,
    password: String,
    certificate_authority: Option<PathBuf>,
}

impl LiveRegistry {
    /// The registry of this run.
    ///
    /// # Panics
    ///
    /// When the variables are missing: the scenarios are started by `cargo xtask integration`.
    pub fn of_this_run() -> Self {
        Self {
            kind: required("SKEG_LIVE_REGISTRY"),
            host: required("SKEG_LIVE_HOST"),
            authentication: match required("SKEG_LIVE_AUTH").as_str() {
                "none" => Authentication::None,
                "htpasswd" => Authentication::Htpasswd,
                "token" => Authentication::Token,
                other => panic!("unknown authentication `{other}`"),
            },
            user: variable("SKEG_LIVE_USER").unwrap_or_default(),
            password: variable("SKEG_LIVE_PASSWORD").unwrap_or_default(),
            certificate_authority: variable("SKEG_LIVE_CA").map(PathBuf::from),
        }
    }

    /// Which registry it is: `distribution`, `debian` or `zot`.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// `127.0.0.1:PORT`.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// How it asks who is there.
    pub fn authentication(&self) -> Authentication {
        self.authentication
    }

    /// Whether it knows accounts at all.
    pub fn is_protected(&self) -> bool {
        self.authentication != Authentication::None
    }

    /// The name of the account it knows.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The password of the account it knows.
    pub fn password(&self) -> &str {
        &self.password
    }

    /// The certificate to trust, when it speaks TLS.
    pub fn certificate_authority(&self) -> Option<&PathBuf> {
        self.certificate_authority.as_ref()
    }

    /// The flags by which helm and skeg reach it.
    pub fn flags(&self) -> Vec<String> {
        match &self.certificate_authority {
            Some(authority) => vec!["--ca-file".to_owned(), authority.display().to_string()],
            None => vec!["--plain-http".to_owned()],
        }
    }

    /// Logs a program in, with the right password; nothing when nobody has to.
    #[track_caller]
    pub fn log_in(&self, sandbox: &Sandbox, program: &Program) {
        if self.is_protected() {
            let _output = self.try_log_in(sandbox, program, &self.password).success();
        }
    }

    /// Logs a program in with any password.
    pub fn try_log_in(&self, sandbox: &Sandbox, program: &Program, password: &str) -> Outcome {
        let mut arguments = vec!["registry".to_owned(), "login".to_owned(), self.host.clone()];
        arguments.extend(["--username".to_owned(), self.user.clone()]);
        arguments.push("--password-stdin".to_owned());
        arguments.extend(self.flags());
        sandbox.run_with_input(program, arguments, password.as_bytes())
    }
}

fn required(name: &str) -> String {
    variable(name).unwrap_or_else(|| panic!("{name} is not set; run `cargo xtask integration` instead"))
}
