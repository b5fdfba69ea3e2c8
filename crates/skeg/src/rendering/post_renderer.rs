//! Post-renderers: programs that get all manifests and give others back.
//!
//! Helm 4 runs plugins only. Here it is a program, as in Helm 3: a path, or a name that is looked up in `PATH`.

use std::cell::RefCell;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use skeg_engine::PostRenderer;
use skeg_values::{Value, yaml};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;

use crate::context::Context;
use crate::env::EnvironmentVariable;
use crate::error::{CommandError, CommandErrorKind, system_words};
use crate::work::block_on;

const TYPE: &str = "postrenderer/v1";

/// Which program manifests are sent through.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct PostRendererArgs {
    /// Send the manifests through this program, which gets them on standard input and prints others
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) post_renderer: Vec<String>,

    /// Give this argument to the post-renderer
    #[arg(long, value_name = "ARGUMENT", allow_hyphen_values = true)]
    pub(crate) post_renderer_args: Vec<String>,
}

/// A program that manifests are sent through.
pub(crate) struct Program {
    /// As the command line has it.
    name: String,
    path: PathBuf,
    arguments: Vec<String>,
    /// The signal that ended it.
    interrupted: RefCell<Option<CommandError>>,
}

impl Program {
    /// The program that is asked for.
    pub(crate) fn find(args: &PostRendererArgs, context: &Context) -> Result<Option<Self>, CommandError> {
        let given = args.post_renderer.iter();
        let named: Vec<&String> = given.filter(|name| !name.is_empty()).collect();
        let name = match named.as_slice() {
            [] => return Ok(None),
            [name] => (*name).clone(),
            [.., last] => {
                return Err(invalid(
                    last,
                    "cannot specify --post-renderer flag more than once",
                ));
            }
        };
        let search = context.environment().get_os(EnvironmentVariable::PATH);
        let Some(path) = look_up(&name, search) else {
            return Err(not_found(&name, context));
        };
        Ok(Some(Self {
            name,
            path,
            arguments: args.post_renderer_args.clone(),
            interrupted: RefCell::default(),
        }))
    }

    /// Fails if a signal came while the program ran.
    pub(crate) fn check_signal(&self) -> Result<(), CommandError> {
        self.interrupted.take().map_or(Ok(()), Err)
    }

    async fn send(&self, manifests: &[u8]) -> Result<Vec<u8>, String> {
        let mut command = Command::new(&self.path);
        command.args(&self.arguments).kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let failed =
            |error: std::io::Error| format!("exec {}: {}", self.path.display(), system_words(&error));
        let mut child = command.spawn().map_err(failed)?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        let write = async {
            // A program that does not read to the end is told by its exit code whether that is a failure.
            if let Some(mut stdin) = stdin {
                drop(stdin.write_all(manifests).await);
            }
        };
        let mut output = Vec::new();
        let read = async {
            match stdout {
                Some(mut stdout) => stdout.read_to_end(&mut output).await.map(drop),
                None => Ok(()),
            }
        };
        let ((), outcome) = tokio::join!(write, read);
        outcome.map_err(failed)?;
        let status = child.wait().await.map_err(failed)?;
        if !status.success() {
            let name = skeg_go::quote::quote(&self.name);
            return Err(format!("plugin {name} exited with error"));
        }
        Ok(output)
    }
}

impl PostRenderer for Program {
    fn run(&self, manifests: Vec<u8>) -> Result<Vec<u8>, String> {
        let name = skeg_go::quote::quote(&self.name);
        let output = match block_on(async { Ok(self.send(&manifests).await) }) {
            Ok(output) => output,
            Err(error) => {
                let message = error.message();
                if matches!(error.kind(), CommandErrorKind::Interrupted { .. }) {
                    self.interrupted.replace(Some(error));
                }
                return Err(message);
            }
        };
        let output =
            output.map_err(|error| format!("failed to invoke post-renderer plugin {name}: {error}"))?;
        if output.trim_ascii().is_empty() {
            return Err(format!("post-renderer {name} produced empty output"));
        }
        Ok(output)
    }
}

/// A path, or the first program of this name in the directories of `PATH`.
fn look_up(name: &str, search: Option<OsString>) -> Option<PathBuf> {
    let path = Path::new(name);
    if path.components().count() > 1 || path.is_absolute() {
        return is_program(path).then(|| path.to_owned());
    }
    let search = search.unwrap_or_default();
    std::env::split_paths(&search)
        .map(|directory| directory.join(name))
        .find(|path| is_program(path))
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(windows)]
fn is_program(path: &Path) -> bool {
    path.is_file() || path.with_extension("exe").is_file()
}

fn not_found(name: &str, context: &Context) -> CommandError {
    if is_installed(name, context) {
        let error = CommandError::user(format!("{name} is a plugin, and plugins are not run"));
        return error.hint("give the path of the program that the plugin runs");
    }
    invalid(name, &format!("plugin: {{Name:{name} Type:{TYPE}}} not found"))
}

/// The words of Helm, whose flags look for plugins while they are read.
fn invalid(name: &str, reason: &str) -> CommandError {
    let quoted = skeg_go::quote::quote(name);
    CommandError::user(format!(
        "invalid argument {quoted} for \"--post-renderer\" flag: {reason}"
    ))
}

fn is_installed(name: &str, context: &Context) -> bool {
    let directories = match context.environment().get_os(EnvironmentVariable::PLUGINS) {
        Some(directories) => std::env::split_paths(&directories).collect(),
        None => vec![context.paths().data.join("plugins")],
    };
    directories.iter().flat_map(plugins).any(|plugin| {
        let is = |key: &str, text: &str| plugin.get(key).and_then(Value::as_str) == Some(text);
        is("name", name) && is("type", TYPE)
    })
}

/// The descriptions of the plugins in a directory.
fn plugins(directory: &PathBuf) -> Vec<Value> {
    let entries = fs_err::read_dir(directory).into_iter().flatten().flatten();
    let read = |path: PathBuf| yaml::decode(&fs_err::read(path).ok()?).ok();
    entries
        .filter_map(|entry| read(entry.path().join("plugin.yaml")))
        .collect()
}
