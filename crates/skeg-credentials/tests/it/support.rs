//! A directory with configuration files and helper programs.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use skeg_credentials::{
    ConfigSource, Credential, CredentialChain, CredentialKey, CredentialStore as _, HelperPrograms,
    LoginStore, Lookup, Warning,
};
use tempfile::TempDir;

/// Long enough for a loaded machine; a helper that answers is never waited for that long.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct Sandbox {
    directory: TempDir,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        let sandbox = Self {
            directory: TempDir::new().unwrap(),
        };
        fs_err::create_dir_all(sandbox.path("bin")).unwrap();
        sandbox
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.path(name);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(&path, content).unwrap();
        path
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs_err::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn helpers(&self) -> Arc<HelperPrograms> {
        self.helpers_within(PATIENCE)
    }

    pub(crate) fn helpers_within(&self, limit: Duration) -> Arc<HelperPrograms> {
        Arc::new(HelperPrograms::new(self.path("bin")).with_limit(limit))
    }

    /// Helm's, Docker's and Podman's file, in this order.
    pub(crate) fn chain(&self) -> CredentialChain {
        self.chain_with(self.helpers())
    }

    pub(crate) fn chain_with(&self, helpers: Arc<HelperPrograms>) -> CredentialChain {
        CredentialChain::new(helpers)
            .with_config(ConfigSource::docker(self.path("helm.json")))
            .with_config(ConfigSource::docker(self.path("docker.json")))
            .with_config(ConfigSource::podman(self.path("podman.json")))
    }

    pub(crate) fn store(&self) -> LoginStore {
        LoginStore::new(self.path("helm.json"), self.chain())
    }

    pub(crate) fn lookup(&self, target: &str) -> Lookup {
        self.chain().lookup(&key(target))
    }

    /// Checks which credential is found, where, and that nothing went wrong on the way.
    #[track_caller]
    pub(crate) fn check(&self, target: &str, expected: &Credential, source: &str) {
        let warnings = self.check_found(target, expected, source);
        assert_eq!(warnings, [""; 0]);
    }

    /// Checks which credential is found and where; returns the warnings.
    #[track_caller]
    pub(crate) fn check_found(&self, target: &str, expected: &Credential, source: &str) -> Vec<String> {
        let lookup = self.lookup(target);
        assert_eq!(lookup.credential, *expected, "{:?}", lookup.warnings);
        let found = lookup.source.map(|source| self.relative(&source.to_string()));
        assert_eq!(found.unwrap_or_default(), source);
        self.texts(&lookup.warnings)
    }

    pub(crate) fn texts(&self, warnings: &[Warning]) -> Vec<String> {
        warnings.iter().map(|warning| self.text(warning)).collect()
    }

    /// An error with its causes on one line, paths relative to the sandbox.
    pub(crate) fn text(&self, error: &dyn Error) -> String {
        let mut texts = vec![error.to_string()];
        let mut cause = error.source();
        while let Some(error) = cause {
            texts.push(error.to_string());
            cause = error.source();
        }
        self.relative(&texts.join(": "))
    }

    fn relative(&self, text: &str) -> String {
        text.replace(&format!("{}/", self.directory.path().display()), "")
    }

    /// Puts a program of that name on the search path; `$log` names a file for its own use.
    ///
    /// Another process writes it: a file that this one has open for writing could not be started while a helper of
    /// another test is.
    #[cfg(unix)]
    #[expect(clippy::disallowed_methods, reason = "no part of the library under test")]
    pub(crate) fn program(&self, name: &str, script: &str) {
        use std::io::Write as _;
        use std::process::{Command, Stdio};

        let mut command = Command::new("sh");
        command.args([
            "-c",
            r#"cat >"$1.new" && chmod +x "$1.new" && mv "$1.new" "$1""#,
            "sh",
        ]);
        command.arg(self.path("bin").join(name)).stdin(Stdio::piped());
        let mut shell = command.spawn().unwrap();
        let log = self.path("log");
        write!(
            shell.stdin.take().unwrap(),
            "#!/bin/sh\nlog='{}'\n{script}",
            log.display()
        )
        .unwrap();
        assert!(shell.wait().unwrap().success());
    }

    /// What the helpers noted in `$log`.
    #[cfg(unix)]
    pub(crate) fn log(&self) -> String {
        fs_err::read_to_string(self.path("log")).unwrap_or_default()
    }
}

pub(crate) fn key(text: &str) -> CredentialKey {
    CredentialKey::parse(text).unwrap()
}

pub(crate) fn names_in(directory: &Path) -> Vec<String> {
    let entries = fs_err::read_dir(directory).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
