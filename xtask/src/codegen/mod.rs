//! Generated documentation: written by `codegen`, compared by `codegen --check`.

mod cli_reference;
mod environment_reference;

use clap::Args;

use crate::failure::Failure;
use crate::failure::Result;
use crate::fuzz;
use crate::paths;
use crate::process;
use crate::process::Run;

/// How to generate.
#[derive(Debug, Args)]
pub(crate) struct CodegenArgs {
    /// Compare with what is there instead of writing
    #[arg(long)]
    check: bool,
    /// Write only how Kubernetes' types are merged, which takes Go
    #[arg(long, hide = true, conflicts_with = "check")]
    patch_schema: bool,
}

/// Writes or compares every generated file.
pub(crate) fn run(args: &CodegenArgs) -> Result<()> {
    match args {
        CodegenArgs { check: true, .. } => check(),
        CodegenArgs {
            patch_schema: true, ..
        } => write_patch_schema(),
        CodegenArgs { .. } => write(),
    }
}

/// Fails when a generated file is not what would be generated now.
pub(crate) fn check() -> Result<()> {
    let stale: Vec<&str> = generated()
        .into_iter()
        .filter(|(path, text)| fs_err::read_to_string(paths::root().join(path)).ok().as_ref() != Some(text))
        .map(|(path, _)| path)
        .collect();
    if stale.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "stale: {}; run `cargo xtask codegen`",
        stale.join(", ")
    )))
}

fn write() -> Result<()> {
    for (path, text) in generated() {
        let file = paths::root().join(path);
        if let Some(directory) = file.parent() {
            fs_err::create_dir_all(directory)?;
        }
        fs_err::write(file, text)?;
        println!("wrote {path}");
    }
    Ok(())
}

/// The types are Go's, so a program in Go writes this one.
fn write_patch_schema() -> Result<()> {
    const PATH: &str = "crates/skeg-kubernetes/src/patch/schema.txt";
    let text = process::program(fuzz::oracle()?).arg("patch-schema").capture()?;
    fs_err::write(paths::root().join(PATH), text)?;
    println!("wrote {PATH}");
    Ok(())
}

fn generated() -> [(&'static str, String); 2] {
    [
        ("docs/reference/cli.md", cli_reference::render(skeg::command())),
        (
            "docs/reference/environment.md",
            environment_reference::render(skeg::environment_variables()),
        ),
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn generated_files_are_current() {
        if let Err(stale) = super::check() {
            panic!("{stale}");
        }
    }
}
