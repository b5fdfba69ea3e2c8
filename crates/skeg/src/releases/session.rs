//! A cluster during one command.

use std::pin::Pin;
use std::sync::Arc;

use skeg_cluster::{Cluster, ClusterError, Freshness, WarningSink};
use skeg_release::{Failed, Operator, ReleaseStore};
use tokio::runtime::Runtime;

use super::observer::Narrator;
use super::{operation_error, settings, store, unreachable};
use crate::context::Context;
use crate::error::CommandError;
use crate::printer::Printer;
use crate::surroundings;

/// A cluster during one command, and the runtime that its connections live on.
pub(crate) struct Session {
    runtime: Runtime,
    cluster: Cluster,
    store: ReleaseStore,
    narrator: Narrator,
}

struct Warnings(Arc<Printer>);

impl WarningSink for Warnings {
    fn warn(&self, text: &str) {
        self.0.warning(text);
    }
}

impl Session {
    /// Reads the configuration; nothing is sent yet.
    pub(crate) fn open(context: &Context) -> Result<Self, CommandError> {
        let runtime = crate::work::runtime()?;
        let settings = settings::of_command(context);
        let warnings = Arc::new(Warnings(context.shared_printer()));
        let cluster = runtime.block_on(Cluster::connect(&settings, warnings));
        let cluster = cluster.map_err(|error| unreachable(&error))?;
        let store = store::open(&cluster, Some(&context.namespace()), context)?;
        Ok(Self {
            runtime,
            cluster,
            store,
            narrator: Narrator::new(context),
        })
    }

    pub(crate) fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    pub(crate) fn store(&self) -> &ReleaseStore {
        &self.store
    }

    /// The records of all namespaces.
    pub(crate) fn store_of_all(&self, context: &Context) -> Result<ReleaseStore, CommandError> {
        store::open(&self.cluster, None, context)
    }

    /// Who does things with releases.
    pub(crate) fn operator(&self) -> Operator<'_> {
        Operator {
            cluster: &self.cluster,
            store: &self.store,
            observer: &self.narrator,
            now: surroundings::now,
        }
    }

    /// Asks whether the server is there, and at the same time which kinds it has now: a version of a kind that is not served any
    /// more would look as if its objects were gone.
    pub(crate) async fn ask_server(&self) -> Result<(), CommandError> {
        let discovery = self.cluster.discovery(Freshness::Checked);
        // Whoever needs a kind that is not known asks again, and is told what is wrong.
        let (version, _discovery) = tokio::join!(self.cluster.version(), discovery);
        version.map(drop).map_err(|error| unreachable(&error))
    }

    /// Runs a question to its end.
    pub(crate) fn block_on<T>(
        &self,
        work: impl Future<Output = Result<T, ClusterError>>,
    ) -> Result<T, ClusterError> {
        self.runtime.block_on(work)
    }

    /// Runs work that changes nothing, until a signal ends it.
    pub(crate) fn run<T>(
        &self,
        work: impl Future<Output = Result<T, CommandError>>,
    ) -> Result<T, CommandError> {
        crate::work::block_on_runtime(&self.runtime, work)
    }

    /// Changes a release, which must not be dropped midway: `change` is given what comes with a signal, and ends by itself.
    pub(crate) fn change<'a, T, F: Future<Output = Result<T, Failed>>>(
        &self,
        release: &'a str,
        context: &'a Context,
        change: impl FnOnce(Pin<Box<dyn Future<Output = ()> + 'a>>) -> F,
    ) -> Result<T, CommandError> {
        let outcome = crate::work::run_to_end(&self.runtime, |interruption| {
            change(Box::pin(async move {
                interruption.wait().await;
                let line = format!("Release {release} has been cancelled.");
                drop(context.printer().line(line));
            }))
        })?;
        outcome.map_err(|failed| operation_error(&failed.error, ""))
    }
}
