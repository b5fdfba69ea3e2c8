//! An isolated place to run a program in: directories and environment of its own.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fs_err as fs;
use tempfile::TempDir;

use crate::command::TestCommand;
use crate::filters::Filters;
use crate::output::CommandOutput;
use crate::registry::FakeRegistry;

/// A temporary root with a home, a working directory and an environment.
///
/// It is removed when the context and its last command are dropped.
///
/// ```text
/// ROOT/home    HOME, with .config, .cache, .local/share, .docker and .kube below it
/// ROOT/work    the working directory
/// ROOT/bin     first in PATH, for helper programs
/// ROOT/run     XDG_RUNTIME_DIR
/// ROOT/tmp     TMPDIR
/// ```
///
/// Commands see none of the test's environment. They see the directories above and `COLUMNS=100`,
/// `LC_ALL=C`, `TZ=UTC`, `NO_COLOR=1`; no `HELM_*`, no proxy and no `SOURCE_DATE_EPOCH` unless
/// the test sets them.
#[derive(Debug)]
pub struct TestContext {
    binary: PathBuf,
    root: PathBuf,
    environment: BTreeMap<OsString, OsString>,
    filters: Filters,
    directory: Arc<TempDir>,
}

impl TestContext {
    /// Makes a context for the program at `binary`, such as `env!("CARGO_BIN_EXE_skeg")`.
    ///
    /// # Panics
    ///
    /// Panics where the temporary directories cannot be made.
    #[must_use]
    pub fn new(binary: impl Into<PathBuf>) -> Self {
        let directory = TempDir::with_prefix("skeg-test-")
            .expect("because a test environment has a writable temporary directory");
        let root = fs::canonicalize(directory.path()).expect("because the directory was just made");
        for name in ["home", "work", "bin", "run", "tmp"] {
            fs::create_dir(root.join(name)).expect("because the root is new and writable");
        }
        let filters = Filters::standard().literal(&root.to_string_lossy(), "[TMP]");
        Self {
            binary: binary.into(),
            environment: environment(&root),
            root,
            filters,
            directory: Arc::new(directory),
        }
    }

    /// Sets a variable of all later commands.
    #[must_use]
    pub fn with_env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.environment.insert(name.into(), value.as_ref().to_owned());
        self
    }

    /// Sets `SOURCE_DATE_EPOCH`, in seconds since 1970.
    #[must_use]
    pub fn with_source_date_epoch(self, seconds: i64) -> Self {
        self.with_env("SOURCE_DATE_EPOCH", seconds.to_string())
    }

    /// Replaces the registry's host by `[REGISTRY]` in snapshots.
    #[must_use]
    pub fn with_registry(self, registry: &FakeRegistry) -> Self {
        self.with_literal(registry.host(), "[REGISTRY]")
    }

    /// Replaces a literal text in snapshots.
    #[must_use]
    pub fn with_literal(mut self, text: &str, replacement: &str) -> Self {
        self.filters = self.filters.literal(text, replacement);
        self
    }

    /// Replaces the matches of a regular expression in snapshots.
    #[must_use]
    pub fn with_filter(mut self, regex: &str, replacement: &str) -> Self {
        self.filters = self.filters.pattern(regex, replacement);
        self
    }

    /// The temporary root.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The home directory.
    #[must_use]
    pub fn home(&self) -> PathBuf {
        self.root.join("home")
    }

    /// The directory that is first in `PATH`.
    #[must_use]
    pub fn bin(&self) -> PathBuf {
        self.root.join("bin")
    }

    /// The working directory.
    #[must_use]
    pub fn work(&self) -> PathBuf {
        self.root.join("work")
    }

    /// A path in the working directory.
    #[must_use]
    pub fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.work().join(relative)
    }

    /// Writes a file in the working directory, with its parents, and returns its path.
    ///
    /// # Panics
    ///
    /// Panics where it cannot be written.
    pub fn write(&self, relative: impl AsRef<Path>, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(relative);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).expect("because the working directory is writable");
        }
        fs::write(&path, content).expect("because the working directory is writable");
        path
    }

    /// Reads a file of the working directory.
    ///
    /// # Panics
    ///
    /// Panics where it cannot be read.
    #[must_use]
    pub fn read(&self, relative: impl AsRef<Path>) -> Vec<u8> {
        fs::read(self.path(relative)).expect("because the test expects the file")
    }

    /// The paths of all files and empty directories below the working directory, sorted, with `/`.
    ///
    /// # Panics
    ///
    /// Panics where a directory cannot be read.
    #[must_use]
    pub fn files(&self) -> Vec<String> {
        let mut found = Vec::new();
        collect_files(&self.work(), "", &mut found);
        found.sort();
        found
    }

    /// Writes `.docker/config.json` in the home directory.
    ///
    /// # Panics
    ///
    /// Panics where it cannot be written.
    pub fn write_docker_config(&self, json: &str) -> PathBuf {
        self.write(self.home().join(".docker/config.json"), json)
    }

    /// Prepares the program with these arguments.
    pub fn command<A>(&self, arguments: impl IntoIterator<Item = A>) -> TestCommand
    where
        A: AsRef<OsStr>,
    {
        let command = TestCommand::new(&self.binary, self.work())
            .envs(&self.environment)
            .filters(self.filters.clone())
            .keeping(Arc::clone(&self.directory));
        arguments.into_iter().fold(command, TestCommand::arg)
    }

    /// Runs the program with these arguments.
    #[must_use = "compare the output or assert its status with `.success()` or `.failure()`"]
    #[track_caller]
    pub fn run<A>(&self, arguments: impl IntoIterator<Item = A>) -> CommandOutput
    where
        A: AsRef<OsStr>,
    {
        self.command(arguments).run()
    }
}

