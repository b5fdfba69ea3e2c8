//! Discovery on disk: one file for each server, shared by all processes.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use http::Uri;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use skeg_files::Readers;

use super::Parts;

/// Changes when the meaning of the file does.
const FORMAT: u32 = 1;

/// What is on disk.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Cached {
    format: u32,
    pub(super) parts: Parts,
    /// The age of the file, which its time on disk tells.
    #[serde(skip)]
    age: Option<Duration>,
}

impl Cached {
    pub(super) fn now(parts: Parts) -> Self {
        Self {
            format: FORMAT,
            parts,
            age: Some(Duration::ZERO),
        }
    }

    /// The time since it was written; none if the clock was set back.
    pub(super) fn age(&self) -> Option<Duration> {
        self.age
    }
}

/// The file of a server. Two addresses of one server have two files.
pub(super) fn path(directory: &Path, server: &Uri) -> PathBuf {
    let digest = Sha256::digest(server.to_string().as_bytes());
    let (half, _) = digest.split_at(16);
    let number = half
        .iter()
        .fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    directory.join(format!("{number:032x}.json"))
}

/// What is on disk; a file that cannot be read or understood is none.
pub(super) fn read(path: &Path) -> Option<Cached> {
    let content = fs_err::read(path).ok()?;
    let cached: Cached = serde_json::from_slice(&content).ok()?;
    let age = fs_err::metadata(path).ok()?.modified().ok()?.elapsed().ok();
    (cached.format == FORMAT).then_some(Cached { age, ..cached })
}

/// Keeps it for the next command. That it cannot be written costs time only.
pub(super) fn write(path: &Path, cached: &Cached) {
    if let Err(error) = try_write(path, cached) {
        tracing::debug!("discovery is not kept: {error}");
    }
}

fn try_write(path: &Path, cached: &Cached) -> std::io::Result<()> {
    if let Some(directory) = path.parent() {
        fs_err::create_dir_all(directory)?;
    }
    let mut file = skeg_files::temporary_beside(path, Readers::Umask)?;
    file.write_all(&serde_json::to_vec(cached)?)?;
    file.persist(path)?;
    Ok(())
}
