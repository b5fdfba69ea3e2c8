//! What every command needs: settings, paths and output.

use std::path::PathBuf;
use std::sync::Arc;

use skeg_chart::Limits;
use skeg_oci_client::{Cache, CacheOptions, Notice, TransferReporter};
use skeg_store::{OpenStoreError, Store};

use crate::args::{GlobalArgs, parse_size};
use crate::env::{Environment, EnvironmentVariable};
use crate::error::{CommandError, chain};
use crate::kubeconfig;
use crate::paths::HelmPaths;
use crate::printer::Printer;
use crate::progress::ProgressReporter;
use crate::surroundings::clock;

/// What every command needs.
pub(crate) struct Context {
    globals: GlobalArgs,
    environment: Environment,
    paths: HelmPaths,
    printer: Arc<Printer>,
}

impl Context {
    pub(crate) fn new(globals: GlobalArgs, environment: Environment, printer: Printer) -> Self {
        Self {
            paths: HelmPaths::new(&environment),
            globals,
            environment,
            printer: Arc::new(printer),
        }
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
        let from_environment = || {
            self.environment
                .get_os(EnvironmentVariable::REGISTRY_CONFIG)
                .map(PathBuf::from)
        };
        let default = || self.paths.config.join("registry").join("config.json");
        self.globals
            .registry_config
            .clone()
            .or_else(from_environment)
            .unwrap_or_else(default)
    }

    /// The file of the names of classic repositories: `--repository-config`, the variable, or Helm's place for it.
    pub(crate) fn repository_config(&self) -> PathBuf {
        let variable = || self.environment.get_os(EnvironmentVariable::REPOSITORY_CONFIG);
        let named = self.globals.repository_config.clone();
        named
            .or_else(|| variable().map(PathBuf::from))
            .unwrap_or_else(|| self.paths.config.join("repositories.yaml"))
    }

    /// The directory of cached indexes: `--repository-cache`, the variable, or Helm's place for it.
    pub(crate) fn repository_cache(&self) -> PathBuf {
        let variable = || self.environment.get_os(EnvironmentVariable::REPOSITORY_CACHE);
        let named = self.globals.repository_cache.clone();
        named
            .or_else(|| variable().map(PathBuf::from))
            .unwrap_or_else(|| self.paths.cache.join("repository"))
    }

    /// The namespace of a release: `--namespace`, the variable, that of the current context of `kubectl`, or `default`.
    pub(crate) fn namespace(&self) -> String {
        let flag = self.globals.kubernetes.namespace.clone();
        flag.or_else(|| self.environment.get(EnvironmentVariable::NAMESPACE))
            .or_else(|| kubeconfig::namespace(self))
            .or_else(|| kubeconfig::namespace_of_pod(self))
            .unwrap_or_else(|| "default".to_owned())
    }

    /// Whether no request may be sent.
    pub(crate) fn is_offline(&self) -> bool {
        self.globals.cache.offline || self.environment.is_true(EnvironmentVariable::OFFLINE)
    }

    /// Whether content is looked for in the store, and put there.
    pub(crate) fn uses_cache(&self) -> bool {
        !self.globals.cache.no_cache && !self.environment.is_true(EnvironmentVariable::NO_CACHE)
    }

    /// The store of content from registries. The inner error is about the store itself, the outer one about settings.
    pub(crate) fn store(&self) -> Result<Result<Store, OpenStoreError>, CommandError> {
        let directory = self.environment.get_os(EnvironmentVariable::CACHE);
        let default = || self.paths.cache.join("skeg").join("store");
        let store = Store::open(directory.map_or_else(default, PathBuf::from));
        let Some(text) = self.environment.get(EnvironmentVariable::CACHE_MAX_SIZE) else {
            return Ok(store);
        };
        let limit = parse_size(&text)
            .map_err(|error| CommandError::user(format!("`SKEG_CACHE_MAX_SIZE` is `{text}`, and {error}")))?;
        Ok(store.map(|store| store.with_limit(limit as u64)))
    }

    /// What is put in front of repositories that are read, unless that is not wanted or not possible.
    ///
    /// # Errors
    /// Offline there is nothing else to read from.
    pub(crate) fn cache(
        &self,
        reporter: Arc<dyn TransferReporter>,
    ) -> Result<Option<Arc<Cache>>, CommandError> {
        let offline = self.is_offline();
        if !self.uses_cache() {
            if offline {
                return Err(CommandError::user("offline there is nothing but the cache")
                    .hint("give either `--offline` or `--no-cache`"));
            }
            return Ok(None);
        }
        let store = match self.store()? {
            Ok(store) => store,
            Err(error) if offline => return Err(CommandError::open_store(error)),
            Err(error) => {
                reporter.on_notice(&Notice::CacheTrouble {
                    directory: error.path().to_owned(),
                    problem: chain(&error),
                });
                return Ok(None);
            }
        };
        let options = CacheOptions {
            offline,
            ..CacheOptions::at(clock())
        };
        Ok(Some(Arc::new(Cache::new(store, options, reporter))))
    }

    /// How much a chart may hold: as much as Helm takes, or what the environment says.
    ///
    /// # Errors
    /// The variable holds no number.
    pub(crate) fn limits(&self) -> Result<Limits, CommandError> {
        let Some(text) = self.environment.get(EnvironmentVariable::MAX_CHART_SIZE) else {
            return Ok(Limits::default());
        };
        let total: u64 = text.parse().map_err(|_| {
            let error = CommandError::user(format!("`SKEG_MAX_CHART_SIZE` is `{text}`, which is no number"));
            error.hint("give a number of bytes, such as 209715200 for 200 MiB")
        })?;
        Ok(Limits {
            total,
            file: total,
            nested_total: total.saturating_mul(4),
            ..Limits::default()
        })
    }

    /// The same for commands that only look at charts, and so take the archives that Helm takes.
    ///
    /// # Errors
    /// The variable holds no number.
    pub(crate) fn limits_for_reading(&self) -> Result<Limits, CommandError> {
        Ok(Limits {
            strict: false,
            ..self.limits()?
        })
    }

    /// Tells whether to show progress bars: only to a person, and only if they want to see them.
    pub(crate) fn shows_progress(&self) -> bool {
        let is_off = self.globals.no_progress || self.environment.is_true(EnvironmentVariable::NO_PROGRESS);
        self.printer.is_interactive() && !is_off && !self.globals.debug
    }

    /// Watches transfers for the person at the terminal.
    pub(crate) fn reporter(&self) -> Arc<ProgressReporter> {
        Arc::new(ProgressReporter::new(
            Arc::clone(&self.printer),
            self.shows_progress(),
        ))
    }
}
