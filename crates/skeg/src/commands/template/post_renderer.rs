//! Post-renderers: plugins that get all manifests and give others back.

use std::path::PathBuf;

use skeg_values::{Value, yaml};

use super::args::TemplateArgs;
use crate::context::Context;
use crate::env::EnvironmentVariable;
use crate::error::CommandError;

const TYPE: &str = "postrenderer/v1";

/// Looks for the plugin that is asked for. What it would do is not done yet.
pub(super) fn check(args: &TemplateArgs, context: &Context) -> Result<(), CommandError> {
    let [name] = args.post_renderer.as_slice() else {
        return match args.post_renderer.last() {
            None => Ok(()),
            Some(last) => Err(invalid(
                last,
                "cannot specify --post-renderer flag more than once",
            )),
        };
    };
    if !is_installed(name, context) {
        return Err(invalid(
            name,
            &format!("plugin: {{Name:{name} Type:{TYPE}}} not found"),
        ));
    }
    let error = CommandError::user(format!(
        "the plugin {name} is not run: post-renderers are not supported yet"
    ));
    Err(error.hint("render without `--post-renderer`, and give the output to the program of the plugin"))
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
