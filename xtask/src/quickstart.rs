//! The first minute with skeg, as the README tells it: no server, nothing installed, every
//! command printed before it runs.

use std::path::Path;

use crate::dist;
use crate::failure::Failure;
use crate::failure::Result;
use crate::paths;
use crate::process;
use crate::process::Run;

/// Builds the program and takes a chart from `create` to `pull` through a store in a directory.
pub(crate) fn run() -> Result<()> {
    let program = dist::build()?;
    let scratch = paths::scratch("quickstart")?;
    let store = format!("oci-layout://{}/charts", scratch.path().display());
    let chart = format!("{store}/demo:0.1.0");
    for arguments in [
        vec!["create", "demo"],
        vec!["package", "demo"],
        vec!["push", "demo-0.1.0.tgz", &store],
        vec!["show", "chart", &chart],
        vec!["pull", &chart, "--destination", "pulled"],
    ] {
        println!();
        fs_err::create_dir_all(scratch.path().join("pulled"))?;
        process::program(&program)
            .args(arguments)
            .current_dir(scratch.path())
            .run()?;
    }
    compare(scratch.path())
}

fn compare(directory: &Path) -> Result<()> {
    let pushed = fs_err::read(directory.join("demo-0.1.0.tgz"))?;
    let pulled = fs_err::read(directory.join("pulled/demo-0.1.0.tgz"))?;
    if pushed != pulled {
        return Err(Failure::new("what was pulled is not what was pushed"));
    }
    println!("\nThe chart came back byte for byte: {} bytes.", pulled.len());
    Ok(())
}
