//! A chart's directory, as far as dependencies go: what is in `charts/` is not read.

use std::io;
use std::path::{Path, PathBuf};

use skeg_chart::{Dependency, InvalidMetadataError, LoadMetadataError, Metadata};
use skeg_files::{Readers, ScratchDirectory};
use skeg_resolve::{LockFile, ParseLockError};

use super::classic::ClassicRepositories;
use crate::context::Context;
use crate::error::{CommandError, system_words};
use crate::paths::clean;

/// A chart's directory.
#[derive(Debug)]
pub(crate) struct ChartDirectory {
    /// The path as Helm prints it.
    pub(crate) path: PathBuf,
    pub(crate) metadata: Metadata,
    dependencies: Vec<Dependency>,
    pub(crate) lock: Option<LockFile>,
}

impl ChartDirectory {
    /// Reads `Chart.yaml`, `requirements.yaml` and the lock file.
    ///
    /// # Errors
    /// In Helm's words, if the path is no chart's directory.
    pub(crate) fn read(given: &Path, context: &Context) -> Result<Self, CommandError> {
        let path = clean_path(given);
        let about = std::fs::metadata(&path).map_err(|error| {
            let (path, reason) = (path.display(), system_words(&error));
            CommandError::user(format!("could not find {path}: stat {path}: {reason}"))
        })?;
        if !about.is_dir() {
            return Err(CommandError::user("only unpacked charts can be updated")
                .hint("unpack the archive first, and give its directory"));
        }
        let limit = context.limits()?.document;
        let file = |name: &str| read(&path.join(name), limit);
        let Some(chart_yaml) = file("Chart.yaml")? else {
            return Err(CommandError::user("Chart.yaml file is missing")
                .hint(format!("`{}` is not the directory of a chart", path.display())));
        };
        let requirements = file("requirements.yaml")?;
        let metadata = Metadata::parse_with_requirements(&chart_yaml, requirements.as_deref());
        let metadata = metadata.map_err(in_words_of_loading)?;
        // Of two lock files Helm takes the one whose name comes later.
        let lock = match (file("requirements.lock")?, file("Chart.lock")?) {
            (Some(bytes), _) => Some(parse_lock("requirements.lock", &bytes)?),
            (None, Some(bytes)) => Some(parse_lock("Chart.lock", &bytes)?),
            (None, None) => None,
        };
        Ok(Self {
            dependencies: metadata.dependencies().to_vec(),
            path,
            metadata,
            lock,
        })
    }

    /// What is declared, with addresses in the place of the names of repositories.
    pub(super) fn with_addresses(
        mut self,
        repositories: &ClassicRepositories<'_>,
    ) -> Result<Self, CommandError> {
        self.dependencies = repositories.with_addresses(&self.dependencies)?;
        Ok(self)
    }

    pub(crate) fn dependencies(&self) -> &[Dependency] {
        &self.dependencies
    }

    pub(crate) fn charts(&self) -> PathBuf {
        self.path.join("charts")
    }

    /// Removes what was left by commands that were killed. Where there is nothing to fetch nothing else would.
    pub(super) fn remove_leftovers(&self) {
        skeg_files::remove_stale(&self.path);
        let entries = fs_err::read_dir(self.charts()).into_iter().flatten().flatten();
        let mut names = entries.map(|entry| entry.file_name());
        if names.any(|name| skeg_files::is_temporary(&name.to_string_lossy())) {
            // What cannot be removed is in nobody's way; that nothing can be written is told when something is to be.
            drop(ScratchDirectory::create_in(&self.charts()));
        }
    }

    /// The name of the lock file that is written.
    pub(crate) fn lock_name(&self) -> &'static str {
        if self.metadata.is_v1() {
            "requirements.lock"
        } else {
            "Chart.lock"
        }
    }

    /// A lock file that is a symbolic link is not followed, as in Helm.
    pub(crate) fn require_writable_lock(&self) -> Result<(), CommandError> {
        let name = self.lock_name();
        match fs_err::read_link(self.path.join(name)) {
            Ok(target) => Err(CommandError::user(format!(
                "the {name} file is a symlink to {:?}",
                target.display().to_string()
            ))
            .hint("replace the link by a file")),
            Err(_) => Ok(()),
        }
    }

    pub(crate) fn write_lock(&self, lock: &LockFile) -> Result<(), CommandError> {
        let path = self.path.join(self.lock_name());
        let mut temporary = skeg_files::temporary_beside(&path, Readers::Umask)?;
        io::Write::write_all(&mut temporary, lock.to_yaml().as_bytes())?;
        temporary.persist(&path).map_err(|error| error.error)?;
        Ok(())
    }
}

/// The path as Helm prints it; the current directory stays a dot.
pub(crate) fn clean_path(given: &Path) -> PathBuf {
    let path = clean(given);
    if path.as_os_str().is_empty() {
        return PathBuf::from(".");
    }
    path
}

fn read(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, CommandError> {
    match std::fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Ok(about) if about.len() > limit => {
            return Err(CommandError::user(format!(
                "`{}` is larger than {limit} bytes",
                path.display()
            )));
        }
        _ => {}
    }
    Ok(Some(fs_err::read(path)?))
}

fn in_words_of_loading(error: LoadMetadataError) -> CommandError {
    let is_twice = matches!(
        &error,
        LoadMetadataError::Invalid(InvalidMetadataError::DuplicateDependency { .. })
    );
    let hint = "give one of them an `alias`, under which its values stand";
    CommandError::user(error).maybe_hint(is_twice.then_some(hint))
}

fn parse_lock(name: &str, content: &[u8]) -> Result<LockFile, CommandError> {
    LockFile::parse(content).map_err(|source| {
        let error = CannotLoadLockError {
            name: name.to_owned(),
            source,
        };
        CommandError::user(error).hint(format!(
            "if `{name}` was merged badly, remove it and run `skeg dependency update`"
        ))
    })
}

#[derive(Debug, thiserror::Error)]
#[error("cannot load {name}")]
struct CannotLoadLockError {
    name: String,
    source: ParseLockError,
}
