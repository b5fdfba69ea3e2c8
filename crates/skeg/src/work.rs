//! Running the work of a command: asynchronous, blocking, and ended by a signal.

use std::future::Future;
use std::io;
use std::time::Duration;

use tokio::runtime;

use crate::error::CommandError;

/// How long blocking work may take to clean up after a signal.
const GRACE: Duration = Duration::from_secs(2);

/// Runs asynchronous work to its end, or until Ctrl-C or a request to terminate.
///
/// On a signal the work is dropped, which removes its temporary files; blocking work is waited for, but not for long.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, CommandError>>) -> Result<T, CommandError> {
    let runtime = runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let result = runtime.block_on(async {
        tokio::select! {
            result = work => result,
            signal = wait_for_signal() => Err(signal?),
        }
    });
    runtime.shutdown_timeout(GRACE);
    result
}

/// Runs blocking work on a thread of its own, so that a signal can end the wait for it.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, CommandError> + Send + 'static,
) -> Result<T, CommandError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(CommandError::internal)?
}

#[cfg(unix)]
async fn wait_for_signal() -> io::Result<CommandError> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupt = tokio::signal::ctrl_c() => interrupt.map(|()| CommandError::interrupted(2)),
        _ = terminate.recv() => Ok(CommandError::interrupted(15)),
    }
}

#[cfg(not(unix))]
async fn wait_for_signal() -> io::Result<CommandError> {
    tokio::signal::ctrl_c()
        .await
        .map(|()| CommandError::interrupted(2))
}
