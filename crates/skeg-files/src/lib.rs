//! Temporary files beside their place, and scratch directories, that do not outlive their process for long.
//!
//! They go when they are dropped. What a process leaves that was killed is removed by the next one that makes something
//! temporary in the same directory. Nobody guesses by an age: as long as its maker lives, a temporary file is locked, and the
//! operating system ends the lock with the process, however that ends. Where a file system has no locks nothing is removed.
//!
//! ```
//! use std::io::Write as _;
//!
//! let directory = tempfile::tempdir()?;
//! let path = directory.path().join("chart.tgz");
//! let mut file = skeg_files::temporary_beside(&path, skeg_files::Readers::Umask)?;
//! file.write_all(b"whole")?;
//! file.persist(&path)?;
//! # Ok::<(), std::io::Error>(())
//! ```

mod directory;
mod file;
mod lock;
mod name;

pub use self::directory::ScratchDirectory;
pub use self::file::{Readers, remove_stale, temporary_beside, temporary_in};
pub use self::lock::is_at;
pub use self::name::is_temporary;
