//! The guard: runs a program and ends it when the task that asked for it is gone.
//!
//! The task holds the other end of the guard's standard input. The operating system closes it
//! when the task ends, even when it is killed.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use crate::failure::Context;
use crate::failure::Failure;
use crate::failure::Result;
use crate::process;

/// Runs a command until it ends or standard input is closed; then also removes a directory, if one is named.
pub(crate) fn run(command: &[String], remove: Option<&Path>) -> Result<()> {
    let (name, arguments) = command.split_first().context("no command to guard")?;
    let directory = std::path::absolute(".")?;
    let child = process::program(name)
        .args(arguments)
        .current_dir(directory)
        .stdin(std::process::Stdio::null())
        .spawn()
        .context(name)?;
    let child = Arc::new(Mutex::new(child));
    let is_over = Arc::new(AtomicBool::new(false));
    let (watched, over) = (Arc::clone(&child), Arc::clone(&is_over));
    thread::spawn(move || {
        let _until_closed = std::io::stdin().read_to_end(&mut Vec::new());
        over.store(true, Ordering::SeqCst);
        let _already_gone = watched
            .lock()
            .expect("because nothing panics while holding it")
            .kill();
    });
    loop {
        let ended = child
            .lock()
            .expect("because nothing panics while holding it")
            .try_wait()?;
        if let (Some(_), Some(directory), true) = (ended, remove, is_over.load(Ordering::SeqCst)) {
            let _by_the_task = fs_err::remove_dir_all(directory);
        }
        match ended {
            Some(status) if status.success() => return Ok(()),
            Some(status) => return Err(Failure::new(format!("`{name}`: {status}"))),
            None => thread::sleep(Duration::from_millis(10)),
        }
    }
}
