//! The files of a chart directory: a listing first, contents only on demand.
//!
//! Helm 4.3.1 walks the directory in byte order of the names, follows symbolic links, leaves out what
//! `.helmignore` names and refuses everything that is no regular file.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use fs_err as fs;

use super::UTF8_BYTE_ORDER_MARK;
use super::limits::Limits;
use super::symlink::explain_broken;
use crate::error::ReadDirectoryError;
use crate::ignore::{IGNORE_FILE_NAME, IgnoreRules};

/// How deep directories may be inside each other.
const DEEPEST: usize = 256;

/// The files of a chart directory, in Helm's order, with their sizes but not their contents.
///
/// ```no_run
/// use std::path::Path;
/// use skeg_chart::{DirectoryListing, Limits};
///
/// let listing = DirectoryListing::read(Path::new("demo"), &Limits::default())?;
/// for file in listing.files() {
///     assert!(file.size() < Limits::HELM_TOTAL, "{}", file.path());
/// }
/// # Ok::<(), skeg_chart::ReadDirectoryError>(())
/// ```
#[derive(Clone, Debug)]
pub struct DirectoryListing {
    root: PathBuf,
    files: Vec<ListedFile>,
    symlinks: Vec<FollowedSymlink>,
}

/// A regular file of a chart directory.
#[derive(Clone, Debug)]
pub struct ListedFile {
    path: String,
    location: PathBuf,
    size: u64,
    modified: SystemTime,
}

/// A symbolic link that was followed; what it leads to is part of the chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowedSymlink {
    /// The link.
    pub path: PathBuf,
    /// What it leads to.
    pub target: PathBuf,
}

/// The content of a listed file, without a UTF-8 byte-order mark.
#[derive(Debug)]
pub struct OpenedFile {
    ahead: Vec<u8>,
    file: std::fs::File,
    size: u64,
}

impl DirectoryListing {
    /// Lists the directory `root`.
    ///
    /// The sizes of all files are checked against `limits`; Helm's message for a chart that is too
    /// large names the file at which it became so.
    pub fn read(root: &Path, limits: &Limits) -> Result<Self, ReadDirectoryError> {
        let mut walk = Walk {
            rules: read_ignore_rules(root, limits)?,
            limits,
            total: 0,
            entries: 0,
            listing: Self {
                root: root.to_owned(),
                files: Vec::new(),
                symlinks: Vec::new(),
            },
        };
        let real_root = fs::canonicalize(root)?;
        walk.directory(root, "", &mut vec![real_root])?;
        Ok(walk.listing)
    }

    /// The directory that was listed.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The files, in the order of the walk: by name within each directory.
    pub fn files(&self) -> &[ListedFile] {
        &self.files
    }

    /// The file at `path`, such as `templates/a.yaml`.
    pub fn file(&self, path: &str) -> Option<&ListedFile> {
        self.files.iter().find(|file| file.path == path)
    }

    /// The symbolic links that were followed, so that a person can be told.
    pub fn symlinks(&self) -> &[FollowedSymlink] {
        &self.symlinks
    }
}

impl ListedFile {
    /// The path inside the chart, with `/`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Where the file is.
    pub fn location(&self) -> &Path {
        &self.location
    }

    /// The size on disk when it was listed, a byte-order mark included.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// When it was last changed.
    pub fn modified(&self) -> SystemTime {
        self.modified
    }

    /// Opens the file for reading its content without a byte-order mark, as Helm takes it in.
    pub fn open(&self) -> Result<OpenedFile, ReadDirectoryError> {
        self.open_unnamed().map_err(|source| self.unreadable(source))
    }

    /// Opens the file; the error does not name it.
    pub(crate) fn open_unnamed(&self) -> io::Result<OpenedFile> {
        let mut file = std::fs::File::options().read(true).open(&self.location)?;
        let mut ahead = Vec::with_capacity(UTF8_BYTE_ORDER_MARK.len());
        file.by_ref()
            .take(UTF8_BYTE_ORDER_MARK.len() as u64)
            .read_to_end(&mut ahead)?;
        let mut size = file.metadata()?.len();
        if ahead == UTF8_BYTE_ORDER_MARK {
            size = size.saturating_sub(ahead.len() as u64);
            ahead.clear();
        }
        Ok(OpenedFile { ahead, file, size })
    }