fn environment(root: &Path) -> BTreeMap<OsString, OsString> {
    let home = root.join("home");
    let mut variables: BTreeMap<OsString, OsString> = BTreeMap::new();
    let paths = [
        ("HOME", home.clone()),
        ("XDG_CONFIG_HOME", home.join(".config")),
        ("XDG_CACHE_HOME", home.join(".cache")),
        ("XDG_DATA_HOME", home.join(".local/share")),
        ("XDG_STATE_HOME", home.join(".local/state")),
        ("XDG_RUNTIME_DIR", root.join("run")),
        ("DOCKER_CONFIG", home.join(".docker")),
        ("KUBECONFIG", home.join(".kube/config")),
        ("TMPDIR", root.join("tmp")),
    ];
    for (name, path) in paths {
        variables.insert(name.into(), path.into());
    }
    let texts = [
        ("COLUMNS", "100"),
        ("LC_ALL", "C"),
        ("TZ", "UTC"),
        ("NO_COLOR", "1"),
    ];
    for (name, text) in texts {
        variables.insert(name.into(), text.into());
    }
    variables.insert("PATH".into(), search_path(root));
    variables.extend(platform_environment(root));
    variables
}

#[cfg(not(windows))]
fn search_path(root: &Path) -> OsString {
    let mut path = root.join("bin").into_os_string();
    path.push(":/usr/bin:/bin");
    path
}

#[cfg(not(windows))]
fn platform_environment(_root: &Path) -> BTreeMap<OsString, OsString> {
    BTreeMap::new()
}

#[cfg(windows)]
fn search_path(root: &Path) -> OsString {
    let mut path = root.join("bin").into_os_string();
    path.push(";C:\\Windows\\System32");
    path
}

#[cfg(windows)]
fn platform_environment(root: &Path) -> BTreeMap<OsString, OsString> {
    let home = root.join("home");
    [
        ("USERPROFILE", home.clone()),
        ("APPDATA", home.join("AppData/Roaming")),
        ("LOCALAPPDATA", home.join("AppData/Local")),
        ("TEMP", root.join("tmp")),
        ("TMP", root.join("tmp")),
        ("SystemRoot", PathBuf::from("C:\\Windows")),
    ]
    .into_iter()
    .map(|(name, path)| (name.into(), path.into()))
    .collect()
}

fn collect_files(directory: &Path, prefix: &str, found: &mut Vec<String>) {
    let entries = fs::read_dir(directory).expect("because the directory exists");
    let mut is_empty = true;
    for entry in entries {
        let entry = entry.expect("because the directory can be read");
        is_empty = false;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().expect("because the entry exists");
        if kind.is_dir() {
            collect_files(&entry.path(), &format!("{name}/"), found);
        } else {
            found.push(name);
        }
    }
    if is_empty && !prefix.is_empty() {
        found.push(prefix.to_owned());
    }
}
