//! What every command needs: settings, paths, output, and the way to run asynchronous work.

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::runtime;

use crate::args::GlobalArgs;
use crate::env::{Environment, EnvironmentVariable};
use crate::error::CommandError;
use crate::paths::HelmPaths;
use crate::printer::Printer;
use crate::progress::ProgressReporter;

/// What every command needs.
pub(crate) struct Context {
    globals: GlobalArgs,
    environment: Environment,
    paths: HelmPaths,
    printer: Arc<Printer>,
}

impl Context {
    pub(crate) fn new(globals: GlobalArgs, environment: Environment, printer: Printer) -> Self {
        Self { paths: HelmPaths::new(&environment), globals, environment, printer: Arc::new(printer) }
    }

    pub(crate) fn globals(&self) -> &GlobalArgs {
        &self.globals
    }

    pub(crate) fn environment(&self) -> &Environment {
        &self.environment
    }

    pub(crate) fn paths(&self) -> &HelmPaths {
        &self.paths
    }

    /// The printer for whatever outlives a call.
    pub(crate) fn shared_printer(&self) -> Arc<Printer> {
        Arc::clone(&self.printer)
    }

    pub(crate) fn printer(&self) -> &Printer {
        &self.printer
    }

    /// The file of registry logins: `--registry-config`, the variable, or Helm's place for it.
    pub(crate) fn registry_config(&self) -> PathBuf {
        let from_environment = || self.environment.get_os(EnvironmentVariable::REGISTRY_CONFIG).map(PathBuf::from);
        let default = || self.paths.config.join("registry").join("config.json");
        self.globals.registry_config.clone().or_else(from_environment).unwrap_or_else(default)
    }

    /// Tells whether to show progress bars: only to a person, and only if they want to see them.
    pub(crate) fn shows_progress(&self) -> bool {
        let is_off = self.globals.no_progress || self.environment.is_true(EnvironmentVariable::NO_PROGRESS);
        self.printer.is_interactive() && !is_off && !self.globals.debug
    }

    /// Watches transfers for the person at the terminal.
    pub(crate) fn reporter(&self) -> Arc<ProgressReporter> {
        Arc::new(ProgressReporter::new(Arc::clone(&self.printer), self.shows_progress()))
    }

    /// Runs asynchronous work to its end, or until Ctrl-C. On Ctrl-C the work is dropped, which cleans up after it.
    pub(crate) fn block_on<T>(
        &self,
        work: impl Future<Output = Result<T, CommandError>>,
    ) -> Result<T, CommandError> {
        let runtime = runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        runtime.block_on(async {
            tokio::select! {
                result = work => result,
                _ = tokio::signal::ctrl_c() => Err(CommandError::interrupted()),
            }
        })
    }

    /// Runs blocking work on a thread of its own, so that Ctrl-C can end the wait for it.
    pub(crate) async fn blocking<T: Send + 'static>(
        work: impl FnOnce() -> Result<T, CommandError> + Send + 'static,
    ) -> Result<T, CommandError> {
        tokio::task::spawn_blocking(work).await.map_err(CommandError::internal)?
    }
}
