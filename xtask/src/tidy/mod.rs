//! Rules of the code base that no compiler checks, each a pure function from text to problems.

mod edges;
mod modules;
mod packages;
mod source;

use std::path::Path;

use crate::failure::Failure;
use crate::failure::Result;
use crate::paths;
use crate::process;
use crate::process::Run;

/// One broken rule, as one line.
type Problem = String;

/// A file of the checkout, as text.
struct SourceFile {
    /// Relative to the root, with `/` between its parts.
    path: String,
    text: String,
}

/// Checks every rule and prints what is broken.
pub(crate) fn run() -> Result<()> {
    let files = checked_in_files()?;
    let metadata = process::cargo()
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .capture()?;
    let metadata = serde_json::from_str(&metadata)?;
    let machine = source::Machine::this();

    let mut problems = edges::check(&metadata);
    problems.extend(packages::check(&files, &metadata));
    problems.extend(modules::check(&files));
    for file in &files {
        problems.extend(source::check(file, &machine));
    }
    conclude(&problems, files.len())
}

fn conclude(problems: &[Problem], files: usize) -> Result<()> {
    for problem in problems {
        eprintln!("{problem}");
    }
    if problems.is_empty() {
        println!("tidy: {files} files, nothing to say");
        return Ok(());
    }
    Err(Failure::new(format!("tidy: {} problems", problems.len())))
}

/// The text files git knows, or would add.
fn checked_in_files() -> Result<Vec<SourceFile>> {
    let listed = process::program("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .capture()?;
    let root = paths::root();
    Ok(listed
        .split('\0')
        .filter(|path| !path.is_empty())
        .filter_map(|path| read_text(&root, path))
        .collect())
}

/// A file that is there and is text; a deleted or binary one has nothing to check.
fn read_text(root: &Path, path: &str) -> Option<SourceFile> {
    let text = String::from_utf8(fs_err::read(root.join(path)).ok()?).ok()?;
    Some(SourceFile {
        path: path.to_owned(),
        text,
    })
}
