//! Putting archives into `charts/`, all of them or none.
//!
//! Each file comes by one rename, and what is outdated goes last: whoever is killed in between leaves whole charts, and
//! the next run sets it right. On a failure everything is put back.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::error::CommandError;

/// A change of a directory that is undone unless it is kept.
#[derive(Debug)]
pub(super) struct Swap {
    directory: PathBuf,
    /// Where replaced and removed files wait.
    aside: PathBuf,
    done: Vec<Step>,
}

#[derive(Debug)]
enum Step {
    Added(OsString),
    Replaced(OsString),
    Removed(OsString),
}

impl Swap {
    /// `aside` is an empty directory on the same file system.
    pub(super) fn new(directory: &Path, aside: &Path) -> Self {
        Self {
            directory: directory.to_owned(),
            aside: aside.to_owned(),
            done: Vec::new(),
        }
    }

    /// Moves a file into the directory, over the one of its name.
    pub(super) fn put(&mut self, file: &Path, name: &str) -> Result<(), CommandError> {
        let target = self.directory.join(name);
        let is_there = fs_err::symlink_metadata(&target).is_ok();
        if is_there {
            let aside = self.aside.join(name);
            if fs_err::hard_link(&target, &aside).is_err() {
                fs_err::copy(&target, &aside)?;
            }
        }
        fs_err::rename(file, &target)?;
        let step = if is_there { Step::Replaced } else { Step::Added };
        self.done.push(step(name.into()));
        Ok(())
    }

    /// Takes a file out of the directory.
    pub(super) fn remove(&mut self, name: &str) -> Result<(), CommandError> {
        fs_err::rename(self.directory.join(name), self.aside.join(name))?;
        self.done.push(Step::Removed(name.into()));
        Ok(())
    }

    /// Lets the change stand.
    pub(super) fn keep(mut self) {
        self.done.clear();
    }
}

impl Drop for Swap {
    fn drop(&mut self) {
        for step in self.done.drain(..).rev() {
            // What cannot be put back cannot be helped; the error that led here is told.
            drop(match step {
                Step::Added(name) => fs_err::remove_file(self.directory.join(name)),
                Step::Replaced(name) | Step::Removed(name) => {
                    fs_err::rename(self.aside.join(&name), self.directory.join(&name))
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(directory: &Path) -> Vec<String> {
        let entries = fs_err::read_dir(directory).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| {
                let entry = entry.unwrap();
                let content = fs_err::read_to_string(entry.path()).unwrap();
                format!("{}={content}", entry.file_name().display())
            })
            .collect();
        names.sort();
        names
    }

    #[track_caller]
    fn check(keeps: bool, expected: &[&str]) {
        let root = tempfile::tempdir().unwrap();
        let path = |name: &str| root.path().join(name);
        for directory in ["charts", "aside", "new"] {
            fs_err::create_dir(path(directory)).unwrap();
        }
        for (file, content) in [
            ("charts/a", "1"),
            ("charts/b", "1"),
            ("new/a", "2"),
            ("new/c", "2"),
        ] {
            fs_err::write(path(file), content).unwrap();
        }
        let mut swap = Swap::new(&path("charts"), &path("aside"));
        swap.put(&path("new/a"), "a").unwrap();
        swap.put(&path("new/c"), "c").unwrap();
        swap.remove("b").unwrap();
        assert!(swap.put(&path("new/d"), "d").is_err());
        if keeps {
            swap.keep();
        } else {
            drop(swap);
        }
        assert_eq!(names(&path("charts")), expected);
    }

    #[test]
    fn all_or_nothing() {
        check(true, &["a=2", "c=2"]);
        check(false, &["a=1", "b=1"]);
    }
}
