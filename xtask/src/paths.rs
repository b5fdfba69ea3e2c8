//! Where things are in the checkout. Every other module asks here.

use std::path::Path;
use std::path::PathBuf;

use crate::process;

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("because xtask is a directory of the workspace")
        .to_path_buf()
}

/// Cargo's target directory.
pub(crate) fn target() -> PathBuf {
    match process::variable("CARGO_TARGET_DIR") {
        Some(directory) => root().join(directory),
        None => root().join("target"),
    }
}

/// Where peers are installed: kept between runs, removed by `cargo clean`.
pub(crate) fn peers() -> PathBuf {
    target().join("peers")
}

/// The programs of the peers.
pub(crate) fn peer_programs() -> PathBuf {
    peers().join("bin")
}

/// A fresh directory below the target directory, for one run of a task.
pub(crate) fn scratch(task: &str) -> std::io::Result<tempfile::TempDir> {
    let parent = target().join("xtask");
    fs_err::create_dir_all(&parent)?;
    tempfile::Builder::new().prefix(task).tempdir_in(parent)
}

/// The name of a program as a file of this platform.
pub(crate) fn executable(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}
