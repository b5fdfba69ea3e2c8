//! Why a symbolic link leads nowhere, in the words of Go's `filepath.EvalSymlinks`.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io;
use std::path::{Component, Path, PathBuf};

/// How many links Go follows before it gives up.
const MOST_LINKS: usize = 255;

/// Says what is wrong on the way of a link that cannot be followed: `lstat FILE: no such file or directory` names
/// the first file that is not there.
pub(super) fn explain_broken(link: &Path, error: io::Error) -> io::Error {
    match walk(link) {
        Ok(()) => error,
        Err(Obstacle::Missing(path)) => io::Error::new(
            io::ErrorKind::NotFound,
            format!("lstat {}: no such file or directory", path.display()),
        ),
        Err(Obstacle::TooManyLinks) => io::Error::other("EvalSymlinks: too many links"),
        Err(Obstacle::NoDirectory) => io::Error::new(io::ErrorKind::NotADirectory, "not a directory"),
    }
}

/// Where the way ends.
enum Obstacle {
    Missing(PathBuf),
    TooManyLinks,
    NoDirectory,
}

/// Goes along a path, name by name, and along the links on it. What else may be wrong is nothing that can be said
/// better than the system does.
fn walk(path: &Path) -> Result<(), Obstacle> {
    let mut reached = PathBuf::new();
    let mut ahead: VecDeque<OsString> = names(path);
    let mut links = 0;
    while let Some(name) = ahead.pop_front() {
        match Path::new(&name).components().next() {
            None | Some(Component::CurDir) => continue,
            Some(Component::ParentDir) => {
                reached.pop();
                continue;
            }
            Some(Component::Normal(_) | Component::Prefix(_) | Component::RootDir) => reached.push(&name),
        }
        let metadata = match std::fs::symlink_metadata(&reached) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Obstacle::Missing(reached)),
            Err(_) => return Ok(()),
        };
        if metadata.is_symlink() {
            links += 1;
            if links > MOST_LINKS {
                return Err(Obstacle::TooManyLinks);
            }
            let Ok(target) = std::fs::read_link(&reached) else {
                return Ok(());
            };
            reached.pop();
            for name in names(&target).into_iter().rev() {
                ahead.push_front(name);
            }
        } else if !metadata.is_dir() && !ahead.is_empty() {
            return Err(Obstacle::NoDirectory);
        }
    }
    Ok(())
}

fn names(path: &Path) -> VecDeque<OsString> {
    let components = path.components();
    components
        .map(|component| component.as_os_str().to_owned())
        .collect()
}