    /// Reads the whole content, of at most `limit` bytes.
    pub fn read_whole(&self, limit: u64) -> Result<Vec<u8>, ReadDirectoryError> {
        let content = self
            .read_up_to(limit.saturating_add(1))
            .map_err(|source| self.unreadable(source))?;
        if content.len() as u64 > limit {
            return Err(ReadDirectoryError::FileTooLarge {
                file: self.path.clone(),
                limit,
            });
        }
        Ok(content)
    }

    /// Reads at most `limit` bytes behind the byte-order mark: mostly with one call, since charts have many small files.
    fn read_up_to(&self, limit: u64) -> io::Result<Vec<u8>> {
        let mark = UTF8_BYTE_ORDER_MARK.len() as u64;
        let mut file = std::fs::File::options().read(true).open(&self.location)?;
        let expected = usize::try_from(self.size.min(limit.saturating_add(mark))).unwrap_or_default();
        let mut content = vec![0; expected.saturating_add(1)];
        let count = file.read(&mut content)?;
        content.truncate(count);
        // A regular file that gives less than asked for is at its end; what is not as listed is read on.
        if count != expected {
            let rest = limit.saturating_add(mark).saturating_sub(count as u64);
            file.take(rest).read_to_end(&mut content)?;
        }
        if content.starts_with(UTF8_BYTE_ORDER_MARK) {
            content.drain(..UTF8_BYTE_ORDER_MARK.len());
        }
        content.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(content)
    }

    fn unreadable(&self, source: io::Error) -> ReadDirectoryError {
        ReadDirectoryError::File {
            path: self.location.clone(),
            source,
        }
    }
}

impl OpenedFile {
    /// How many bytes reading will give, unless someone changes the file meanwhile.
    pub fn size(&self) -> u64 {
        self.size
    }
}

impl Read for OpenedFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.ahead.is_empty() {
            return self.file.read(buffer);
        }
        let count = buffer.len().min(self.ahead.len());
        buffer[..count].copy_from_slice(&self.ahead[..count]);
        self.ahead.drain(..count);
        Ok(count)
    }
}

/// A walk in progress.
struct Walk<'limits> {
    rules: IgnoreRules,
    limits: &'limits Limits,
    total: u64,
    /// Files and directories found, so that links to links cannot multiply without end.
    entries: usize,
    listing: DirectoryListing,
}

