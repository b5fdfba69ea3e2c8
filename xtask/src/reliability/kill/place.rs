//! Where one work is done: directories of its own, and commands that no configuration of the machine reaches.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Result;
use crate::process;

use super::content::digest_of;

/// Files below a directory: the digest of each.
pub(super) type Files = BTreeMap<PathBuf, String>;

/// The directories of one work.
#[derive(Debug)]
pub(super) struct Place {
    root: PathBuf,
    program: PathBuf,
}

impl Place {
    /// Makes directories below `parent` for commands of `program`.
    pub(super) fn create(parent: &Path, name: &str, program: &Path) -> Result<Self> {
        let place = Self {
            root: parent.join(name),
            program: program.to_owned(),
        };
        place.reset()?;
        Ok(place)
    }

    /// Makes everything as if nothing had ever run here.
    pub(super) fn reset(&self) -> Result<()> {
        if self.root.exists() {
            fs_err::remove_dir_all(&self.root)?;
        }
        for directory in [self.destination(), self.temporary(), self.home()] {
            fs_err::create_dir_all(directory)?;
        }
        Ok(())
    }

    /// A command of skeg.
    pub(super) fn skeg<S: AsRef<str>>(&self, arguments: &[S]) -> Command {
        self.command(&self.program, arguments)
    }

    /// Any command.
    pub(super) fn command<S: AsRef<str>>(&self, program: &Path, arguments: &[S]) -> Command {
        let mut command = process::program(program);
        command
            .args(arguments.iter().map(AsRef::as_ref))
            .env_clear()
            .env("HOME", self.home())
            .env("TMPDIR", self.temporary())
            .current_dir(self.destination());
        command
    }

    /// Where commands run and charts go.
    pub(super) fn destination(&self) -> PathBuf {
        self.root.join("destination")
    }

    /// What `TMPDIR` names.
    pub(super) fn temporary(&self) -> PathBuf {
        self.root.join("tmp")
    }

    /// The store of content.
    pub(super) fn store(&self) -> PathBuf {
        self.home().join(".cache/helm/skeg/store/v1")
    }

    /// The file of logins.
    pub(super) fn logins(&self) -> PathBuf {
        self.home().join(".config/helm/registry/config.json")
    }

    fn home(&self) -> PathBuf {
        self.root.join("home")
    }

    /// What nobody asked for: temporary files wherever this work may leave some, besides the names in `expected`.
    pub(super) fn leftovers(&self, expected: &[&str]) -> Result<Vec<PathBuf>> {
        let mut left = strangers(&self.destination(), expected)?;
        left.extend(strangers(&self.temporary(), &[])?);
        left.extend(strangers(&self.store().join("tmp"), &[])?);
        let registry = self.logins();
        let registry = registry.parent().unwrap_or(&registry);
        left.extend(strangers(registry, &["config.json", ".config.json.lock"])?);
        Ok(left)
    }
}

/// The entries of a directory that are not expected there; one that is missing has none.
pub(super) fn strangers(directory: &Path, expected: &[&str]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if !directory.exists() {
        return Ok(found);
    }
    for entry in fs_err::read_dir(directory)? {
        let entry = entry?;
        if !expected.iter().any(|&name| entry.file_name() == *name) {
            found.push(entry.path());
        }
    }
    Ok(found)
}

/// The bytes of a file, if there is one.
pub(super) fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    Ok(path.exists().then(|| fs_err::read(path)).transpose()?)
}

/// All files below a directory, by their paths in it.
pub(super) fn files_below(directory: &Path) -> Result<Files> {
    let mut files = Files::new();
    let mut directories = vec![directory.to_owned()];
    while let Some(current) = directories.pop() {
        for path in strangers(&current, &[])? {
            if path.is_dir() {
                directories.push(path);
            } else {
                let name = path.strip_prefix(directory)?.to_owned();
                files.insert(name, digest_of(&fs_err::read(&path)?));
            }
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_found() {
        let directory = tempfile::tempdir().unwrap();
        let place = Place::create(directory.path(), "work", Path::new("skeg")).unwrap();
        let write = |path: PathBuf| {
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(path, "x").unwrap();
        };
        write(place.destination().join("chart.tgz"));
        write(place.logins());
        assert_eq!(place.leftovers(&["chart.tgz"]).unwrap(), Vec::<PathBuf>::new());
        write(place.destination().join(".partial"));
        write(place.temporary().join("scratch/chart.tgz"));
        write(place.store().join("tmp/tmp-1"));
        write(place.logins().with_file_name(".config.json.x.tmp"));
        assert_eq!(place.leftovers(&["chart.tgz"]).unwrap().len(), 4);
        let files = files_below(&place.temporary()).unwrap();
        assert_eq!(files.keys().collect::<Vec<_>>(), [Path::new("scratch/chart.tgz")]);
        place.reset().unwrap();
        assert_eq!(place.leftovers(&[]).unwrap().len(), 0);
    }
}
