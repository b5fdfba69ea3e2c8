//! Rendered manifests as Helm prints them, or writes them into files.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use skeg_engine::{Hook, Rendered, split_manifests, write_manifest};
use skeg_go::path_match::PathPattern;

use super::args::ShownArgs;
use crate::error::{CommandError, system_words};
use crate::printer::Printer;

/// The manifests, and behind them the hooks that are wanted.
pub(super) fn documents(rendered: &Rendered, shown: &ShownArgs) -> Vec<u8> {
    let mut out = rendered.manifest(shown.include_crds);
    end_line(&mut out);
    for hook in wanted_hooks(rendered, shown) {
        write_manifest(&mut out, &hook.path, &hook.manifest);
    }
    out
}

/// Cuts white space off the end, and puts a line end there.
pub(super) fn end_line(out: &mut Vec<u8>) {
    out.truncate(trimmed_length(out));
    out.push(b'\n');
}

fn wanted_hooks<'rendered>(
    rendered: &'rendered Rendered,
    shown: &ShownArgs,
) -> impl Iterator<Item = &'rendered Hook> {
    let (has_hooks, has_tests) = (!shown.no_hooks, !shown.skip_tests);
    let hooks = rendered.hooks.iter();
    hooks.filter(move |hook| has_hooks && (has_tests || !hook.is_test()))
}

/// The length without white space at the end, of which Unicode has more than ASCII.
fn trimmed_length(text: &[u8]) -> usize {
    let mut length = text.len();
    while let Some(last) = text[..length].last() {
        let start = match last {
            b'\t'..=b'\r' | b' ' => length - 1,
            0..=0x7f => break,
            _ => match (1..=3.min(length)).map(|size| length - size).find(|&start| {
                let character = str::from_utf8(&text[start..length]);
                character.is_ok_and(|text| text.chars().all(char::is_whitespace))
            }) {
                Some(start) => start,
                None => break,
            },
        };
        length = start;
    }
    length
}

/// Of the documents those that the patterns of `--show-only` name, pattern by pattern; or the pattern that names
/// none.
pub(super) fn only<'pattern>(
    documents: &[u8],
    patterns: &'pattern [String],
) -> Result<Vec<u8>, &'pattern str> {
    let manifests = split_manifests(documents);
    let mut out = Vec::new();
    for pattern in patterns {
        let pattern_text = pattern.replace(std::path::MAIN_SEPARATOR, "/");
        let glob = PathPattern::parse(&pattern_text);
        let is_named = |manifest: &&&[u8]| {
            let path = source_path(manifest);
            path.is_some_and(|path| glob.as_ref().is_some_and(|glob| glob.matches(&path)))
        };
        let mut found = manifests.iter().filter(is_named).peekable();
        if found.peek().is_none() {
            return Err(pattern);
        }
        for manifest in found {
            out.extend_from_slice(b"---\n");
            out.extend_from_slice(manifest);
            out.push(b'\n');
        }
    }
    Ok(out)
}

/// What stands behind the name of the chart in the comment that says where a manifest comes from.
fn source_path(manifest: &[u8]) -> Option<String> {
    const MARK: &[u8] = b"# Source: ";
    let mut from = 0;
    loop {
        let at = manifest[from..]
            .windows(MARK.len())
            .position(|window| window == MARK)?;
        from += at + MARK.len();
        let rest = &manifest[from..];
        let Some(slash) = rest.iter().position(|&byte| byte == b'/').filter(|&at| at > 0) else {
            continue;
        };
        let path = rest[slash + 1..]
            .split(|&byte| byte == b'\n')
            .next()
            .unwrap_or_default();
        if !path.is_empty() {
            return Some(String::from_utf8_lossy(path).into_owned());
        }
    }
}

/// Writes everything into files below a directory, and prints which.
pub(super) fn write_files(
    rendered: &Rendered,
    directory: &Path,
    release: &str,
    shown: &ShownArgs,
    printer: &Printer,
) -> Result<(), CommandError> {
    let mut files = Files::default();
    // Helm puts definitions of resources beside the directory of the release.
    for crd in rendered.crds.iter().filter(|_| shown.include_crds) {
        files.add(directory, &crd.path, &crd.content);
    }
    let of_release = directory.join(release);
    let directory = if shown.release_name {
        &of_release
    } else {
        directory
    };
    for manifest in &rendered.manifests {
        files.add(directory, &manifest.name, &manifest.content);
    }
    for hook in wanted_hooks(rendered, shown) {
        files.add(directory, &hook.path, &hook.manifest);
    }
    files.write(printer)
}

