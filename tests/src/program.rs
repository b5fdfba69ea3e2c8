//! A program under test, or one it is compared with.

use std::path::Path;
use std::path::PathBuf;

use crate::environment::variable;

/// A program and the name it goes by.
#[derive(Debug, Clone)]
pub struct Program {
    name: String,
    path: PathBuf,
}

impl Program {
    /// A program at a path.
    pub fn new(name: &str, path: impl Into<PathBuf>) -> Self {
        Self {
            name: name.to_owned(),
            path: path.into(),
        }
    }

    /// The program under test: `built`, unless `SKEG_TEST_PROGRAM` names another. With helm there
    /// the scenarios themselves can be tested.
    pub fn under_test(built: impl Into<PathBuf>) -> Self {
        match variable("SKEG_TEST_PROGRAM") {
            Some(path) => Self::new("skeg", path),
            None => Self::new("skeg", built),
        }
    }

    /// An independent program: from the directory the run was given, or from `PATH`. `None` when
    /// neither has it.
    pub fn peer(name: &str) -> Option<Self> {
        let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        let given = variable("SKEG_LIVE_PEERS").map(PathBuf::from);
        let path = variable("PATH").unwrap_or_default();
        given
            .into_iter()
            .chain(std::env::split_paths(&path))
            .map(|directory| directory.join(&file))
            .find(|candidate| candidate.is_file())
            .map(|path| Self::new(name, path))
    }

    /// The name in messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}
