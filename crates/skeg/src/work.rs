//! Running the work of a command: asynchronous, blocking, and ended by a signal.

use std::future::Future;
use std::io;
use std::process;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use tokio::runtime::{self, Runtime};
#[cfg(unix)]
use tokio::signal::unix;
#[cfg(windows)]
use tokio::signal::windows;
use tokio::sync::oneshot;

use crate::error::CommandError;

/// How long blocking work may take to clean up after a signal.
const GRACE: Duration = Duration::from_secs(2);

/// Runs asynchronous work to its end, or until Ctrl-C or a request to terminate.
///
/// On a signal the work is dropped, which removes its temporary files; blocking work is waited for, but not for long.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, CommandError>>) -> Result<T, CommandError> {
    let runtime = runtime()?;
    let result = block_on_runtime(&runtime, work);
    runtime.shutdown_timeout(GRACE);
    result
}

/// A runtime for whoever does several things on the same connections.
pub(crate) fn runtime() -> io::Result<Runtime> {
    runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
}

/// As [`block_on`], on a runtime that lives on.
pub(crate) fn block_on_runtime<T>(
    runtime: &Runtime,
    work: impl Future<Output = Result<T, CommandError>>,
) -> Result<T, CommandError> {
    IS_AWAITED.store(true, Ordering::SeqCst);
    let result = runtime.block_on(async {
        // The signals are caught before the work begins, which leaves things to clean up from its first step on.
        let signals = Signals::catch()?;
        tokio::select! {
            result = work => result,
            signal = signals.wait() => Err(CommandError::interrupted(signal)),
        }
    });
    IS_AWAITED.store(false, Ordering::SeqCst);
    WERE_CAUGHT.store(true, Ordering::SeqCst);
    result
}

/// Runs work that must not be dropped half done: it gets something to wait for that ends on a signal, and then ends
/// by itself. A second signal ends the program.
pub(crate) fn run_to_end<T, F: Future<Output = T>>(
    runtime: &Runtime,
    work: impl FnOnce(Interruption) -> F,
) -> Result<T, CommandError> {
    IS_AWAITED.store(true, Ordering::SeqCst);
    let result = runtime.block_on(async {
        let signals = Signals::catch()?;
        let (sender, receiver) = oneshot::channel();
        let second = async move {
            sender.send(signals.wait().await).ok();
            match Signals::catch() {
                Ok(signals) => signals.wait().await,
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! {
            result = work(Interruption(receiver)) => Ok(result),
            signal = second => Err(CommandError::interrupted(signal)),
        }
    });
    IS_AWAITED.store(false, Ordering::SeqCst);
    WERE_CAUGHT.store(true, Ordering::SeqCst);
    result
}

/// The first signal that comes.
#[derive(Debug)]
pub(crate) struct Interruption(oneshot::Receiver<u8>);

impl Interruption {
    /// Waits for it.
    pub(crate) async fn wait(self) {
        // Whoever would send it has gone, and with it the command.
        if self.0.await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Whether a signal is waited for by somebody who cleans up.
static IS_AWAITED: AtomicBool = AtomicBool::new(false);
/// Whether signals were caught, after which the system no longer ends the program on one.
static WERE_CAUGHT: AtomicBool = AtomicBool::new(false);
static WATCH: Once = Once::new();

/// To be called before work that takes long, leaves nothing behind and waits for no signal, such as rendering: sees to it
/// that a signal ends the program.
pub(crate) fn let_signals_end() {
    if WERE_CAUGHT.load(Ordering::SeqCst) {
        WATCH.call_once(|| drop(thread::spawn(end_on_signal)));
    }
}

#[expect(clippy::exit, reason = "the thread at work does not listen")]
fn end_on_signal() {
    let Ok(runtime) = runtime::Builder::new_current_thread().enable_all().build() else {
        return;
    };
    runtime.block_on(async {
        while let Ok(signals) = Signals::catch() {
            let signal = signals.wait().await;
            if !IS_AWAITED.load(Ordering::SeqCst) {
                process::exit(128 + i32::from(signal));
            }
        }
    });
}

/// Runs blocking work on a thread of its own, so that a signal can end the wait for it.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, CommandError> + Send + 'static,
) -> Result<T, CommandError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(CommandError::internal)?
}

/// The signals that end a command in order.
#[cfg(unix)]
struct Signals {
    interrupt: unix::Signal,
    terminate: unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn catch() -> io::Result<Self> {
        Ok(Self {
            interrupt: unix::signal(unix::SignalKind::interrupt())?,
            terminate: unix::signal(unix::SignalKind::terminate())?,
        })
    }

    /// Waits for one and returns its number.
    async fn wait(mut self) -> u8 {
        tokio::select! {
            _ = self.interrupt.recv() => 2,
            _ = self.terminate.recv() => 15,
        }
    }
}

/// The signals that end a command in order.
#[cfg(windows)]
struct Signals(windows::CtrlC);

#[cfg(windows)]
impl Signals {
    fn catch() -> io::Result<Self> {
        Ok(Self(windows::ctrl_c()?))
    }

    /// Waits for one and returns the number that it has elsewhere.
    async fn wait(mut self) -> u8 {
        self.0.recv().await;
        2
    }
}