impl Walk<'_> {
    /// Lists what is below `directory`; `prefix` is its path in the chart, ending with `/` unless empty.
    ///
    /// `open` has the real paths of the directory and of those it is in, to notice links that would
    /// lead round in a circle.
    fn directory(
        &mut self,
        directory: &Path,
        prefix: &str,
        open: &mut Vec<PathBuf>,
    ) -> Result<(), ReadDirectoryError> {
        let mut entries = fs::read_dir(directory)?
            // The metadata of an entry are asked relative to its directory, which is faster than by its whole path.
            .map(|entry| entry.map(|entry| (entry.file_name(), entry.metadata())))
            .collect::<io::Result<Vec<_>>>()?;
        entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        for (name, metadata) in entries {
            let location = directory.join(&name);
            let Some(name) = name.to_str() else {
                return Err(ReadDirectoryError::NameNotUtf8 { path: location });
            };
            self.entry(&location, &format!("{prefix}{name}"), metadata?, open)?;
        }
        Ok(())
    }

    fn entry(
        &mut self,
        location: &Path,
        path: &str,
        mut metadata: std::fs::Metadata,
        open: &mut Vec<PathBuf>,
    ) -> Result<(), ReadDirectoryError> {
        let is_symlink = metadata.file_type().is_symlink();
        if is_symlink {
            metadata = self.follow(location)?;
        }
        if self.rules.is_ignored(path, metadata.is_dir()) {
            return Ok(());
        }
        self.count_entry()?;
        if metadata.is_dir() {
            if open.len() > DEEPEST {
                return Err(ReadDirectoryError::TooDeep {
                    path: location.to_owned(),
                    limit: DEEPEST,
                });
            }
            open.push(real_directory(location, open, is_symlink)?);
            self.directory(location, &format!("{path}/"), open)?;
            open.pop();
            return Ok(());
        }
        if !metadata.is_file() {
            return Err(ReadDirectoryError::Irregular {
                path: location.to_owned(),
            });
        }
        self.file(location, path, &metadata)
    }

    fn count_entry(&mut self) -> Result<(), ReadDirectoryError> {
        self.entries += 1;
        if self.entries > self.limits.entries {
            return Err(ReadDirectoryError::TooManyFiles {
                path: self.listing.root.clone(),
                limit: self.limits.entries,
            });
        }
        Ok(())
    }

    /// Notes a link and returns what is at its end.
    fn follow(&mut self, link: &Path) -> Result<std::fs::Metadata, ReadDirectoryError> {
        let broken = |source| ReadDirectoryError::BrokenSymlink {
            path: link.to_owned(),
            source: explain_broken(link, source),
        };
        let target = std::fs::canonicalize(link).map_err(broken)?;
        let metadata = std::fs::metadata(&target).map_err(broken)?;
        self.listing.symlinks.push(FollowedSymlink {
            path: link.to_owned(),
            target,
        });
        Ok(metadata)
    }

    fn file(
        &mut self,
        location: &Path,
        path: &str,
        metadata: &std::fs::Metadata,
    ) -> Result<(), ReadDirectoryError> {
        let size = metadata.len();
        if size > self.limits.file && self.limits.file < self.limits.total {
            return Err(ReadDirectoryError::FileTooLarge {
                file: path.to_owned(),
                limit: self.limits.file,
            });
        }
        self.total = self.total.saturating_add(size);
        if self.total > self.limits.total {
            return Err(ReadDirectoryError::TooLarge {
                file: path.to_owned(),
                limit: self.limits.total,
            });
        }
        self.listing.files.push(ListedFile {
            path: path.to_owned(),
            location: location.to_owned(),
            size,
            modified: metadata.modified()?,
        });
        Ok(())
    }
}

/// The real path of a directory about to be listed, unless it is one of those already open.
fn real_directory(
    location: &Path,
    open: &[PathBuf],
    is_symlink: bool,
) -> Result<PathBuf, ReadDirectoryError> {
    if !is_symlink {
        let parent = open.last().expect("the root is always open");
        let name = location.file_name().expect("an entry has a name");
        return Ok(parent.join(name));
    }
    let target = fs::canonicalize(location)?;
    if open.contains(&target) {
        return Err(ReadDirectoryError::SymlinkLoop {
            path: location.to_owned(),
            target,
        });
    }
    Ok(target)
}

/// Reads the rule file of a chart, if it has one.
fn read_ignore_rules(root: &Path, limits: &Limits) -> Result<IgnoreRules, ReadDirectoryError> {
    let path = root.join(IGNORE_FILE_NAME);
    let file = match fs::File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(IgnoreRules::default()),
        Err(error) => return Err(error.into()),
    };
    let mut text = Vec::new();
    file.take(limits.document.saturating_add(1))
        .read_to_end(&mut text)
        .map_err(|error| match error.kind() {
            kind @ io::ErrorKind::IsADirectory => {
                io::Error::new(kind, format!("read {}: is a directory", path.display()))
            }
            _ => error,
        })?;
    if text.len() as u64 > limits.document {
        return Err(ReadDirectoryError::FileTooLarge {
            file: IGNORE_FILE_NAME.to_owned(),
            limit: limits.document,
        });
    }
    IgnoreRules::parse(&text).map_err(|reason| ReadDirectoryError::Ignore { path, reason })
}