/// The files of `--output-dir`. Each is written once and whole.
#[derive(Default)]
struct Files {
    contents: BTreeMap<String, Vec<u8>>,
    /// The file of each document.
    order: Vec<String>,
}

impl Files {
    /// Appends a document to its file.
    fn add(&mut self, directory: &Path, path: &str, content: &[u8]) {
        let file = format!("{}/{path}", directory.display());
        write_manifest(self.contents.entry(file.clone()).or_default(), path, content);
        self.order.push(file);
    }

    fn write(mut self, printer: &Printer) -> Result<(), CommandError> {
        for file in &self.order {
            if let Some(content) = self.contents.remove(file) {
                write_file(Path::new(file), &content).map_err(CommandError::user)?;
            }
            printer.line(format!("wrote {file}"))?;
        }
        Ok(())
    }
}

fn write_file(path: &Path, content: &[u8]) -> Result<(), WriteFileError> {
    let failed = |operation, path: &Path, reason| WriteFileError {
        operation,
        path: path.to_owned(),
        reason,
    };
    let directory = path.parent().unwrap_or(path);
    if let Err(error) = std::fs::metadata(directory) {
        if error.kind() != io::ErrorKind::NotFound {
            return Err(failed("stat", directory, error));
        }
        fs_err::create_dir_all(directory).map_err(|error| failed("mkdir", directory, error))?;
    }
    fs_err::write(path, content).map_err(|error| failed("open", path, error))
}

/// A file that cannot be written, in Helm's words, which offer a flag that does not help here.
#[derive(Debug, thiserror::Error)]
#[error(
    "{operation} {}: {}\n\nUse --debug flag to render out invalid YAML",
    path.display(),
    system_words(reason)
)]
struct WriteFileError {
    operation: &'static str,
    path: PathBuf,
    reason: io::Error,
}

#[cfg(test)]
mod tests {
    use super::{end_line, only, source_path};

    #[track_caller]
    fn check_end(text: &str, expected: &str) {
        let mut out = text.as_bytes().to_vec();
        end_line(&mut out);
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn white_space_at_the_end_goes() {
        check_end("", "\n");
        check_end("\n \n", "\n");
        check_end("a\n\n", "a\n");
        check_end("a\u{a0}\u{2003} \u{85}\n", "a\n");
        check_end("aé", "aé\n");
    }

    #[track_caller]
    fn check_source(manifest: &str, expected: Option<&str>) {
        assert_eq!(source_path(manifest.as_bytes()).as_deref(), expected);
    }

    #[test]
    fn the_first_comment_says_where_a_manifest_is_from() {
        check_source("# Source: a/templates/b.yaml\nx", Some("templates/b.yaml"));
        check_source("x: 1 # Source: a/b\n# Source: c/d\n", Some("b"));
        check_source("# Source: /x\n# Source: c/d\n", Some("d"));
        check_source("# Source: a/\n", None);
        check_source("a: 1\n", None);
    }

    #[track_caller]
    fn check_only(patterns: &[&str], expected: Result<&str, &str>) {
        const DOCUMENTS: &[u8] =
            b"---\n# Source: c/templates/a.yaml\na: 1\n---\n# Source: c/templates/b.yaml\nb: 1\n";
        let patterns: Vec<String> = patterns.iter().map(|&pattern| pattern.to_owned()).collect();
        let found = only(DOCUMENTS, &patterns).map(|out| String::from_utf8(out).unwrap());
        assert_eq!(found, expected.map(str::to_owned));
    }

    #[test]
    fn patterns_name_templates() {
        let (a, b) = (
            "---\n# Source: c/templates/a.yaml\na: 1\n\n",
            "---\n# Source: c/templates/b.yaml\nb: 1\n\n",
        );
        check_only(&["templates/a.yaml"], Ok(a));
        check_only(&["templates/b.yaml", "templates/a.yaml"], Ok(&[b, a].concat()));
        check_only(&["templates/*"], Ok(&[a, b].concat()));
        check_only(&["*"], Err("*"));
        check_only(&["templates/a.yaml", "[z-"], Err("[z-"));
    }
}
